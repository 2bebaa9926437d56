package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The stages we owe to callers: all of them end, with {@code CLOSED} if nothing else.
 *
 * <p>Threading: safe from any thread. Stages end on the sinks' thread, after all that was given to
 * sinks before, or on the thread that closes.
 */
final class Promises {
  private final Executor sinks;
  private final Map<Long, CompletableFuture<?>> pending = new ConcurrentHashMap<>();
  private final AtomicLong count = new AtomicLong();
  private volatile boolean closed;

  Promises(Executor sinks) {
    this.sinks = sinks;
  }

  /** A new one; broken already after {@link #close}. */
  <T> CompletableFuture<T> make() {
    CompletableFuture<T> promise = new CompletableFuture<>();
    long number = count.incrementAndGet();
    pending.put(number, promise);
    var unused = promise.whenComplete((value, failure) -> pending.remove(number));
    if (closed) {
      promise.completeExceptionally(closedReason());
    }
    return promise;
  }

  <T> void keep(CompletableFuture<T> promise, T value) {
    sinks.execute(() -> promise.complete(value));
  }

  void fail(CompletableFuture<?> promise, RendezvousException failure) {
    sinks.execute(() -> promise.completeExceptionally(failure));
  }

  /** Breaks all that are not kept yet. */
  void close() {
    closed = true;
    pending.values().forEach(promise -> promise.completeExceptionally(closedReason()));
  }

  private static RendezvousException closedReason() {
    return new RendezvousException(Reason.CLOSED, "the DHT node was closed");
  }
}
