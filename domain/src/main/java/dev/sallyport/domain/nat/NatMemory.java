package dev.sallyport.domain.nat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Port: what this host has learnt of the NATs of a network, between runs and for all of them.
 *
 * <p>It is a convenience: it may forget, and it never fails. May block for milliseconds. Safe from
 * any thread.
 */
public interface NatMemory {
  /** Remembers nothing. */
  NatMemory NONE =
      new NatMemory() {
        @Override
        public @Nullable Remembered recall(NetworkId network, Instant now) {
          return null;
        }

        @Override
        public void remember(Remembered learnt) {}
      };

  /** What is known of the network and {@linkplain Remembered#isFreshAt fresh}; null if nothing. */
  @Nullable Remembered recall(NetworkId network, Instant now);

  /** Keeps it, with {@linkplain Remembered#keeping what is still good} of what was known before. */
  void remember(Remembered learnt);
}
