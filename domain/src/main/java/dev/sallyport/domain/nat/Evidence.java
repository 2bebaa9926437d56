package dev.sallyport.domain.nat;

import java.time.Instant;

/**
 * What a NAT is judged by. Not trusted: whoever is outside can lie.
 *
 * <p>Two kinds: what others saw of packets that we sent, and what became of packets that others
 * sent to us.
 */
public sealed interface Evidence permits Observation, FilterProbe {
  /** The port of ours it is about. */
  int localPort();

  /** Over which transport. */
  Transport transport();

  /** When it was known to us. {@link Instant#EPOCH} if nobody looked at the clock. */
  Instant seenAt();
}
