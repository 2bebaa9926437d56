package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Outer ports of one outer address that were seen, each once. Immutable. */
final class Samples {
  /** Outer ports in rising order, each with the first time that it was asked for. */
  private final SortedMap<Integer, Instant> ports;

  private Samples(SortedMap<Integer, Instant> ports) {
    this.ports = ports;
  }

  /** All that were seen, by outer address. */
  static Map<InetAddress, Samples> byAddress(Collection<Observation> observations) {
    Map<InetAddress, SortedMap<Integer, Instant>> found = new HashMap<>();
    for (Observation o : observations) {
      Endpoint seen = o.observed();
      found
          .computeIfAbsent(seen.address(), address -> new TreeMap<>())
          .merge(seen.port(), o.askedAt(), (a, b) -> a.isBefore(b) ? a : b);
    }
    Map<InetAddress, Samples> samples = new HashMap<>();
    found.forEach((address, ports) -> samples.put(address, new Samples(ports)));
    return samples;
  }

  int size() {
    return ports.size();
  }

  int low() {
    return ports.firstKey();
  }

  int high() {
    return ports.lastKey();
  }

  int span() {
    return high() - low() + 1;
  }

  /** The distances between neighbours, one less than there are samples. */
  List<Integer> gaps() {
    List<Integer> gaps = new ArrayList<>();
    int before = 0;
    for (int port : ports.keySet()) {
      if (before != 0) {
        gaps.add(port - before);
      }
      before = port;
    }
    return gaps;
  }

  /**
   * Which way they went in the order in which they were asked for: of the steps from one time to
   * the next, how many went up, and how many down.
   */
  Trend trend() {
    List<Map.Entry<Integer, Instant>> inTime = new ArrayList<>(ports.entrySet());
    inTime.sort(
        Map.Entry.<Integer, Instant>comparingByValue()
            .thenComparing(Comparator.comparingInt(Map.Entry::getKey)));
    int up = 0;
    int down = 0;
    for (int i = 1; i < inTime.size(); i++) {
      Map.Entry<Integer, Instant> before = inTime.get(i - 1);
      Map.Entry<Integer, Instant> now = inTime.get(i);
      if (now.getValue().isAfter(before.getValue())) {
        up += now.getKey() > before.getKey() ? 1 : 0;
        down += now.getKey() < before.getKey() ? 1 : 0;
      }
    }
    return new Trend(up, down);
  }

  /** Steps up and steps down. */
  record Trend(int up, int down) {}
}
