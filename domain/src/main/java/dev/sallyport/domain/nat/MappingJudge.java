package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a mapping depends on, over one transport: rules 4 to 8 of {@link NatClassifier}. */
final class MappingJudge {
  /**
   * What is known.
   *
   * @param usual for an endpoint-independent mapping the endpoint of each local port that most
   *     agree on; otherwise empty
   * @param outvoted whoever contradicts that
   */
  record Judgement(
      Finding<Behavior> mapping, Map<Integer, Endpoint> usual, Set<Witness> outvoted) {}

  /** How many pairs of ports of one address saw the same, and how many did not. */
  private record Pairs(int same, int different) {}

  private MappingJudge() {}

  static Judgement of(Views views) {
    Judgement stun = judge(views.by(Observation.Source.STUN));
    Views nodes = views.by(Observation.Source.DHT);
    if (stun.mapping.isKnown() || nodes.all().isEmpty()) {
      return stun;
    }
    Judgement dht = judge(nodes);
    Behavior value = dht.mapping.value();
    return value == null
        ? stun
        : new Judgement(
            Finding.of(value, Math.min(Confidence.WEAK, dht.mapping.confidence())),
            dht.usual,
            dht.outvoted);
  }

  private static Judgement judge(Views views) {
    Map<Integer, Map<Witness, Set<Endpoint>>> byPort = new HashMap<>();
    for (Observation o : views.all()) {
      byPort
          .computeIfAbsent(o.localPort(), port -> new HashMap<>())
          .computeIfAbsent(Witness.of(o), witness -> new HashSet<>())
          .add(o.observed());
    }
    Map<Integer, Endpoint> usual = new HashMap<>();
    byPort.forEach((port, seen) -> usual.put(port, mostSeen(seen.values())));
    // With three witnesses a majority can be told from a liar. With two it cannot.
    int enough = byPort.values().stream().anyMatch(seen -> seen.size() > 2) ? 3 : 2;
    int support = 0;
    int compared = 0;
    Map<Witness, Integer> agreement = new HashMap<>();
    for (Map.Entry<Integer, Map<Witness, Set<Endpoint>>> port : byPort.entrySet()) {
      if (port.getValue().size() < enough) {
        continue;
      }
      Set<Endpoint> expected = Set.of(Objects.requireNonNull(usual.get(port.getKey())));
      for (Map.Entry<Witness, Set<Endpoint>> seen : port.getValue().entrySet()) {
        boolean agrees = seen.getValue().equals(expected);
        agreement.merge(seen.getKey(), agrees ? 1 : -1, Integer::sum);
        support += agrees ? 1 : 0;
        compared++;
      }
    }
    if (2 * support > compared) {
      return independent(usual, agreement);
    }
    boolean inconsistent =
        byPort.values().stream()
            .anyMatch(seen -> seen.values().stream().anyMatch(e -> e.size() > 1));
    Finding<Behavior> mapping =
        compared > 0 || inconsistent ? dependent(views, compared > 0) : Finding.unknown();
    return new Judgement(mapping, Map.of(), Set.of());
  }

  private static Judgement independent(
      Map<Integer, Endpoint> usual, Map<Witness, Integer> agreement) {
    Set<Witness> outvoted = new HashSet<>();
    agreement.forEach(
        (witness, agreed) -> {
          if (agreed <= 0) {
            outvoted.add(witness);
          }
        });
    int support = Math.max(1, agreement.size() - outvoted.size());
    return new Judgement(
        Finding.of(Behavior.ENDPOINT_INDEPENDENT, Confidence.of(support, outvoted.size())),
        usual,
        outvoted);
  }

  private static Finding<Behavior> dependent(Views views, boolean compared) {
    Pairs pairs = pairs(views);
    if (pairs.different > pairs.same) {
      return Finding.of(
          Behavior.ADDRESS_AND_PORT_DEPENDENT,
          Confidence.of(pairs.different, pairs.same, Confidence.DIFFERENCE));
    }
    if (pairs.same > pairs.different && compared) {
      return Finding.of(
          Behavior.ADDRESS_DEPENDENT, Confidence.of(pairs.same, pairs.different, Confidence.WEAK));
    }
    return Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, Confidence.GUESS);
  }

  /** Each address that looked with several ports at one of ours has one vote. */
  private static Pairs pairs(Views views) {
    Map<InetAddress, Map<Integer, Set<Endpoint>>> seen = new HashMap<>();
    Map<InetAddress, Map<Integer, Integer>> looks = new HashMap<>();
    for (Observation o : views.all()) {
      InetAddress address = o.observer().address();
      seen.computeIfAbsent(address, a -> new HashMap<>())
          .computeIfAbsent(o.localPort(), port -> new HashSet<>())
          .add(o.observed());
      looks.computeIfAbsent(address, a -> new HashMap<>()).merge(o.localPort(), 1, Integer::sum);
    }
    int same = 0;
    int different = 0;
    for (Map.Entry<InetAddress, Map<Integer, Integer>> address : looks.entrySet()) {
      Map<Integer, Set<Endpoint>> ports = seen.getOrDefault(address.getKey(), Map.of());
      int lean = 0;
      for (Map.Entry<Integer, Integer> look : address.getValue().entrySet()) {
        if (look.getValue() > 1) {
          lean += ports.getOrDefault(look.getKey(), Set.of()).size() > 1 ? 1 : -1;
        }
      }
      different += lean > 0 ? 1 : 0;
      same += lean < 0 ? 1 : 0;
    }
    return new Pairs(same, different);
  }

  /**
   * What most witnesses saw; of several the first in order. A witness who saw two things is none.
   */
  private static Endpoint mostSeen(Collection<Set<Endpoint>> seen) {
    Map<Endpoint, Integer> votes = new HashMap<>();
    for (Set<Endpoint> endpoints : seen) {
      int weight = endpoints.size() == 1 ? 1 : 0;
      endpoints.forEach(endpoint -> votes.merge(endpoint, weight, Integer::sum));
    }
    @Nullable Endpoint most = null;
    int highest = -1;
    for (Map.Entry<Endpoint, Integer> vote : votes.entrySet()) {
      boolean first = most == null || Views.ENDPOINTS.compare(vote.getKey(), most) < 0;
      if (vote.getValue() > highest || (vote.getValue() == highest && first)) {
        most = vote.getKey();
        highest = vote.getValue();
      }
    }
    return Objects.requireNonNull(most);
  }

  static List<Observation> agreed(Views views, Judgement judgement) {
    return views.all().stream()
        .filter(o -> !judgement.outvoted.contains(Witness.of(o)))
        .filter(
            o ->
                judgement.usual.isEmpty()
                    || o.observed().equals(judgement.usual.get(o.localPort())))
        .toList();
  }
}
