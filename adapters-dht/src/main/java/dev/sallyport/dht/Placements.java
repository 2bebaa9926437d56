package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.Topic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which nodes hold a topic, as the last lookup found them. Tokens are good for five minutes at
 * least; a placement is used for one, so that a caller who looked a mailbox up while it looked for
 * the record knocks without looking again.
 *
 * <p>Threading: confined to the loop.
 */
final class Placements {
  private static final int MAX = 64;
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(60);

  private record Placement(List<Holder> holders, long atNanos) {}

  private final Map<Topic, Placement> byTopic =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Topic, Placement> eldest) {
          return size() > MAX;
        }
      };

  void remember(Topic topic, List<Holder> holders, long nowNanos) {
    byTopic.remove(topic);
    if (!holders.isEmpty()) {
      byTopic.put(topic, new Placement(holders, nowNanos));
    }
  }

  void forget(Topic topic) {
    byTopic.remove(topic);
  }

  /** The holders to write to; empty if it is not known well enough. */
  List<Holder> fresh(Topic topic, long nowNanos) {
    Placement placement = byTopic.get(topic);
    return placement != null && nowNanos - placement.atNanos < FRESH_NANOS
        ? placement.holders
        : List.of();
  }
}
