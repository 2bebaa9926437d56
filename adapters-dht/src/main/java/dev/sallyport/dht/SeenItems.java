package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.SealedItem;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which items a watch has delivered, by their digests. Remembers each for an hour, longer than any
 * may stay in a mailbox, and at most {@link #MAX}; then the oldest is forgotten.
 *
 * <p>Threading: confined to the loop.
 */
final class SeenItems {
  static final int MAX = 8192;
  private static final long REMEMBERED_NANOS = TimeUnit.HOURS.toNanos(1);

  private final LinkedHashMap<ByteBuffer, Long> seen = new LinkedHashMap<>();

  boolean contains(SealedItem item) {
    return seen.containsKey(digest(item));
  }

  void add(SealedItem item, long nowNanos) {
    seen.putIfAbsent(digest(item), nowNanos);
    while (seen.size() > MAX) {
      seen.pollFirstEntry();
    }
    Map.Entry<ByteBuffer, Long> eldest = seen.firstEntry();
    while (eldest != null && nowNanos - eldest.getValue() > REMEMBERED_NANOS) {
      seen.pollFirstEntry();
      eldest = seen.firstEntry();
    }
  }

  private static ByteBuffer digest(SealedItem item) {
    return ByteBuffer.wrap(Digests.sha256().digest(item.toByteArray()));
  }
}
