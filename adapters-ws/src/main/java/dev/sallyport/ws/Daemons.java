package dev.sallyport.ws;

import java.util.concurrent.ScheduledThreadPoolExecutor;

/**
 * The threads of this package: daemons all, so that none keeps a process from its exit.
 *
 * <p>Platform threads, not virtual ones. A link's reader calls a listener that may block for long,
 * perhaps in a {@code synchronized} block, and Java-WebSocket synchronizes too; before JDK 24 that
 * pins a virtual thread to its carrier, of which there are only as many as processors. Links are
 * few, and two small stacks each are cheap.
 */
final class Daemons {
  private Daemons() {}

  /** A thread, not yet started. */
  static Thread thread(String name, Runnable task) {
    Thread thread = new Thread(task, "sallyport-" + name);
    thread.setDaemon(true);
    return thread;
  }

  /** One thread for what must happen at a time; its tasks must not block. */
  static ScheduledThreadPoolExecutor timer(String name) {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, task -> thread(name, task));
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }
}
