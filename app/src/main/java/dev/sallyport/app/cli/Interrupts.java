package dev.sallyport.app.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl+C and its like (SIGINT, SIGTERM, SIGHUP): the command is told to end and gets a moment to do
 * so in order; the process then ends with the command's own exit code.
 *
 * <p>Threading: safe from any thread; actions run on the thread that brings the signal.
 */
final class Interrupts {
  private static final int PATIENCE_SECONDS = 4;

  private final CompletableFuture<Integer> ended = new CompletableFuture<>();
  private @Nullable Runnable action;
  private boolean interrupted;

  /** One that no signal reaches. */
  Interrupts() {}

  /** One that this process's signals reach. */
  static Interrupts ofProcess() {
    Interrupts interrupts = new Interrupts();
    Runtime.getRuntime().addShutdownHook(new Thread(interrupts::shutDown, "interrupt"));
    return interrupts;
  }

  /**
   * What to do on an interrupt from now on, instead of what was said before; at once if it came.
   */
  void onInterrupt(Runnable next) {
    synchronized (this) {
      action = next;
      if (!interrupted) {
        return;
      }
    }
    next.run();
  }

  synchronized boolean interrupted() {
    return interrupted;
  }

  /** A signal came. */
  void interrupt() {
    Runnable now;
    synchronized (this) {
      interrupted = true;
      now = action;
    }
    if (now != null) {
      now.run();
    }
  }

  /** The command has ended; the process may. */
  void ended(int code) {
    ended.complete(code);
  }

  /** The JVM is shutting down: because we have ended, or because a signal says so. */
  private void shutDown() {
    if (ended.isDone()) {
      return;
    }
    interrupt();
    int code;
    try {
      code = ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      code = ExitCode.INTERRUPTED.code();
    }
    // The JVM would say 130 or 143 of itself; we know better how it went.
    Runtime.getRuntime().halt(code);
  }
}
