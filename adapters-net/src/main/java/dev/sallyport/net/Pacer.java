package dev.sallyport.net;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Lets first packets leave one by one, so that the order of the times at which we asked is the
 * order in which a NAT made its mappings. Thread-safe.
 */
final class Pacer {
  private final long stepNanos;
  private long nextNanos = System.nanoTime();

  Pacer(Duration step) {
    stepNanos = step.toNanos();
  }

  /** Runs something on a thread of its own when its turn has come; ends when that has ended. */
  CompletableFuture<Void> run(String name, Runnable task) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Runnable turn =
        () ->
            Daemons.start(
                name,
                () -> {
                  try {
                    task.run();
                  } finally {
                    end.complete(null);
                  }
                });
    long wait = turnIn();
    if (wait <= 0) {
      turn.run();
    } else {
      Deadlines.runAfter(Duration.ofNanos(wait), turn);
    }
    return end;
  }

  private synchronized long turnIn() {
    long now = System.nanoTime();
    long turn = Math.max(now, nextNanos);
    nextNanos = turn + stepNanos;
    return turn - now;
  }
}
