package dev.sallyport.app.wiring;

import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A reflector behind a circuit breaker: a helper that does not answer is left alone for half a
 * minute and costs nothing meanwhile.
 */
final class GuardedReflector implements Reflector {
  /** A caller asks for three ports at once: twice in vain. */
  private static final int FAILURES = 6;

  private final Reflector reflector;
  private final CircuitBreaker breaker;

  GuardedReflector(String name, Reflector reflector) {
    this.reflector = reflector;
    this.breaker = Breakers.afterFailures(name, FAILURES);
  }

  @Override
  public CompletionStage<Survey> observe(int localPort, Consumer<Observation> sink) {
    if (!breaker.tryAcquirePermission()) {
      return CompletableFuture.completedStage(new Survey(0, 1));
    }
    long start = System.nanoTime();
    return reflector
        .observe(localPort, sink)
        .whenComplete(
            (survey, failure) -> {
              long nanos = System.nanoTime() - start;
              if (failure == null && survey.answered() > 0) {
                breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
              } else {
                breaker.onError(
                    nanos, TimeUnit.NANOSECONDS, new IllegalStateException("no answer"));
              }
            });
  }

  @Override
  public CompletionStage<Optional<Observation>> sample() {
    return breaker.tryAcquirePermission()
        ? reflector
            .sample()
            .whenComplete(
                (seen, failure) -> {
                  if (failure == null && seen.isPresent()) {
                    breaker.onSuccess(0, TimeUnit.NANOSECONDS);
                  } else {
                    breaker.releasePermission(); // it may be the network's fault, and once
                  }
                })
        : CompletableFuture.completedStage(Optional.empty());
  }

  /** Mostly a question on a connection that is there already: nothing to be guarded. */
  @Override
  public CompletionStage<Void> confirm(int localPort) {
    return reflector.confirm(localPort);
  }

  @Override
  public void close() {
    reflector.close();
  }
}
