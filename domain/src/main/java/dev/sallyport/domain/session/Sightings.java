package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.FilterProbe;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What others have seen of us, as far as it is worth keeping. Not thread-safe. */
final class Sightings {
  /** Of each transport: nodes of the DHT, which anybody can run, cannot displace a STUN server. */
  private static final int MAX_VIEWS = 32;

  /** A survey asks a few observers, and each makes a few. */
  private static final int MAX_PROBES = 32;

  private static final int MAX_SAMPLES = 16;

  /** One observer's view of one port over one transport: a newer one replaces it. */
  private record View(int localPort, Transport transport, Endpoint observer) {}

  /** All of these: the oldest first. */
  private final Map<View, Observation> views = new LinkedHashMap<>();

  private final Deque<FilterProbe> probes = new ArrayDeque<>();
  private final Deque<Observation> samples = new ArrayDeque<>();
  private int sampled;

  void add(Evidence evidence) {
    switch (evidence) {
      case Observation seen -> add(seen);
      case FilterProbe probe -> {
        probes.addLast(probe);
        if (probes.size() > MAX_PROBES) {
          probes.removeFirst();
        }
      }
    }
  }

  private void add(Observation seen) {
    View view = new View(seen.localPort(), seen.transport(), seen.observer());
    views.remove(view);
    List<View> others = views.keySet().stream().filter(o -> o.transport == view.transport).toList();
    if (others.size() >= MAX_VIEWS) {
      views.remove(others.getFirst());
    }
    views.put(view, seen);
  }

  /** Takes a look at a port that is used for nothing else; null if nobody could look. */
  void sampled(@Nullable Observation seen) {
    sampled++;
    if (seen != null) {
      samples.addLast(seen);
      if (samples.size() > MAX_SAMPLES) {
        samples.removeFirst();
      }
    }
  }

  /** How often a new port was looked at, in vain or not. */
  int sampled() {
    return sampled;
  }

  /** Forgets all: we are in another network. */
  void clear() {
    views.clear();
    probes.clear();
    samples.clear();
    sampled = 0;
  }

  /** The views of ports that are in use. */
  Collection<Observation> views() {
    return views.values();
  }

  /** Those, after those of ports that were used once. */
  List<Observation> ofAnyPort() {
    List<Observation> all = new ArrayList<>(samples);
    all.addAll(views.values());
    return all;
  }

  /** All that our NATs can be judged by. */
  List<Evidence> all() {
    List<Evidence> all = new ArrayList<>(ofAnyPort());
    all.addAll(probes);
    return all;
  }
}
