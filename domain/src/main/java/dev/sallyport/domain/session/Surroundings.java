package dev.sallyport.domain.session;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.ladder.StrategyRules;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.NatClassifier;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.NetworkId;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.nat.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a host has learnt of the network it is in, and the candidates that follow from it. Fed by
 * discovery, read by both machines. Not thread-safe.
 */
final class Surroundings {
  private static final int MAX_HOST_CANDIDATES = 3;
  private static final int MAX_OTHER_ADDRESSES = 3;

  /** Enough to tell a block from a range, and a pool of addresses from one. */
  private static final int SAMPLES = 12;

  /** A NAT is what it is: one that takes a port for each remote is looked at anew so often. */
  private static final Duration HARD_STAYS_HARD = Duration.ofMinutes(10);

  private final List<Integer> punchPorts;
  private final List<Endpoint> advertised;

  private final Sightings sightings = new Sightings();
  private List<InetAddress> addresses = List.of();
  private boolean listed;
  private boolean surveyed;
  private @Nullable Remembered remembered;
  private Instant latest = Instant.MIN;

  /** When we last began anew to look at our NATs. */
  private Instant begun = Instant.MIN;

  private Progress.@Nullable Network told;

  /** Null while it has to be judged anew. */
  private @Nullable NatProfile judged;

  Surroundings(List<Integer> punchPorts, List<Endpoint> advertised) {
    this.punchPorts = List.copyOf(punchPorts);
    this.advertised = List.copyOf(advertised);
  }

  /**
   * Takes our addresses.
   *
   * @return whether we seem to be in another network than before: then nothing that others saw of
   *     us holds any more, and they have to be asked again
   */
  boolean addresses(List<InetAddress> found) {
    boolean moved = listed && !ipv4(found).equals(ipv4(addresses));
    addresses = List.copyOf(found);
    listed = true;
    judged = null;
    if (moved) {
      sightings.clear();
      surveyed = false;
    }
    return moved;
  }

  /** What earlier runs have learnt of a network; it counts if we are in it. */
  void recalled(Remembered memory) {
    remembered = memory;
    judged = null;
  }

  /** It is as late as that: what is remembered ages. */
  void at(Instant now) {
    latest = now;
    if (remembered != null) {
      judged = null;
    }
  }

  void observed(Evidence evidence) {
    if (evidence instanceof Observation seen && isOfALaterTime(seen) && !beginsAnew(seen)) {
      return;
    }
    sightings.add(evidence);
    judged = null;
  }

  /** Whether the mapping of a punch port that was seen has ended, and this is another one. */
  private boolean isOfALaterTime(Observation seen) {
    return seen.transport() == Transport.TCP
        && punchPorts.contains(seen.localPort())
        && sightings.isOfALaterTime(seen);
  }

  /**
   * Forgets what was seen of the mapping that has ended: compared with what is seen now it would
   * make an easy NAT look hard, and ports taken in steps look taken by chance. What follows from it
   * is remembered.
   *
   * @return false if nothing is forgotten, and this does not count: a hard NAT's next mapping says
   *     nothing new
   */
  private boolean beginsAnew(Observation seen) {
    boolean moved = sightings.isNewAddress(seen);
    boolean hard = StrategyRules.isHard(profile());
    boolean expected =
        !(StrategyRules.allocation(profile()) instanceof PortAllocation.Block block)
            || block.has(seen.observed().port());
    if (hard && !moved && expected && seen.seenAt().isBefore(begun.plus(HARD_STAYS_HARD))) {
      return false;
    }
    begun = seen.seenAt();
    Remembered until = expected ? learnt(seen.seenAt()) : null;
    remembered = until == null ? null : until.keeping(remembered);
    sightings.forgetBefore(seen);
    if (hard || moved) {
      sightings.forgetSamples();
    }
    return true;
  }

  /** A new port was looked at; null if nobody could look. */
  void sampled(@Nullable Observation seen) {
    sightings.sampled(seen);
    judged = null;
  }

  /** Whether more looks at new ports would tell how a hard NAT of ours takes them. */
  boolean wantsSamples() {
    return surveyed && sightings.sampled() < SAMPLES && StrategyRules.isHard(profile());
  }

