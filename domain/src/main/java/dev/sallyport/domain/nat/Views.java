package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The latest that each observer says of each of our ports over one transport: rule 1 of {@link
 * NatClassifier}. Immutable.
 */
final class Views {
  /** A total order, so that what comes out does not depend on the order of what came in. */
  static final Comparator<Endpoint> ENDPOINTS =
      Comparator.comparing(
              (Endpoint endpoint) -> endpoint.address().getAddress(), Arrays::compareUnsigned)
          .thenComparingInt(Endpoint::port);

  private static final Comparator<Observation> LATEST =
      Comparator.comparing(Observation::seenAt)
          .thenComparing(Observation::askedAt)
          .thenComparing(Observation::observed, ENDPOINTS);

  private final List<Observation> latest;

  private record Place(int localPort, Endpoint observer, Observation.Source source) {}

  private Views(List<Observation> latest) {
    this.latest = latest;
  }

  /** IPv6 is left out: it is hardly ever translated, and would say "no NAT" of a NAT. */
  static Views of(Collection<Observation> observations, Transport transport) {
    Map<Place, Observation> latest = new HashMap<>();
    for (Observation o : observations) {
      if (o.transport() == transport && o.observed().family() == AddressFamily.IPV4) {
        latest.merge(
            new Place(o.localPort(), o.observer(), o.source()),
            o,
            (a, b) -> LATEST.compare(a, b) >= 0 ? a : b);
      }
    }
    return new Views(List.copyOf(latest.values()));
  }

  Views only(Predicate<Observation> kept) {
    return new Views(latest.stream().filter(kept).toList());
  }

  Views by(Observation.Source source) {
    return only(o -> o.source() == source);
  }

  /** The same with each port half of them all further, so that the highest and the lowest meet. */
  Views halfRound() {
    return new Views(
        latest.stream()
            .map(
                o ->
                    new Observation(
                        o.localPort(),
                        new Endpoint(
                            o.observed().address(), PortRanges.halfRound(o.observed().port())),
                        o.transport(),
                        o.observer(),
                        o.source(),
                        o.roundTrip(),
                        o.seenAt()))
            .toList());
  }

  /** In no order. */
  List<Observation> all() {
    return latest;
  }

  Set<Witness> witnesses() {
    Set<Witness> witnesses = new HashSet<>();
    latest.forEach(o -> witnesses.add(Witness.of(o)));
    return witnesses;
  }

  Map<Witness, List<Observation>> byWitness() {
    Map<Witness, List<Observation>> views = new HashMap<>();
    latest.forEach(o -> views.computeIfAbsent(Witness.of(o), w -> new ArrayList<>()).add(o));
    return views;
  }
}
