package dev.sallyport.app.runner;

import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the ports of our NAT stand just now: asks one observer after the other, for each question
 * moves them on. Each time another one is the first, so that none has to be believed alone.
 *
 * <p>Threading: {@link #ask} from one thread at a time.
 */
final class Sampling {
  private static final long PATIENCE_MILLIS = 1500;

  private final List<Reflector> observers;
  private int first;

  Sampling(List<Reflector> observers) {
    this.observers = List.copyOf(observers);
  }

  /**
   * Asks.
   *
   * @param told called once, within 1.5 s, from any thread; with null if nobody could say
   */
  void ask(Consumer<@Nullable Observation> told) {
    List<Reflector> inTurn = new ArrayList<>(observers);
    Collections.rotate(inTurn, -first++);
    var unused =
        from(inTurn, 0)
            .toCompletableFuture()
            .completeOnTimeout(Optional.empty(), PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
            .exceptionally(failure -> Optional.empty())
            .thenAccept(seen -> told.accept(seen.orElse(null)));
  }

  private static CompletionStage<Optional<Observation>> from(List<Reflector> inTurn, int next) {
    return next == inTurn.size()
        ? CompletableFuture.completedStage(Optional.empty())
        : inTurn
            .get(next)
            .sample()
            .thenCompose(
                seen ->
                    seen.isPresent()
                        ? CompletableFuture.completedStage(seen)
                        : from(inTurn, next + 1));
  }
}
