package dev.sallyport.net;

/**
 * The threads of this package: daemons all, so that none keeps a process from its exit.
 *
 * <p>Platform threads, not virtual ones. A virtual thread that waits for a socket starts poller
 * threads, which wait in the kernel for ever after, and a JVM that exits gives threads in native
 * code 300 ms to come out.
 */
final class Daemons {
  private Daemons() {}

  /** Starts a task on a thread of its own. */
  static Thread start(String name, Runnable task) {
    return Thread.ofPlatform().daemon().name("sallyport-" + name).start(task);
  }
}
