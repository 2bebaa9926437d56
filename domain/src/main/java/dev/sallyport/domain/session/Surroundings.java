package dev.sallyport.domain.session;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.nat.NatClassifier;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Transport;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a host has learnt of the network it is in, and the candidates that follow from it. Fed by
 * discovery, read by both machines. Not thread-safe.
 */
final class Surroundings {
  private static final int MAX_OBSERVATIONS = 64;
  private static final int MAX_HOST_CANDIDATES = 3;

  /** One observer's view of one port over one transport: a newer one replaces it. */
  private record View(int localPort, Transport transport, Endpoint observer) {}

  private final List<Integer> punchPorts;
  private final List<Endpoint> advertised;
  private final Map<View, Observation> observations = new LinkedHashMap<>();
  private List<InetAddress> addresses = List.of();
  private boolean listed;
  private boolean surveyed;
  private @Nullable Progress told;

  Surroundings(List<Integer> punchPorts, List<Endpoint> advertised) {
    this.punchPorts = List.copyOf(punchPorts);
    this.advertised = List.copyOf(advertised);
  }

  void addresses(List<InetAddress> found) {
    addresses = List.copyOf(found);
    listed = true;
  }

  void observed(Observation observation) {
    View view = new View(observation.localPort(), observation.transport(), observation.observer());
    if (observations.size() < MAX_OBSERVATIONS || observations.containsKey(view)) {
      observations.put(view, observation);
    }
  }

  /** Every observer answered or ran out of time. */
  void surveyed() {
    surveyed = true;
  }

  /** Whether waiting longer could still teach something a peer needs. */
  boolean isComplete() {
    return listed && (surveyed || punchPorts.stream().allMatch(port -> tcpView(port) != null));
  }

  /**
   * What the user should see of it, when it is complete for the first time or has changed since.
   */
  @Nullable Progress news() {
    Progress now =
        new Progress.Network(
            addresses.stream().map(a -> new Endpoint(a, punchPorts.getFirst())).toList(),
            external(),
            profile());
    if (!isComplete() || now.equals(told)) {
      return null;
    }
    told = now;
    return now;
  }

  /** Whether there is any way out of this host at all. */
  boolean hasNetwork() {
    return !listed || !addresses.isEmpty() || !observations.isEmpty();
  }

  Side side() {
    return new Side(candidates(), profile());
  }

  NatProfile profile() {
    return NatClassifier.classify(observations.values(), addresses);
  }

  List<InetAddress> addresses() {
    return addresses;
  }

  /** Where others see us: TCP where somebody looked, guessed from UDP where nobody did. */
  List<Endpoint> external() {
    return punchPorts.stream().map(this::reflexive).filter(e -> e != null).distinct().toList();
  }

  /** Advertised, then reflexive by port, then our own addresses; the most useful first. */
  List<Candidate> candidates() {
    List<Candidate> candidates = new ArrayList<>();
    for (Endpoint endpoint : advertised) {
      candidates.add(new Candidate(CandidateKind.ADVERTISED, endpoint));
    }
    for (Endpoint endpoint : external()) {
      boolean own = addresses.contains(endpoint.address());
      // One port for an address that is not global: more would let a knock scan somebody's network.
      boolean another =
          !endpoint.scope().isGlobal()
              && candidates.stream().anyMatch(c -> c.endpoint().sameAddress(endpoint));
      if (!own && !another && endpoint.scope().isRoutable()) {
        candidates.add(new Candidate(CandidateKind.REFLEXIVE, endpoint));
      }
    }
    int hosts = 0;
    for (InetAddress address : addresses) {
      if (AddressScope.of(address).isRoutable() && hosts < MAX_HOST_CANDIDATES) {
        candidates.add(
            new Candidate(CandidateKind.HOST, new Endpoint(address, punchPorts.getFirst())));
        hosts++;
      }
    }
    return candidates.subList(0, Math.min(candidates.size(), Candidate.MAX_COUNT));
  }

  private @Nullable Endpoint reflexive(int port) {
    Observation tcp = tcpView(port);
    if (tcp != null) {
      return tcp.observed();
    }
    // Most NATs keep the port and use one address for all of a host's traffic, so somebody's look
    // at another port, or at UDP, says where this one most likely appears.
    return observations.values().stream()
        .filter(o -> o.transport() == Transport.UDP || o.observed().port() == o.localPort())
        .map(o -> o.observed().withPort(port))
        .findFirst()
        .orElse(null);
  }

  private @Nullable Observation tcpView(int port) {
    Observation newest = null;
    for (Observation o : observations.values()) {
      if (o.transport() == Transport.TCP && o.localPort() == port) {
        newest = o;
      }
    }
    return newest;
  }
}
