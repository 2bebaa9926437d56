package dev.sallyport.app.wiring;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;

/** Circuit breakers for helpers that answer or do not. */
final class Breakers {
  private static final Duration LEFT_ALONE = Duration.ofSeconds(30);

  private Breakers() {}

  /** One that opens for half a minute after so many failures in a row. */
  static CircuitBreaker afterFailures(String name, int failures) {
    return CircuitBreaker.of(
        name,
        CircuitBreakerConfig.custom()
            .slidingWindowSize(failures)
            .minimumNumberOfCalls(failures)
            .failureRateThreshold(100)
            .waitDurationInOpenState(LEFT_ALONE)
            .permittedNumberOfCallsInHalfOpenState(1)
            .build());
  }
}
