package dev.sallyport.harness.linux;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process inside a {@link Sandbox}. What Java started is {@code nsenter}, which waits outside and
 * passes the exit code on; signals must go to its child.
 */
public final class Guest {
  private final Process nsenter;

  Guest(Process nsenter) {
    this.nsenter = nsenter;
  }

  /** What it reads from its standard input, unless that was redirected. */
  public OutputStream stdin() {
    return nsenter.getOutputStream();
  }

  /** What it writes to its standard output, unless that was redirected. */
  public InputStream stdout() {
    return nsenter.getInputStream();
  }

  /** What it writes to its standard error, unless that was redirected. */
  public InputStream stderr() {
    return nsenter.getErrorStream();
  }

  public boolean isAlive() {
    return nsenter.isAlive();
  }

  /** Its exit code, once it has ended; 128 and the signal's number if a signal ended it. */
  public CompletableFuture<Integer> exit() {
    return nsenter.onExit().thenApply(Process::exitValue);
  }

  /** Asks it to end (SIGTERM), and kills it if it has not after {@code patience}. */
  public void stop(Duration patience) throws InterruptedException {
    child().ifPresent(ProcessHandle::destroy);
    if (!nsenter.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      kill();
      nsenter.waitFor();
    }
  }

  /** Kills it and all it has started (SIGKILL). Does not wait. */
  public void kill() {
    nsenter.descendants().forEach(ProcessHandle::destroyForcibly);
    nsenter.destroyForcibly();
  }

  private Optional<ProcessHandle> child() {
    return nsenter.children().findFirst();
  }
}
