package dev.sallyport.app.runner;

import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * Hands the items of several sources to one sink: each distinct one once, one at a time. It
 * remembers as many as fit, and forgets first what was not seen for the longest time; an item that
 * comes when too many wait for the sink is dropped, and may come again.
 *
 * <p>Threading: {@link #accept} from any thread; the sink runs on one of them.
 */
final class OnceEach implements Consumer<SealedItem> {
  static final int REMEMBERED = 4096;
  static final int MAX_WAITING = 256;

  private final Consumer<SealedItem> sink;
  private final Map<HashCode, Boolean> seen = new Recent();
  private final Queue<SealedItem> waiting = new ArrayDeque<>();
  private boolean delivering;
  private boolean closed;

  OnceEach(Consumer<SealedItem> sink) {
    this.sink = sink;
  }

  @Override
  public void accept(SealedItem item) {
    HashCode hash = Hashing.sha256().hashBytes(item.toByteArray());
    synchronized (this) {
      if (closed || waiting.size() >= MAX_WAITING || seen.put(hash, true) != null) {
        return;
      }
      waiting.add(item);
    }
    deliver();
  }

  synchronized boolean hasAny() {
    return !seen.isEmpty();
  }

  /** Nothing is handed on after it returned, but for one that is being delivered. */
  synchronized void close() {
    closed = true;
    waiting.clear();
  }

  /** Until nothing waits; returns at once if another thread is at it. */
  private void deliver() {
    while (true) {
      SealedItem item;
      synchronized (this) {
        item = delivering ? null : waiting.poll();
        if (item == null) {
          return;
        }
        delivering = true;
      }
      try {
        sink.accept(item);
      } finally {
        synchronized (this) {
          delivering = false;
        }
      }
    }
  }

  private static final class Recent extends LinkedHashMap<HashCode, Boolean> {
    private static final long serialVersionUID = 1L;

    Recent() {
      super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<HashCode, Boolean> eldest) {
      return size() > REMEMBERED;
    }
  }
}
