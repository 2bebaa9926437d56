package dev.sallyport.domain.rendezvous;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A watch on a mailbox of {@code mem:}: each item once, one at a time, on the thread that stores
 * it.
 */
final class MemWatch implements Rendezvous.Watch {
  private final MemRendezvous.Network network;
  private final Topic topic;
  private final Consumer<SealedItem> sink;
  private final AtomicBoolean open = new AtomicBoolean(true);

  /** What was delivered and could come again until it expires. Guarded by the network. */
  private final Map<SealedItem, Instant> seen = new HashMap<>();

  /** What waits for delivery, and whether a thread is at it. Guarded by itself. */
  private final Queue<SealedItem> queue = new ArrayDeque<>();

  private boolean draining;

  MemWatch(MemRendezvous.Network network, Topic topic, Consumer<SealedItem> sink) {
    this.network = network;
    this.topic = topic;
    this.sink = sink;
  }

  Topic topic() {
    return topic;
  }

  boolean isOpen() {
    return open.get();
  }

  /** The network holds its lock. */
  void enqueue(SealedItem item, Instant until) {
    if (seen.put(item, until) == null) {
      synchronized (queue) {
        queue.add(item);
      }
    }
  }

  /** The network holds its lock. */
  void forget(Instant now) {
    seen.values().removeIf(until -> !until.isAfter(now));
  }

  /** Delivers until the queue is empty; returns at once if another call is doing so. */
  void drain() {
    while (true) {
      SealedItem item;
      synchronized (queue) {
        item = draining ? null : queue.poll();
        if (item == null) {
          return;
        }
        draining = true;
      }
      try {
        if (open.get()) {
          sink.accept(item);
        }
      } finally {
        synchronized (queue) {
          draining = false;
        }
      }
    }
  }

  @Override
  public void pace(Rendezvous.Pace pace) {
    // Every item arrives at once, whatever the pace.
  }

  @Override
  public void close() {
    if (open.compareAndSet(true, false)) {
      network.detach(this);
    }
  }
}
