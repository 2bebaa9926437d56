package dev.sallyport.harness.tcp;

import dev.sallyport.harness.model.Scheduler;

/**
 * A timer that is set anew much more often than it goes off: putting it off costs nothing, since
 * the action that is scheduled already looks at the clock and goes to sleep again.
 */
final class Timer implements Runnable {
  private static final long NEVER = Long.MAX_VALUE;

  private final Scheduler scheduler;
  private final Runnable action;
  private long deadline = NEVER;

  /** When the first wake-up comes that we still care about; later ones find this changed. */
  private long wakeUp = NEVER;

  Timer(Scheduler scheduler, Runnable action) {
    this.scheduler = scheduler;
    this.action = action;
  }

  /** Goes off once, after this delay; any earlier setting is forgotten. */
  void set(long delayNanos) {
    deadline = scheduler.now() + delayNanos;
    if (deadline < wakeUp) {
      sleepUntilDeadline();
    }
  }

  void cancel() {
    deadline = NEVER;
  }

  @Override
  public void run() {
    long now = scheduler.now();
    if (now < wakeUp) {
      return;
    }
    wakeUp = NEVER;
    if (now >= deadline) {
      deadline = NEVER;
      action.run();
    } else if (deadline != NEVER) {
      sleepUntilDeadline();
    }
  }

  private void sleepUntilDeadline() {
    wakeUp = deadline;
    scheduler.at(deadline, this);
  }
}
