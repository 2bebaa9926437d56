package dev.sallyport.net.file;

import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.Rendezvous.Watch;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Topic;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * One watch: hands each item to its sink once, through a bounded queue.
 *
 * <p>Threading: safe from any thread.
 */
final class FolderWatch implements Watch {
  private static final int MAX_WAITING = 256;
  private static final int MAX_SEEN = 8192;

  private final Topic topic;
  private final Consumer<SealedItem> sink;
  private final Executor sinks;
  private final Runnable changed;
  private volatile Pace pace;
  private volatile boolean closed;

  /** By digest, whether the sink has it already. Guarded by itself. */
  private final Map<String, Boolean> seen =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MAX_SEEN;
        }
      };

  /** Guarded by {@link #seen}. */
  private int waiting;

  /**
   * @param sinks one thread
   * @param changed called after the pace changed or the watch was closed
   */
  FolderWatch(Topic topic, Pace pace, Consumer<SealedItem> sink, Executor sinks, Runnable changed) {
    this.topic = topic;
    this.pace = pace;
    this.sink = sink;
    this.sinks = sinks;
    this.changed = changed;
  }

  Topic topic() {
    return topic;
  }

  Pace pace() {
    return pace;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether its sink has the item or will get it. */
  boolean knows(String digest) {
    synchronized (seen) {
      return seen.containsKey(digest);
    }
  }

  /** Whether its sink has the item. */
  boolean has(String digest) {
    synchronized (seen) {
      return seen.getOrDefault(digest, false);
    }
  }

  /**
   * Queues an item, unless it was queued before or there is no room: then it is found again.
   *
   * @param delivered called when the sink has it
   */
  void offer(String digest, SealedItem item, Runnable delivered) {
    synchronized (seen) {
      if (seen.containsKey(digest) || waiting >= MAX_WAITING) {
        return;
      }
      seen.put(digest, false);
      waiting++;
    }
    sinks.execute(() -> deliver(digest, item, delivered));
  }

  private void deliver(String digest, SealedItem item, Runnable delivered) {
    synchronized (seen) {
      waiting--;
    }
    if (closed) {
      return;
    }
    try {
      sink.accept(item);
    } finally {
      synchronized (seen) {
        seen.replace(digest, true);
      }
      delivered.run();
    }
  }

  @Override
  public void pace(Pace newPace) {
    pace = newPace;
    changed.run();
  }

  @Override
  public void close() {
    closed = true;
    changed.run();
  }
}
