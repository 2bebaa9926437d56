package dev.sallyport.app.wiring;

import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.QuietProbe;
import dev.sallyport.domain.nat.SourceReport;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An inquiry behind a circuit breaker: an observer that did not answer twice is left alone for half
 * a minute, and is reported so.
 */
final class GuardedInquiry implements NatInquiry {
  private static final int FAILURES = 2;

  private final NatInquiry inquiry;
  private final CircuitBreaker breaker;

  GuardedInquiry(NatInquiry inquiry) {
    this.inquiry = inquiry;
    this.breaker = Breakers.afterFailures("inquiry " + inquiry.name(), FAILURES);
  }

  @Override
  public String name() {
    return inquiry.name();
  }

  @Override
  public CompletionStage<SourceReport> ask(Question question, Consumer<Evidence> sink) {
    if (!breaker.tryAcquirePermission()) {
      return CompletableFuture.completedStage(
          SourceReport.notAsked(
              name(), Observation.Source.STUN, "left alone, for it did not answer before"));
    }
    long start = System.nanoTime();
    return inquiry
        .ask(question, sink)
        .whenComplete(
            (report, failure) -> {
              long nanos = System.nanoTime() - start;
              if (failure == null && report.hasAnswered()) {
                breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
              } else {
                breaker.onError(
                    nanos, TimeUnit.NANOSECONDS, new IllegalStateException("no answer"));
              }
            });
  }

  /** Not guarded: who is asked for this has just answered. */
  @Override
  public CompletionStage<Void> testLifetime(List<Duration> quietTimes, Consumer<QuietProbe> sink) {
    return inquiry.testLifetime(quietTimes, sink);
  }

  @Override
  public void close() {
    inquiry.close();
  }
}
