package dev.sallyport.app.runner;

import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the ports of our NAT stand just now: asks one observer after the other, for each question
 * moves them on.
 */
final class Sampling {
  private static final long PATIENCE_MILLIS = 1500;

  private Sampling() {}

  /**
   * Asks.
   *
   * @param told called once, within 1.5 s, from any thread; with null if nobody could say
   */
  static void ask(List<Reflector> observers, Consumer<@Nullable Observation> told) {
    var unused =
        from(observers, 0)
            .toCompletableFuture()
            .completeOnTimeout(Optional.empty(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
            .exceptionally(failure -> Optional.empty())
            .thenAccept(seen -> told.accept(seen.orElse(null)));
  }

  private static CompletionStage<Optional<Observation>> from(List<Reflector> observers, int next) {
    return next == observers.size()
        ? CompletableFuture.completedStage(Optional.empty())
        : observers
            .get(next)
            .sample()
            .thenCompose(
                seen ->
                    seen.isPresent()
                        ? CompletableFuture.completedStage(seen)
                        : from(observers, next + 1));
  }
}
