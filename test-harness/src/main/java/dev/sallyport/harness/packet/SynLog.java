package dev.sallyport.harness.packet;

import dev.sallyport.domain.address.Endpoint;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows each SYN from the router it leaves to the router it reaches, and so can tell whether two
 * of them crossed on their way: the proof of a simultaneous open (RFC 9293 section 3.5). Safe for
 * use by several threads.
 */
public final class SynLog implements PacketTap {
  /** More than a birthday search sends; past it, SYNs are no longer written down. */
  private static final int MAX_FLIGHTS = 100_000;

  private record Key(Endpoint from, Endpoint to, long sequence) {}

  private static final class Flight {
    private final int site;
    private final Packet.Tcp segment;
    private final long left;
    private long reached;
    private boolean arrived;

    private Flight(int site, Packet.Tcp segment, long left) {
      this.site = site;
      this.segment = segment;
      this.left = left;
    }

    private String line(long zero) {
      String way = segment.from() + " -> " + segment.to() + " seq " + segment.sequence();
      String end =
          arrived ? "arrives at %8.1f".formatted((reached - zero) / 1e6) : "goes elsewhere";
      return "%8.1f  %s  %s".formatted((left - zero) / 1e6, end, way);
    }
  }

  private final List<Flight> flights = new ArrayList<>();
  private final Map<Key, Deque<Flight>> onTheWay = new HashMap<>();

  /** Forgets all SYNs, those under way too. */
  public synchronized void clear() {
    flights.clear();
    onTheWay.clear();
  }

  /** Each SYN in the order they left, with milliseconds since the first: for people. */
  public synchronized List<String> lines() {
    return flights.stream().map(flight -> flight.line(flights.get(0).left)).toList();
  }

  /** How many SYNs from this site have reached another one. */
  public synchronized int delivered(int site) {
    return (int) flights.stream().filter(f -> f.site == site && f.arrived).count();
  }

  /**
   * Whether two SYNs between the same two endpoints crossed: each had left its own router before
   * the other one reached it, and both arrived.
   *
   * @param remote one of the two endpoints, as seen from outside; null for any pair
   */
  public synchronized boolean crossed(@Nullable Endpoint remote) {
    Map<Endpoint, List<Flight>> bySender = new HashMap<>();
    for (Flight flight : flights) {
      if (flight.arrived) {
        bySender.computeIfAbsent(flight.segment.from(), k -> new ArrayList<>()).add(flight);
      }
    }
    return flights.stream()
        .filter(f -> f.arrived && (remote == null || f.segment.to().equals(remote)))
        .anyMatch(
            f ->
                bySender.getOrDefault(f.segment.to(), List.of()).stream()
                    .anyMatch(g -> g.segment.to().equals(f.segment.from()) && meet(f, g)));
  }

  private static boolean meet(Flight one, Flight other) {
    return one.left - other.reached < 0 && other.left - one.reached < 0;
  }

  @Override
  public synchronized void left(int site, Packet packet, long nanos) {
    if (!(packet instanceof Packet.Tcp segment)
        || !segment.opens()
        || flights.size() >= MAX_FLIGHTS) {
      return;
    }
    Flight flight = new Flight(site, segment, nanos);
    flights.add(flight);
    onTheWay.computeIfAbsent(key(segment), k -> new ArrayDeque<>(1)).add(flight);
  }

  @Override
  public synchronized void reached(int site, Packet packet, long nanos) {
    Flight flight = land(packet);
    if (flight != null && flight.site != site) {
      flight.reached = nanos;
      flight.arrived = true;
    }
  }

  @Override
  public synchronized void lost(int site, Packet packet) {
    land(packet);
  }

  /** Takes the oldest copy of this SYN off the wire. */
  private @Nullable Flight land(Packet packet) {
    if (!(packet instanceof Packet.Tcp segment) || !segment.opens()) {
      return null;
    }
    Key key = key(segment);
    Deque<Flight> copies = onTheWay.get(key);
    if (copies == null) {
      return null;
    }
    Flight flight = copies.poll();
    if (copies.isEmpty()) {
      onTheWay.remove(key);
    }
    return flight;
  }

  private static Key key(Packet.Tcp segment) {
    return new Key(segment.from(), segment.to(), segment.sequence());
  }
}
