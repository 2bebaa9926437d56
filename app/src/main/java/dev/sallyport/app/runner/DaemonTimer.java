package dev.sallyport.app.runner;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A timer on one daemon thread, which starts with the first task. */
final class DaemonTimer implements ManyRendezvous.Timer {
  private final ScheduledExecutorService executor;

  DaemonTimer(String name) {
    executor = Executors.newSingleThreadScheduledExecutor(Workers.daemons(name + "-"));
  }

  @Override
  public void after(Duration delay, Runnable task) {
    try {
      var unused = executor.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // Closed meanwhile: nobody waits for the task any more.
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
