package dev.sallyport.harness.campaign;

import dev.sallyport.harness.fabric.FabricException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks, some at a time, in their order. The first that fails ends all.
 *
 * @param atATime how many, at least 1
 */
record SideBySide(int atATime) {
  SideBySide {
    if (atATime < 1) {
      throw new IllegalArgumentException(atATime + " at a time is not at least 1");
    }
  }

  /**
   * @return their results, in the order of the tasks
   */
  <T> List<T> all(List<Callable<T>> tasks)
      throws FabricException, IOException, InterruptedException {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            atATime, Thread.ofPlatform().daemon().name("cell-", 1).factory());
    try {
      CompletionService<T> done = new ExecutorCompletionService<>(pool);
      List<Future<T>> futures = tasks.stream().map(done::submit).toList();
      for (int i = 0; i < tasks.size(); i++) {
        var unused = done.take().get();
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.resultNow());
      }
      return results;
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    } finally {
      pool.shutdownNow();
    }
  }

  private static IOException unwrapped(@Nullable Throwable cause)
      throws FabricException, IOException, InterruptedException {
    switch (cause) {
      case FabricException e -> throw e;
      case IOException e -> throw e;
      case InterruptedException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> throw new IllegalStateException(cause);
    }
  }
}
