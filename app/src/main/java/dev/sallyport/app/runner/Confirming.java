package dev.sallyport.app.runner;

import dev.sallyport.domain.nat.Reflector;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Whether our endpoint is still what observers have seen: asks all who keep an eye on it. What they
 * see now goes where their observations always go.
 *
 * <p>Thread-safe.
 */
final class Confirming {
  private static final long PATIENCE_MILLIS = 1500;

  private final List<Reflector> observers;

  Confirming(List<Reflector> observers) {
    this.observers = List.copyOf(observers);
  }

  /**
   * Asks.
   *
   * @param told called once, within 1.5 s, from any thread: after what has changed was told
   */
  void ask(int port, Runnable told) {
    CompletableFuture<?>[] answers =
        observers.stream()
            .map(observer -> observer.confirm(port).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    var unused =
        CompletableFuture.allOf(answers)
            .completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
            .whenComplete((nothing, failure) -> told.run());
  }
}
