package dev.sallyport.dht;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Daemon threads that run small tasks in order of their time; with one thread, in sequence. A task
 * that fails is logged and harms no other. After {@link #close} tasks are dropped without a word:
 * whoever waits for one has been told by then.
 *
 * <p>Threading: safe from any thread.
 */
final class Loop extends ScheduledThreadPoolExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  /** A task that has not run yet. */
  interface Timer {
    void cancel();
  }

  private final int maxQueue;

  /**
   * @param maxQueue with so many tasks waiting, more are dropped
   */
  Loop(String name, int threads, int maxQueue) {
    super(threads, factory(name), (task, executor) -> {});
    this.maxQueue = maxQueue;
    // A call's timers live 10 s; most are cancelled after milliseconds.
    setRemoveOnCancelPolicy(true);
    setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void execute(Runnable task) {
    if (getQueue().size() < maxQueue) {
      super.execute(guarded(task));
    }
  }

  /** Runs a task later, unless it is cancelled. */
  Timer later(long millis, Runnable task) {
    ScheduledFuture<?> future = schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
    return () -> future.cancel(false);
  }

  /** Drops what has not run yet and ends the threads. */
  @Override
  public void close() {
    shutdownNow();
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | LinkageError e) {
        // What fails because all is being closed is nobody's concern.
        if (!isShutdown()) {
          LOG.warn("a DHT task failed", e);
        }
      }
    };
  }

  private static ThreadFactory factory(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
