package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.FilterProbe;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Transport;
import java.time.Duration;
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

  /** Longer than it takes to ask all observers once: what is further apart is of two times. */
  private static final Duration ONE_TIME = Duration.ofSeconds(10);

  /** One observer's view of one port over one transport: a newer one replaces it. */
  private record View(int localPort, Transport transport, Endpoint observer) {
    static View of(Observation seen) {
      return new View(seen.localPort(), seen.transport(), seen.observer());
    }
  }

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
    View view = View.of(seen);
    // Ports have an order: a mapping that is seen again was made when it was seen first.
    boolean again = isSeenAgain(seen);
    Observation before = views.remove(view);
    List<View> others = views.keySet().stream().filter(o -> o.transport == view.transport).toList();
    if (others.size() >= MAX_VIEWS) {
      views.remove(others.getFirst());
    }
    views.put(view, again && before != null ? before : seen);
  }

  /** Whether the same observer has seen this port at the same endpoint before. */
  private boolean isSeenAgain(Observation seen) {
    Observation before = views.get(View.of(seen));
    return before != null && before.observed().equals(seen.observed());
  }

  /**
   * Whether this is a look at another mapping of its port than the looks before, which are older
   * than what is asked at one time: the old mapping has ended.
   */
  boolean isOfALaterTime(Observation seen) {
    return !isSeenAgain(seen)
        && views.values().stream()
            .anyMatch(
                o ->
                    isOfTheSamePort(o, seen)
                        && isOlder(o, seen)
                        && !o.observed().equals(seen.observed()));
  }

  /** Whether no look over the same transport has seen this address of ours. */
  boolean isNewAddress(Observation seen) {
    return ofAnyPort().stream()
        .noneMatch(
            o -> o.transport() == seen.transport() && o.observed().sameAddress(seen.observed()));
  }

  /** Forgets the looks that this one ends the time of. */
  void forgetBefore(Observation seen) {
    views.values().removeIf(o -> isOfTheSamePort(o, seen) && isOlder(o, seen));
  }

  /** Forgets the looks at new ports too, so that they are made anew. */
  void forgetSamples() {
    samples.clear();
    sampled = 0;
  }

  private static boolean isOfTheSamePort(Observation one, Observation other) {
    return one.localPort() == other.localPort()
        && one.transport() == other.transport()
        && one.observed().family() == other.observed().family();
  }

  private static boolean isOlder(Observation one, Observation other) {
    return one.seenAt().plus(ONE_TIME).isBefore(other.seenAt());
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
