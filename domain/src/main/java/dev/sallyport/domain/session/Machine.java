package dev.sallyport.domain.session;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A state machine without I/O: events and the time go in, effects come out. What runs it, on real
 * ports or simulated ones, calls one method at a time.
 *
 * @param <E> events
 * @param <F> effects
 */
public interface Machine<E, F> {
  /** The first effects. Called once, before anything else. */
  List<F> start(Instant now);

  /** Takes one event. */
  List<F> on(E event, Instant now);

  /** Does what is due. Called at each {@link #deadline}; at other times it does nothing. */
  List<F> tick(Instant now);

  /** When to call {@link #tick} if nothing happens before; null if there is nothing to wait for. */
  @Nullable Instant deadline();
}
