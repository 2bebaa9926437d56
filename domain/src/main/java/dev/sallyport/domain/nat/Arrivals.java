package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Port: who has connected to a port on which we listen. That somebody got in we know ourselves;
 * nobody else is asked about it.
 *
 * <p>Threading: from any thread; never blocks.
 */
public interface Arrivals {

  /**
   * Whether somebody of that kind comes in, or has come in already.
   *
   * @param who is shown the remote end of each connection; any thread, must not block
   * @param patience how long to wait
   * @return true as soon as somebody is there; false when time is up; never exceptional
   */
  CompletionStage<Boolean> arrives(int localPort, Predicate<Endpoint> who, Duration patience);

  /** Nobody listens: nobody comes. */
  static Arrivals none() {
    return (localPort, who, patience) -> CompletableFuture.completedStage(false);
  }
}
