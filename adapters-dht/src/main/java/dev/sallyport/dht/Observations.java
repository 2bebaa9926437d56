package dev.sallyport.dht;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the nodes that answered said of our UDP endpoint (BEP 42's <code>ip</code>), the latest of
 * each.
 *
 * <p>Threading: confined to the loop.
 */
final class Observations {
  private static final int MAX = 32;
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(60);

  private record Seen(Observation observation, long atNanos) {}

  private final int localPort;
  private final Map<InetSocketAddress, Seen> byObserver =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Seen> eldest) {
          return size() > MAX;
        }
      };

  Observations(int localPort) {
    this.localPort = localPort;
  }

  /** Takes note of an answer. */
  void heard(InetSocketAddress observer, Reply.Answer answer, long nowNanos) {
    Observation observation = in(observer, answer);
    if (observation != null) {
      byObserver.remove(observer);
      byObserver.put(observer, new Seen(observation, nowNanos));
    }
  }

  /** What an answer says; null if it says nothing usable. */
  @Nullable Observation in(InetSocketAddress observer, Reply.Answer answer) {
    InetSocketAddress seen = answer.message().getPublicIP();
    if (seen == null || seen.getPort() == 0) {
      return null;
    }
    return new Observation(
        localPort,
        Endpoint.of(seen),
        Transport.UDP,
        Endpoint.of(observer),
        Observation.Source.DHT,
        Duration.ofMillis(Math.max(0, answer.roundTripMillis())),
        Instant.now());
  }

  /** What was said within the last minute. */
  List<Observation> fresh(long nowNanos) {
    return byObserver.values().stream()
        .filter(seen -> nowNanos - seen.atNanos < FRESH_NANOS)
        .map(Seen::observation)
        .toList();
  }
}
