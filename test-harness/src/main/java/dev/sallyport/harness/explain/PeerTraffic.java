package dev.sallyport.harness.explain;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.harness.model.Addresses;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Of a trace, what went between the two sites; what they asked servers in the middle is left out. */
final class PeerTraffic {
  private final List<Crossing> crossings;
  private final List<Trace.Judged> judgements = new ArrayList<>();
  private final List<Trace.Told> links = new ArrayList<>();
  private final long start;

  PeerTraffic(Trace trace, Addresses addresses) {
    List<Trace.Hop> hops = new ArrayList<>();
    for (Trace.Entry entry : trace.entries()) {
      switch (entry) {
        case Trace.Hop hop when isBetween(hop.packet(), addresses) -> hops.add(hop);
        case Trace.Judged judged when isBetween(judged.packet(), addresses) ->
            judgements.add(judged);
        case Trace.Told told when told.progress() instanceof Progress.Connected -> links.add(told);
        default -> {}
      }
    }
    crossings =
        Crossing.of(hops, trace.entries().isEmpty() ? 0 : trace.entries().getLast().nanos());
    start = crossings.isEmpty() ? 0 : crossings.getFirst().leaves();
  }

  private static boolean isBetween(Packet packet, Addresses addresses) {
    return switch (packet) {
      case Packet.Flow flow ->
          !addresses.isMiddle(flow.source()) && !addresses.isMiddle(flow.destination());
      case Packet.Icmp icmp ->
          !addresses.isMiddle(icmp.about().source())
              && !addresses.isMiddle(icmp.about().destination());
    };
  }

  /** In the order they left. */
  List<Crossing> crossings() {
    return crossings;
  }

  List<Trace.Judged> judgements() {
    return judgements;
  }

  /** Who was told of a link, and when. */
  List<Trace.Told> links() {
    return links;
  }

  /** When the first packet left; 0 if there is none. */
  long start() {
    return start;
  }

  /** The SYNs that leave this host's site for the other one, as the Internet sees them. */
  List<Crossing> synsLeaving(Spot host) {
    boolean client = host == Spot.CLIENT;
    return crossings.stream()
        .filter(c -> c.packet() instanceof Packet.Tcp tcp && tcp.opens())
        .filter(c -> c.from() != c.to() && isClients(c.from()) == client && crosses(c))
        .toList();
  }

  /** What the outermost NAT of a host's site does with SYNs to these endpoints. */
  Map<Verdict, Integer> fateAt(Spot host, Set<Endpoint> targets) {
    Map<Verdict, Integer> fate = new EnumMap<>(Verdict.class);
    for (Trace.Judged judged : judgements) {
      if (isClients(judged.at()) == (host == Spot.CLIENT)
          && judged.packet() instanceof Packet.Tcp tcp
          && tcp.opens()
          && targets.contains(tcp.to())) {
        fate.merge(judged.verdict(), 1, Integer::sum);
      }
    }
    return fate;
  }

  private static boolean isClients(Spot spot) {
    return spot.compareTo(Spot.MIDDLE) < 0;
  }

  /** Whether it is between the sites, and not within one of them. */
  private static boolean crosses(Crossing crossing) {
    return crossing.to() == Spot.MIDDLE || isClients(crossing.from()) != isClients(crossing.to());
  }
}
