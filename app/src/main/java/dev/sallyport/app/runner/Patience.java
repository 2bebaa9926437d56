package dev.sallyport.app.runner;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting that ends. */
final class Patience {
  private Patience() {}

  /** Waits until it has ended, however it did, or time is up. */
  static void await(CompletableFuture<?> what, Duration patience) throws InterruptedException {
    try {
      Object unused = what.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Either way it is not waited for any more.
    }
  }
}
