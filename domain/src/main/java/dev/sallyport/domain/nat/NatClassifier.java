package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import java.net.InetAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Observations in, profile out (RFC 4787 section 4.1: compare what different observers see for one
 * local port). A pure function.
 */
public final class NatClassifier {
  private static final int TWO_OBSERVERS = 80;
  private static final int ONE_OBSERVER = 40;

  private NatClassifier() {}

  /**
   * What the observations say of the NATs in the way; what they do not say stays unknown.
   *
   * @param hostAddresses the host's own addresses
   */
  public static NatProfile classify(
      Collection<Observation> observations, Collection<InetAddress> hostAddresses) {
    return new NatProfile(
        mapping(observations, Transport.TCP),
        mapping(observations, Transport.UDP),
        Finding.unknown(),
        Finding.unknown(),
        allocation(observations),
        Finding.unknown(),
        hostAddresses.stream().anyMatch(a -> AddressScope.of(a) == AddressScope.SHARED),
        hostAddresses.stream()
            .anyMatch(
                a -> AddressFamily.of(a) == AddressFamily.IPV6 && AddressScope.of(a).isGlobal()));
  }

  private static Finding<Behavior> mapping(
      Collection<Observation> observations, Transport transport) {
    Map<Integer, Set<Endpoint>> seen = new HashMap<>();
    Map<Integer, Set<Endpoint>> observers = new HashMap<>();
    for (Observation o : observations) {
      if (o.transport() == transport && isIpv4(o)) {
        seen.computeIfAbsent(o.localPort(), p -> new HashSet<>()).add(o.observed());
        observers.computeIfAbsent(o.localPort(), p -> new HashSet<>()).add(o.observer());
      }
    }
    boolean differs = seen.values().stream().anyMatch(endpoints -> endpoints.size() > 1);
    if (differs) {
      return Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, ONE_OBSERVER);
    }
    boolean compared = observers.values().stream().anyMatch(who -> who.size() > 1);
    return compared ? Finding.of(Behavior.ENDPOINT_INDEPENDENT, TWO_OBSERVERS) : Finding.unknown();
  }

  private static Finding<PortAllocation> allocation(Collection<Observation> observations) {
    List<Observation> tcp =
        observations.stream().filter(o -> o.transport() == Transport.TCP && isIpv4(o)).toList();
    if (tcp.isEmpty() || tcp.stream().anyMatch(o -> o.observed().port() != o.localPort())) {
      return Finding.unknown();
    }
    return Finding.of(
        new PortAllocation.Preserving(), tcp.size() > 1 ? TWO_OBSERVERS : ONE_OBSERVER);
  }

  /** IPv6 is hardly ever translated: it would say "no NAT" of a NAT. */
  private static boolean isIpv4(Observation o) {
    return o.observed().family() == AddressFamily.IPV4;
  }
}
