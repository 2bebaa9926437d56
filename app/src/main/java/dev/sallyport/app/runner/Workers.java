package dev.sallyport.app.runner;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The threads of one run, all daemons: workers for what blocks, a bulkhead around handshakes so
 * that strangers cannot take them all, and a scheduler for retries.
 */
final class Workers implements AutoCloseable {
  /** Some more than a service's machine starts: a task ends a moment after its last event. */
  private static final int MAX_HANDSHAKES = 40;

  private final ExecutorService pool;
  private final ScheduledExecutorService scheduler;
  private final Bulkhead handshakes =
      Bulkhead.of(
          "handshakes",
          BulkheadConfig.custom()
              .maxConcurrentCalls(MAX_HANDSHAKES)
              .maxWaitDuration(Duration.ZERO)
              .build());

  Workers(String name) {
    pool = Executors.newCachedThreadPool(daemons(name + "-worker-"));
    scheduler = Executors.newSingleThreadScheduledExecutor(daemons(name + "-timer-"));
  }

  Executor pool() {
    return pool;
  }

  /** Runs handshakes; rejects those beyond the bulkhead. */
  Executor handshakes() {
    return task -> {
      if (!handshakes.tryAcquirePermission()) {
        throw new RejectedExecutionException("too many handshakes");
      }
      try {
        pool.execute(
            () -> {
              try {
                task.run();
              } finally {
                handshakes.onComplete();
              }
            });
      } catch (RejectedExecutionException e) {
        handshakes.releasePermission();
        throw e;
      }
    };
  }

  /** Tries again, after random and growing pauses, while the rendezvous only says "not now". */
  <T> CompletionStage<T> retrying(String what, int attempts, Supplier<CompletionStage<T>> action) {
    RetryConfig config =
        RetryConfig.custom()
            .maxAttempts(attempts)
            .intervalFunction(
                IntervalFunction.ofExponentialRandomBackoff(Duration.ofMillis(200), 1.6, 0.5))
            .retryOnException(Workers::isWorthRetrying)
            .build();
    return Retry.of(what, config).executeCompletionStage(scheduler, action);
  }

  void every(Duration period, Runnable task) {
    var unused =
        scheduler.scheduleWithFixedDelay(
            task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
    pool.shutdownNow();
  }

  private static boolean isWorthRetrying(Throwable failure) {
    return switch (Failures.of(failure).reason()) {
      case FULL, REJECTED, UNREACHABLE -> true;
      case CLOSED -> false;
    };
  }

  static ThreadFactory daemons(String prefix) {
    AtomicLong count = new AtomicLong();
    return task -> {
      Thread thread = new Thread(task, prefix + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
