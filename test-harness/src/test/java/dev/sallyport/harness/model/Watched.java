package dev.sallyport.harness.model;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.sim.VirtualTime;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A network in virtual time, and what arrives at its ends. */
final class Watched implements NetObserver {
  static final long MS = 1_000_000L;

  /** A packet that has arrived. */
  record Arrival(Spot at, long nanos, Packet packet) {
    /** {@code server at 50.0 ms: UDP 192.0.2.1:1 > 192.0.2.2:2}. */
    @Override
    public String toString() {
      return at.words() + " at " + nanos / 1e6 + " ms: " + packet;
    }
  }

  final VirtualTime time = new VirtualTime();
  final NetModel net;
  final List<Arrival> arrivals = new ArrayList<>();
  final List<String> verdicts = new ArrayList<>();
  int lost;

  Watched(Scenario scenario) {
    net = NetModel.of(scenario, time, this);
    for (Spot spot : List.of(Spot.CLIENT, Spot.MIDDLE, Spot.SERVER)) {
      net.attach(spot, packet -> arrivals.add(new Arrival(spot, time.now(), packet)));
    }
  }

  static InetAddress address(String literal) {
    return Objects.requireNonNull(IpLiteral.parse(literal));
  }

  /** Sends a datagram from a host's own address. */
  void sendFrom(Spot spot, int port, String to) {
    Endpoint from = new Endpoint(net.addresses().host(spot), port);
    net.send(spot, new Packet.Udp(from, Endpoint.parse(to), 1, null));
  }

  /** Sends a numbered datagram from the one host to the other. */
  void sendAcross(int number) {
    Endpoint from = new Endpoint(net.addresses().host(Spot.CLIENT), 4000);
    Endpoint to = new Endpoint(net.addresses().host(Spot.SERVER), 4000);
    net.send(Spot.CLIENT, new Packet.Udp(from, to, 1, number));
  }

  /** Lets ten seconds pass, and says what has arrived meanwhile. */
  List<String> arrived() {
    arrivals.clear();
    time.runUntil(time.now() + 10_000 * MS);
    return arrivals.stream().map(Arrival::toString).toList();
  }

  /** The numbers of the datagrams that have arrived so far, in the order in which they have. */
  List<Integer> numbers() {
    List<Integer> numbers = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      if (arrival.packet instanceof Packet.Udp udp && udp.body() instanceof Integer number) {
        numbers.add(number);
      }
    }
    return numbers;
  }

  @Override
  public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {}

  @Override
  public void lost(Spot from, Spot to, Packet packet, long leaves) {
    lost++;
  }

  @Override
  public void judged(Spot at, Verdict verdict, Packet packet, long now) {
    verdicts.add(at.words() + " " + verdict);
  }
}
