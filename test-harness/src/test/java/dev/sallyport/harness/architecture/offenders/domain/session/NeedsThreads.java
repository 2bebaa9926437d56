package dev.sallyport.harness.architecture.offenders.domain.session;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

public final class NeedsThreads {
  private NeedsThreads() {}

  public static void thread(Runnable task) {
    new Thread(task).start();
  }

  public static void virtualThread(Runnable task) {
    Thread.startVirtualThread(task);
  }

  public static AutoCloseable executor() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }

  public static CompletableFuture<String> supplied() {
    return CompletableFuture.supplyAsync(() -> "");
  }

  public static CompletionStage<String> later(CompletionStage<String> stage) {
    return stage.thenApplyAsync(text -> text);
  }

  public static String joined(CompletableFuture<String> future) {
    return future.join();
  }

  public static CompletableFuture<String> timed(CompletableFuture<String> future) {
    return future.orTimeout(1, TimeUnit.SECONDS);
  }

  public static Stream<String> parallel(List<String> list) {
    return list.parallelStream();
  }
}
