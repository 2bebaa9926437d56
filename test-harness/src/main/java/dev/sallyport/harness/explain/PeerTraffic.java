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

/**
 * Of a trace, what went between the two sites. What they asked servers in the middle is left out,
 * and so are dials to private addresses of a network that they are not on.
 */
final class PeerTraffic {
  /** What a NAT decided, and its place among all that happened. */
  record Decision(int order, Trace.Judged judged) {}

  /** What a user was told, and its place among all that happened. */
  record News(int order, Trace.Told told) {}

  private final List<Crossing> crossings;
  private final List<Decision> decisions = new ArrayList<>();
  private final List<News> links = new ArrayList<>();
  private final long start;

  PeerTraffic(Trace trace, Addresses addresses) {
    List<Crossing.Numbered> hops = new ArrayList<>();
    List<Trace.Entry> entries = trace.entries();
    for (int order = 0; order < entries.size(); order++) {
      switch (entries.get(order)) {
        case Trace.Hop hop when isBetween(hop.at(), hop.packet(), addresses) ->
            hops.add(new Crossing.Numbered(order, hop));
        case Trace.Judged judged when isBetween(judged.at(), judged.packet(), addresses) ->
            decisions.add(new Decision(order, judged));
        case Trace.Told told when told.progress() instanceof Progress.Connected ->
            links.add(new News(order, told));
        default -> {}
      }
    }
    crossings = Crossing.of(hops, entries.isEmpty() ? 0 : entries.getLast().nanos());
    start = crossings.isEmpty() ? 0 : crossings.getFirst().leaves();
  }

  private static boolean isBetween(Spot at, Packet packet, Addresses addresses) {
    Packet.Flow flow = packet instanceof Packet.Icmp icmp ? icmp.about() : (Packet.Flow) packet;
    return !addresses.isMiddle(flow.source())
        && !addresses.isMiddle(flow.destination())
        && !addresses.isAstray(at, flow);
  }

  /** In the order they left. */
  List<Crossing> crossings() {
    return crossings;
  }

  List<Decision> decisions() {
    return decisions;
  }

  /** Who was told of a link, and when. */
  List<News> links() {
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
    for (Decision decision : decisions) {
      Trace.Judged judged = decision.judged();
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
