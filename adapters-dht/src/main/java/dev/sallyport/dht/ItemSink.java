package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.SealedItem;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Hands items to a caller's sink, one at a time, on the sinks' thread, through a bounded queue.
 *
 * <p>Threading: {@link #offer} and {@link #close} from any thread.
 */
final class ItemSink {
  private static final int MAX_WAITING = 256;

  private final Executor sinks;
  private final Consumer<SealedItem> target;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean closed;

  ItemSink(Executor sinks, Consumer<SealedItem> target) {
    this.sinks = sinks;
    this.target = target;
  }

  /** Queues an item. Returns false if there is no room for it, so that it is not delivered. */
  boolean offer(SealedItem item) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return false;
    }
    sinks.execute(() -> deliver(item));
    return true;
  }

  /** Delivers nothing more, but what is being delivered. */
  void close() {
    closed = true;
  }

  private void deliver(SealedItem item) {
    waiting.decrementAndGet();
    if (!closed) {
      target.accept(item);
    }
  }
}
