package dev.sallyport.net;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

  private enum State {
    ARMED,
    DISARMED,
    EXPIRED
  }

  /**
   * A deadline that stands. Whether it was kept is decided at one instant: the timer or whoever
   * disarms it comes first, and the other sees that.
   */
  static final class Guard implements AutoCloseable {
    private final AtomicReference<State> state = new AtomicReference<>(State.ARMED);
    private final ScheduledFuture<?> task;

    private Guard(Duration timeout, Closeable channel) {
      task =
          TIMER.schedule(
              () -> {
                if (state.compareAndSet(State.ARMED, State.EXPIRED)) {
                  Quietly.close(channel);
                }
              },
              timeout.toNanos(),
              TimeUnit.NANOSECONDS);
    }

    /** Whether the time was up and the channel was closed. */
    boolean expired() {
      return state.get() == State.EXPIRED;
    }

    /** Lifts the deadline; false if it was too late for that and the channel is closed. */
    boolean disarm() {
      task.cancel(false);
      return state.compareAndSet(State.ARMED, State.DISARMED) || !expired();
    }

    @Override
    public void close() {
      disarm();
    }
  }
}