  /** How many views are kept. */
  int remembered() {
    return sightings.views().size();
  }

  /** Every observer answered or ran out of time. */
  void surveyed() {
    surveyed = true;
  }

  /** Whether waiting longer could still teach something a peer needs. */
  boolean isComplete() {
    return listed
        && (surveyed
            || punchPorts.stream().allMatch(port -> tcpView(port, AddressFamily.IPV4) != null));
  }

  /**
   * What the user should see of it, when it is complete for the first time or has changed since.
   * That we are surer of something is no news.
   */
  @Nullable Progress news() {
    if (!isComplete()) {
      return null;
    }
    Progress.Network now =
        new Progress.Network(
            addresses.stream().map(a -> new Endpoint(a, punchPorts.getFirst())).toList(),
            external(),
            profile());
    if (told != null && isSame(told, now)) {
      return null;
    }
    told = now;
    return now;
  }

  private static boolean isSame(Progress.Network before, Progress.Network now) {
    return before.local().equals(now.local())
        && before.external().equals(now.external())
        && before.profile().saysTheSame(now.profile());
  }

  /** Whether our addresses are known, so that {@link #unreachable} can tell whose fault it is. */
  boolean isListed() {
    return listed;
  }

  /** Why nobody at the rendezvous answers: their fault or ours. */
  Failure unreachable(String trouble) {
    return listed && addresses.isEmpty() && sightings.views().isEmpty()
        ? Failure.of(Failure.Kind.LOCAL_PROBLEM, "this computer has no network")
        : Failure.of(Failure.Kind.RENDEZVOUS_UNREACHABLE, trouble);
  }

  /**
   * How well the external endpoint of each punch port is known, in their order: 0 not at all, 1
   * guessed, 2 seen over TCP.
   */
  List<Integer> certainty() {
    int guess = usualAddress(AddressFamily.IPV4) == null ? 0 : 1;
    return punchPorts.stream()
        .map(port -> tcpView(port, AddressFamily.IPV4) == null ? guess : 2)
        .toList();
  }

  /** The punch port that our first IPv4 endpoint stands for. */
  int meetingPort() {
    return punchPorts.stream()
        .filter(port -> reflexive(port, AddressFamily.IPV4) != null)
        .findFirst()
        .orElse(punchPorts.getFirst());
  }

  Side side() {
    return new Side(candidates(), profile());
  }

  NatProfile profile() {
    NatProfile profile = judged;
    if (profile == null) {
      NatDiagnosis found = diagnosis();
      Remembered memory = remembered;
      profile =
          memory == null
              ? found.profile()
              : memory.completing(found, NetworkId.of(addresses), latest);
      judged = profile;
    }
    return profile;
  }

  /** What others should know who come later to this network; nothing that we only remember. */
  @Nullable Remembered learnt(Instant now) {
    return Remembered.of(addresses, diagnosis(), now);
  }

  private NatDiagnosis diagnosis() {
    return NatClassifier.diagnose(sightings.all(), addresses);
  }

  /**
   * Where others see us: TCP where somebody looked, guessed where nobody did. Of a NAT with several
   * addresses each one that was seen, if not for one of these ports, then for any.
   */
  List<Endpoint> external() {
    List<Endpoint> endpoints = new ArrayList<>(ofPunchPorts());
    int most = endpoints.size() + MAX_OTHER_ADDRESSES;
    for (Observation o : sightings.ofAnyPort()) {
      Endpoint seen = o.observed();
      if (o.transport() == Transport.TCP
          && seen.family() == AddressFamily.IPV4
          && endpoints.size() < most
          && endpoints.stream().noneMatch(seen::sameAddress)) {
        endpoints.add(seen);
      }
    }
    return List.copyOf(endpoints);
  }

  private List<Endpoint> ofPunchPorts() {
    return Arrays.stream(AddressFamily.values())
        .flatMap(family -> punchPorts.stream().map(port -> reflexive(port, family)))
        .filter(endpoint -> endpoint != null)
        .distinct()
        .toList();
  }

