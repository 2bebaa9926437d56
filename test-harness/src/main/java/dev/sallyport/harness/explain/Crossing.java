package dev.sallyport.harness.explain;

import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.packet.Packet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A packet's way between two spots that both matter: through the open Internet in one go.
 *
 * @param arrives in nanoseconds; negative if it is lost
 */
record Crossing(Spot from, Spot to, Packet packet, long leaves, long arrives) {
  boolean lost() {
    return arrives < 0;
  }

  /**
   * Joins the hops into the middle with those out of it.
   *
   * @param end when the trace ended: what was under way then is left out
   */
  static List<Crossing> of(List<Trace.Hop> hops, long end) {
    List<Crossing> whole = new ArrayList<>();
    Map<Packet, Trace.Hop> under = new IdentityHashMap<>();
    for (Trace.Hop hop : hops) {
      if (hop.to() == Spot.MIDDLE && !hop.lost()) {
        under.put(hop.packet(), hop);
        continue;
      }
      Trace.Hop before = hop.at() == Spot.MIDDLE ? under.remove(hop.packet()) : null;
      Spot from = before == null ? hop.at() : before.at();
      long leaves = before == null ? hop.nanos() : before.nanos();
      whole.add(new Crossing(from, hop.to(), hop.packet(), leaves, hop.arrives()));
    }
    for (Map.Entry<Packet, Trace.Hop> left : under.entrySet()) {
      Trace.Hop hop = left.getValue();
      if (hop.arrives() < end) {
        whole.add(new Crossing(hop.at(), Spot.MIDDLE, left.getKey(), hop.nanos(), -1));
      }
    }
    whole.sort(Comparator.comparingLong(Crossing::leaves));
    return whole;
  }
}
