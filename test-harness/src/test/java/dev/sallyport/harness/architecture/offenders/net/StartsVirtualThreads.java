package dev.sallyport.harness.architecture.offenders.net;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Breaks a rule with each of its methods. */
public final class StartsVirtualThreads {
  private StartsVirtualThreads() {}

  static Thread one(Runnable task) {
    return Thread.startVirtualThread(task);
  }

  static Thread another(Runnable task) {
    return Thread.ofVirtual().unstarted(task);
  }

  static ExecutorService many() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }
}
