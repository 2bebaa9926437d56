package dev.sallyport.domain.nat;

import dev.sallyport.domain.nat.FilterProbe.Relation;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who gets in, and what the others hear: rules 17 to 20 of {@link NatClassifier}. */
final class FilteringJudge {
  /** At 10 % loss in each direction three in a row are lost once in 150 times. */
  private static final int REPEATS = 3;

  /** RFC 5382 REQ-4: a SYN is held for 6 s. Timers are not exact. */
  private static final Duration HELD = Duration.ofSeconds(5);

  /** Whoever waited for less cannot tell silence from holding. */
  private static final Duration LONGER_THAN_HELD = Duration.ofSeconds(7);

  /** Whether probes of one relation get in. */
  private enum Gate {
    UNKNOWN,
    OPEN,
    CLOSED
  }

  private record Verdict(Gate gate, int confidence) {
    static final Verdict UNKNOWN = new Verdict(Gate.UNKNOWN, 0);
  }

  private FilteringJudge() {}

  static Finding<Behavior> filtering(Collection<FilterProbe> probes, Transport transport) {
    List<FilterProbe> own = probes.stream().filter(p -> p.transport() == transport).toList();
    Verdict other = verdict(own, Relation.OTHER_ADDRESS);
    Verdict same = verdict(own, Relation.SAME_ADDRESS_OTHER_PORT);
    if (other.gate == Gate.OPEN) {
      return Finding.of(Behavior.ENDPOINT_INDEPENDENT, other.confidence);
    }
    if (same.gate == Gate.OPEN) {
      return other.gate == Gate.CLOSED
          ? Finding.of(Behavior.ADDRESS_DEPENDENT, Math.min(same.confidence, other.confidence))
          : Finding.of(Behavior.ADDRESS_DEPENDENT, Confidence.GUESS);
    }
    if (same.gate == Gate.CLOSED || other.gate == Gate.CLOSED) {
      boolean both = same.gate == other.gate;
      return Finding.of(
          Behavior.ADDRESS_AND_PORT_DEPENDENT,
          both ? Math.min(same.confidence, other.confidence) : Confidence.GUESS);
    }
    return Finding.unknown();
  }

  private static Verdict verdict(List<FilterProbe> probes, Relation relation) {
    Set<InetAddress> reached = new HashSet<>();
    Set<InetAddress> failed = new HashSet<>();
    Map<InetAddress, Integer> silent = new HashMap<>();
    for (FilterProbe probe : probes) {
      if (probe.relation() == relation) {
        InetAddress prober = probe.prober().address();
        if (probe.arrived()) {
          reached.add(prober);
        } else if (probe.refused()
            || silent.merge(prober, probe.packets(), Integer::sum) >= REPEATS) {
          failed.add(prober);
        }
      }
    }
    failed.removeAll(reached);
    if (!reached.isEmpty()) {
      // We saw it ourselves. Those who say they failed may lie, or be blocked elsewhere.
      int confidence = reached.size() > 1 ? Confidence.FULL : Confidence.DIFFERENCE;
      return new Verdict(
          Gate.OPEN, failed.isEmpty() ? confidence : Math.min(Confidence.WEAK, confidence));
    }
    return failed.isEmpty()
        ? Verdict.UNKNOWN
        : new Verdict(Gate.CLOSED, Confidence.of(failed.size(), 0));
  }

  static Finding<UnsolicitedSyn> unsolicitedSyn(Collection<FilterProbe> probes) {
    Map<InetAddress, Map<UnsolicitedSyn, Integer>> heard = new HashMap<>();
    for (FilterProbe probe : probes) {
      UnsolicitedSyn answer = answer(probe);
      if (answer != null) {
        heard
            .computeIfAbsent(probe.prober().address(), a -> new EnumMap<>(UnsolicitedSyn.class))
            .merge(answer, probe.packets(), Integer::sum);
      }
    }
    Map<UnsolicitedSyn, Integer> votes = new EnumMap<>(UnsolicitedSyn.class);
    int voters = 0;
    for (Map<UnsolicitedSyn, Integer> own : heard.values()) {
      UnsolicitedSyn vote = vote(own);
      if (vote != null) {
        votes.merge(vote, 1, Integer::sum);
        voters++;
      }
    }
    for (Map.Entry<UnsolicitedSyn, Integer> vote : votes.entrySet()) {
      if (2 * vote.getValue() > voters) {
        return Finding.of(vote.getKey(), Confidence.of(vote.getValue(), voters - vote.getValue()));
      }
    }
    return Finding.unknown();
  }

  private static @Nullable UnsolicitedSyn answer(FilterProbe probe) {
    if (probe.transport() != Transport.TCP) {
      return null;
    }
    return switch (probe.outcome()) {
      case ARRIVED, REFUSED -> null;
      case RESET -> UnsolicitedSyn.RESET;
      case ICMP -> probe.after().compareTo(HELD) < 0 ? UnsolicitedSyn.ICMP : UnsolicitedSyn.HOLD;
      case SILENCE -> probe.after().compareTo(LONGER_THAN_HELD) < 0 ? null : UnsolicitedSyn.DROP;
    };
  }

  /** What most of one prober's packets say. Silence needs repeats, and any answer outweighs it. */
  private static @Nullable UnsolicitedSyn vote(Map<UnsolicitedSyn, Integer> answers) {
    UnsolicitedSyn most = null;
    int count = 0;
    for (Map.Entry<UnsolicitedSyn, Integer> answer : answers.entrySet()) {
      if (answer.getKey() != UnsolicitedSyn.DROP && answer.getValue() > count) {
        most = answer.getKey();
        count = answer.getValue();
      }
    }
    boolean silent = answers.getOrDefault(UnsolicitedSyn.DROP, 0) >= REPEATS;
    return most == null && silent ? UnsolicitedSyn.DROP : most;
  }
}
