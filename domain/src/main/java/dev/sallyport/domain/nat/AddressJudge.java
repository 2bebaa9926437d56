package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.AddressScope;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which addresses we have outside: rules 14 to 16 of {@link NatClassifier}. */
final class AddressJudge {
  private AddressJudge() {}

  /** The external addresses over all transports given. */
  static Finding<List<InetAddress>> external(Views... transports) {
    Map<Witness, Set<InetAddress>> seen = seen(transports);
    Map<InetAddress, Integer> votes = new HashMap<>();
    seen.values().forEach(own -> own.forEach(address -> votes.merge(address, 1, Integer::sum)));
    List<InetAddress> believed = withMoreThan(seen.size() / 2, votes);
    long poolSeen = seen.values().stream().filter(own -> own.size() > 1).count();
    if (believed.size() < 2 && 2 * poolSeen > seen.size()) {
      return Finding.of(withMoreThan(0, votes), Confidence.GUESS);
    }
    if (believed.isEmpty()) {
      List<InetAddress> twice = withMoreThan(1, votes);
      List<InetAddress> guess = twice.isEmpty() ? withMoreThan(0, votes) : twice;
      return guess.isEmpty() ? Finding.unknown() : Finding.of(guess, Confidence.GUESS);
    }
    // Where there is a pool, one more address of it contradicts nobody.
    boolean pool = believed.size() > 1;
    long dissent =
        seen.values().stream()
            .filter(own -> pool ? Collections.disjoint(own, believed) : !believed.containsAll(own))
            .count();
    int support =
        believed.stream().mapToInt(address -> votes.getOrDefault(address, 0)).min().orElse(1);
    return Finding.of(believed, Confidence.of(support, (int) dissent));
  }

  /** Who saw what; without DHT nodes, if there are STUN servers enough. */
  private static Map<Witness, Set<InetAddress>> seen(Views... transports) {
    Map<Witness, Set<InetAddress>> seen = new HashMap<>();
    for (Views views : transports) {
      for (Observation o : views.all()) {
        seen.computeIfAbsent(Witness.of(o), w -> new HashSet<>()).add(o.observed().address());
      }
    }
    if (seen.keySet().stream().filter(w -> w.source() == Observation.Source.STUN).count() > 1) {
      seen.keySet().removeIf(w -> w.source() != Observation.Source.STUN);
    }
    return seen;
  }

  private static List<InetAddress> withMoreThan(int few, Map<InetAddress, Integer> votes) {
    return votes.keySet().stream()
        .filter(address -> votes.getOrDefault(address, 0) > few)
        .sorted((a, b) -> Arrays.compareUnsigned(a.getAddress(), b.getAddress()))
        .toList();
  }

  /** Whether there is a NAT at all: each witness says whether it saw an address of the host. */
  static Finding<Boolean> translated(Collection<InetAddress> hostAddresses, Views... transports) {
    Map<Witness, Set<InetAddress>> seen = seen(transports);
    if (seen.isEmpty() || hostAddresses.stream().noneMatch(AddressJudge::isIpv4)) {
      return Finding.unknown();
    }
    int same = (int) seen.values().stream().filter(own -> hostAddresses.containsAll(own)).count();
    int other = seen.size() - same;
    if (same == other) {
      return Finding.unknown();
    }
    return Finding.of(
        other > same,
        other > same
            ? Confidence.of(other, same, Confidence.DIFFERENCE)
            : Confidence.of(same, other));
  }

  static Set<CarrierSign> carrierSigns(
      Views tcp,
      Views udp,
      Finding<PortAllocation> allocation,
      Collection<InetAddress> hostAddresses) {
    Set<CarrierSign> signs = EnumSet.noneOf(CarrierSign.class);
    if (hostAddresses.stream().anyMatch(a -> AddressScope.of(a) == AddressScope.SHARED)) {
      signs.add(CarrierSign.HOST_ADDRESS_SHARED);
    }
    List<InetAddress> all = sure(external(tcp, udp));
    List<InetAddress> foreign = all.stream().filter(a -> !hostAddresses.contains(a)).toList();
    if (foreign.stream().anyMatch(a -> AddressScope.of(a) == AddressScope.SHARED)) {
      signs.add(CarrierSign.EXTERNAL_ADDRESS_SHARED);
    }
    if (foreign.stream().anyMatch(a -> AddressScope.of(a) == AddressScope.PRIVATE)
        && foreign.stream().anyMatch(a -> AddressScope.of(a).isGlobal())) {
      signs.add(CarrierSign.EXTERNAL_ADDRESS_PRIVATE);
    }
    if (foreign.stream().filter(a -> AddressScope.of(a).isGlobal()).count() > 1) {
      signs.add(CarrierSign.SEVERAL_ADDRESSES);
    }
    List<InetAddress> overTcp = sure(external(tcp));
    List<InetAddress> overUdp = sure(external(udp));
    if (!overTcp.isEmpty() && !overUdp.isEmpty() && Collections.disjoint(overTcp, overUdp)) {
      signs.add(CarrierSign.TRANSPORTS_DISAGREE);
    }
    if (allocation.confidence() >= Confidence.SURE
        && allocation.value() instanceof PortAllocation.Block) {
      signs.add(CarrierSign.PORT_BLOCK);
    }
    return signs;
  }

  private static List<InetAddress> sure(Finding<List<InetAddress>> external) {
    List<InetAddress> addresses = external.value();
    return addresses == null || external.confidence() < Confidence.SURE ? List.of() : addresses;
  }

  static boolean hasGlobalIpv6(Collection<InetAddress> hostAddresses) {
    return hostAddresses.stream().anyMatch(a -> !isIpv4(a) && AddressScope.of(a).isGlobal());
  }

  private static boolean isIpv4(InetAddress address) {
    return AddressFamily.of(address) == AddressFamily.IPV4;
  }
}
