package dev.sallyport.net.file;

import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Runs what blocks on the folder's thread, and keeps the promise that every stage ends: with what
 * came of it, when its time is over, or with {@code CLOSED}.
 *
 * <p>Threading: safe from any thread. Stages end on the sinks' thread, after all that was given to
 * sinks before, or on the thread that closes.
 */
final class Calls {
  /** So many wait only when the folder hangs. */
  private static final int MAX_WAITING = 256;

  private final ExecutorService folderThread;
  private final ScheduledExecutorService sinks;
  private final Duration patience;
  private final String name;
  private final Map<Object, CompletableFuture<?>> waiting = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * @param patience when a call is given up
   * @param name of the folder, for messages
   */
  Calls(
      ExecutorService folderThread,
      ScheduledExecutorService sinks,
      Duration patience,
      String name) {
    this.folderThread = folderThread;
    this.sinks = sinks;
    this.patience = patience;
    this.name = name;
  }

  /** Calls something that blocks and fails with {@link RendezvousException} only. */
  <T> CompletionStage<T> call(Callable<T> blocking) {
    if (waiting.size() >= MAX_WAITING) {
      return CompletableFuture.failedStage(silent());
    }
    CompletableFuture<T> promise = new CompletableFuture<>();
    Object ticket = new Object();
    waiting.put(ticket, promise);
    // After it was put: whoever closes now ends it, or we see that it is closed.
    if (closed) {
      waiting.remove(ticket);
      return CompletableFuture.failedStage(closedReason());
    }
    Future<?> task = folderThread.submit(() -> run(blocking, promise));
    Future<?> deadline =
        sinks.schedule(
            () -> promise.completeExceptionally(silent()),
            patience.toMillis(),
            TimeUnit.MILLISECONDS);
    var unused =
        promise.whenComplete(
            (value, failure) -> {
              waiting.remove(ticket);
              deadline.cancel(false);
              // Behind one that hangs they would pile up.
              task.cancel(false);
            });
    return promise;
  }

  private <T> void run(Callable<T> blocking, CompletableFuture<T> promise) {
    Runnable end;
    try {
      T value = blocking.call();
      end = () -> promise.complete(value);
    } catch (RendezvousException e) {
      end = () -> promise.completeExceptionally(e);
    } catch (Exception e) {
      String message = "the rendezvous folder " + name + " fails: " + e;
      end = () -> promise.completeExceptionally(new RendezvousException(Reason.REJECTED, message));
    }
    sinks.execute(end);
  }

  /** Ends all that have not ended yet. */
  void close() {
    closed = true;
    waiting.values().forEach(promise -> promise.completeExceptionally(closedReason()));
  }

  boolean isClosed() {
    return closed;
  }

  static RendezvousException closedReason() {
    return new RendezvousException(Reason.CLOSED, "the rendezvous was closed");
  }

  private RendezvousException silent() {
    return new RendezvousException(
        Reason.UNREACHABLE,
        "the rendezvous folder " + name + " does not answer: does its network hang?");
  }
}
