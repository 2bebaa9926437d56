package dev.sallyport.harness.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A network namespace, by the file that stands for it. Java code can run inside: a socket belongs
 * for ever to the namespace of the thread that made it, whoever uses it later.
 */
public record Netns(Path file) {

  /**
   * Runs a task on a new thread inside this namespace, and waits for it. Any number at a time.
   *
   * @throws IOException if the namespace cannot be entered or the task throws it; other exceptions
   *     of the task come wrapped in one
   */
  public <T> T call(Callable<T> task) throws IOException, InterruptedException {
    FutureTask<T> future =
        new FutureTask<>(
            () -> {
              enter();
              return task.call();
            });
    // The thread ends with the task: no other work may ever run on a thread that lives elsewhere.
    Thread thread = new Thread(future, "inside " + file.getFileName());
    thread.setDaemon(true);
    thread.start();
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("inside " + file.getFileName() + ": " + e.getCause(), e.getCause());
    }
  }

  private void enter() throws IOException {
    int fd = Libc.check("open " + file, Libc.open(file.toString(), Libc.O_RDONLY | Libc.O_CLOEXEC));
    try {
      Libc.check("setns", Libc.setns(fd, Libc.CLONE_NEWNET));
    } finally {
      Libc.close(fd);
    }
  }
}
