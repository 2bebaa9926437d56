package dev.sallyport.net;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends blocking I/O that takes too long by closing what it blocks on: that works on every channel,
 * from any thread, and cannot be forgotten half-way. One timer thread serves all; it goes away when
 * nothing is due.
 */
final class Deadlines {
  private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private Deadlines() {}

  /** Closes {@code channel} after {@code timeout}, unless the guard is closed first. */
  static Guard closeAfter(Duration timeout, Closeable channel) {
    return new Guard(timeout, channel);
  }

  /** Runs something short that does not block. */
  static void runAfter(Duration delay, Runnable task) {
    Runnable logged =
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.error("a timed task failed", e);
          }
        };
    ScheduledFuture<?> unused = TIMER.schedule(logged, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("sallyport-deadlines").factory());
    timer.setRemoveOnCancelPolicy(true);
    timer.setKeepAliveTime(10, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }

  /** A deadline that stands. */
  static final class Guard implements AutoCloseable {
    private final ScheduledFuture<?> task;
    private volatile boolean expired;

    private Guard(Duration timeout, Closeable channel) {
      task =
          TIMER.schedule(
              () -> {
                expired = true;
                Quietly.close(channel);
              },
              timeout.toNanos(),
              TimeUnit.NANOSECONDS);
    }

    /** Whether the time was up and the channel was closed. */
    boolean expired() {
      return expired;
    }

    /** Lifts the deadline; false if it was too late for that and the channel is closed. */
    boolean disarm() {
      return task.cancel(false);
    }

    @Override
    public void close() {
      disarm();
    }
  }
}