  /**
   * Advertised, then reflexive by port, then our own addresses; the most useful first. An own
   * address that others see us by comes with each port, last: a firewall may be in front of it.
   */
  List<Candidate> candidates() {
    List<Candidate> candidates = new ArrayList<>();
    for (Endpoint endpoint : advertised) {
      candidates.add(new Candidate(CandidateKind.ADVERTISED, endpoint));
    }
    List<Endpoint> ofPunchPorts = ofPunchPorts();
    for (Endpoint endpoint : external()) {
      boolean own = addresses.contains(endpoint.address());
      // One port for an address that is not global: more would let a knock scan somebody's network.
      boolean another =
          !endpoint.scope().isGlobal()
              && candidates.stream().anyMatch(c -> c.endpoint().sameAddress(endpoint));
      boolean room =
          ofPunchPorts.contains(endpoint)
              || candidates.size() + hosts().size() < Candidate.MAX_COUNT;
      if (room && !own && !another && endpoint.scope().isRoutable()) {
        candidates.add(new Candidate(CandidateKind.REFLEXIVE, endpoint));
      }
    }
    int first = punchPorts.getFirst();
    for (InetAddress address : hosts()) {
      candidates.add(new Candidate(CandidateKind.HOST, new Endpoint(address, first)));
    }
    ofPunchPorts.stream()
        .filter(e -> e.scope().isGlobal() && hosts().contains(e.address()) && e.port() != first)
        .filter(e -> punchPorts.contains(e.port()))
        .forEach(e -> candidates.add(new Candidate(CandidateKind.HOST, e)));
    return candidates.subList(0, Math.min(candidates.size(), Candidate.MAX_COUNT));
  }

  /** The first few of our addresses; the last place is for the family that the others lack. */
  private List<InetAddress> hosts() {
    List<InetAddress> routable =
        addresses.stream().filter(a -> AddressScope.of(a).isRoutable()).toList();
    if (routable.size() <= MAX_HOST_CANDIDATES) {
      return routable;
    }
    List<InetAddress> hosts = new ArrayList<>(routable.subList(0, MAX_HOST_CANDIDATES));
    AddressFamily family = AddressFamily.of(hosts.getFirst());
    if (hosts.stream().allMatch(a -> AddressFamily.of(a) == family)) {
      routable.stream()
          .filter(a -> AddressFamily.of(a) != family)
          .findFirst()
          .ifPresent(other -> hosts.set(MAX_HOST_CANDIDATES - 1, other));
    }
    return hosts;
  }

  private @Nullable Endpoint reflexive(int port, AddressFamily family) {
    Observation tcp = tcpView(port, family);
    if (tcp != null) {
      return tcp.observed();
    }
    InetAddress guess = usualAddress(family);
    return guess == null ? null : new Endpoint(guess, port);
  }

  /**
   * Most NATs keep the port and use one address for all of a host's traffic, so a look at another
   * port, or at UDP, says where a port nobody looked at most likely appears. What most observers
   * say counts, for one of them may lie; of equals the newest.
   */
  private @Nullable InetAddress usualAddress(AddressFamily family) {
    Map<InetAddress, Integer> votes = new LinkedHashMap<>();
    for (Observation o : sightings.views()) {
      boolean kept = o.observed().port() == o.localPort();
      if (o.observed().family() == family && (kept || o.transport() == Transport.UDP)) {
        votes.merge(o.observed().address(), 1, Integer::sum);
      }
    }
    InetAddress usual = null;
    for (Observation o : sightings.views()) {
      InetAddress address = o.observed().address();
      int count = votes.getOrDefault(address, 0);
      if (count > 0 && (usual == null || count >= votes.getOrDefault(usual, 0))) {
        usual = address;
      }
    }
    return usual;
  }

  private @Nullable Observation tcpView(int port, AddressFamily family) {
    Observation newest = null;
    for (Observation o : sightings.views()) {
      if (o.transport() == Transport.TCP
          && o.localPort() == port
          && o.observed().family() == family) {
        newest = o;
      }
    }
    return newest;
  }

  private static Set<InetAddress> ipv4(List<InetAddress> addresses) {
    return addresses.stream()
        .filter(a -> AddressFamily.of(a) == AddressFamily.IPV4)
        .collect(Collectors.toSet());
  }
}
