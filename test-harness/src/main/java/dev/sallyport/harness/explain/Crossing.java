package dev.sallyport.harness.explain;

import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.packet.Packet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * A packet's way between two spots that both matter: through the open Internet in one go.
 *
 * @param order its place among all that happened
 * @param arrives in nanoseconds; negative if it is lost
 */
record Crossing(int order, Spot from, Spot to, Packet packet, long leaves, long arrives) {
  /** A hop, and its place among all that happened. */
  record Numbered(int order, Trace.Hop hop) {}

  boolean lost() {
    return arrives < 0;
  }

  /**
   * Joins the hops into the middle with those out of it.
   *
   * @param end when the trace ended: what was under way then is left out
   */
  static List<Crossing> of(List<Numbered> hops, long end) {
    List<Crossing> whole = new ArrayList<>();
    IdentityHashMap<Packet, Numbered> under = new IdentityHashMap<>();
    for (Numbered numbered : hops) {
      Trace.Hop hop = numbered.hop();
      if (hop.to() == Spot.MIDDLE && !hop.lost()) {
        under.put(hop.packet(), numbered);
        continue;
      }
      Numbered first = hop.at() == Spot.MIDDLE ? under.remove(hop.packet()) : null;
      whole.add(of(first == null ? numbered : first, hop.to(), hop.arrives()));
    }
    for (Numbered left : under.values()) {
      if (left.hop().arrives() < end) {
        whole.add(of(left, Spot.MIDDLE, -1));
      }
    }
    whole.sort(Comparator.comparingInt(Crossing::order));
    return whole;
  }

  private static Crossing of(Numbered first, Spot to, long arrives) {
    Trace.Hop hop = first.hop();
    return new Crossing(first.order(), hop.at(), to, hop.packet(), hop.nanos(), arrives);
  }
}
