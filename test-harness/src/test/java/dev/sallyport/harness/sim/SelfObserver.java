package dev.sallyport.harness.sim;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.FilterProbe;
import dev.sallyport.domain.nat.FilterProbe.Outcome;
import dev.sallyport.domain.nat.FilterProbe.Relation;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Observation.Source;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.harness.model.NetModel;
import dev.sallyport.harness.model.NetObserver;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.TcpFlags;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.tcp.ConnectFailure;
import dev.sallyport.harness.tcp.TcpConnection;
import dev.sallyport.harness.tcp.TcpHost;
import dev.sallyport.harness.tcp.TcpListener;
import dev.sallyport.harness.tcp.TupleInUseException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The client of a scenario, which finds out all about its own NAT: it asks STUN servers from its
 * punch ports, and the DHT; then it lets others try to get in.
 */
final class SelfObserver {
  static final List<Integer> PUNCH_PORTS = List.of(40_000, 40_001, 40_002);
  static final int STUN_UDP_PORT = 49_002;
  static final int DHT_UDP_PORT = 49_001;

  private static final Duration PACE = Duration.ofMillis(3);
  private static final Duration SURVEY = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final int TRIES = 3;
  private static final int BYTES = 20;
  private static final int PROBER_PORT = 5000;

  private final World world;
  private final NetModel net;
  private final Hosts hosts;
  private final Middle middle;
  private final TcpHost host;
  private final List<Evidence> evidence = new ArrayList<>();
  private final Set<Endpoint> cameIn = new HashSet<>();
  private final Map<Endpoint, Outcome> refused = new HashMap<>();
  private final Map<Endpoint, Long> refusedAt = new HashMap<>();

  SelfObserver(Scenario scenario) {
    world = new World(scenario.path().seed());
    net = NetModel.of(scenario, world.time, new Refusals());
    hosts = new Hosts(net, world.time, world::part);
    middle = new Middle(hosts, net.addresses(), scenario.stun());
    host = hosts.client();
  }

  InetAddress address() {
    return host.address();
  }

  /** Asks these servers over TCP from each punch port, and over UDP from one. */
  List<Evidence> askStun(List<Endpoint> servers) {
    Duration wait = Duration.ZERO;
    for (Endpoint server : servers) {
      for (int port : PUNCH_PORTS) {
        wait = wait.plus(PACE);
        world.after(wait, () -> askTcp(port, server));
      }
    }
    host.bindUdp(STUN_UDP_PORT, this::answeredOverUdp);
    for (Endpoint server : servers) {
      sendOften(STUN_UDP_PORT, server);
    }
    world.time.runUntil(world.time.now() + SURVEY.toNanos());
    return List.copyOf(evidence);
  }

  List<Evidence> askDht() {
    host.bindUdp(DHT_UDP_PORT, this::answeredOverUdp);
    sendOften(DHT_UDP_PORT, middle.dhtNode());
    world.time.runUntil(world.time.now() + SURVEY.toNanos());
    return List.copyOf(evidence);
  }

  /** Two servers, with one port or with both of each. */
  List<Endpoint> servers(int count, boolean bothPorts) {
    List<Endpoint> servers = new ArrayList<>();
    for (Endpoint server : middle.stunServers().subList(0, count)) {
      servers.add(server);
      if (bothPorts) {
        servers.add(server.withPort(Middle.OTHER_STUN_PORT));
      }
    }
    return servers;
  }

  /** Lets two strangers, and both servers from another port, try to get in. */
  List<Evidence> probe() {
    int tcpPort = PUNCH_PORTS.getFirst();
    host.listen(tcpPort, connection -> cameIn.add(connection.remote()));
    for (Endpoint server : middle.stunServers()) {
      probe(server.withPort(PROBER_PORT), Relation.SAME_ADDRESS_OTHER_PORT, server);
    }
    for (String stranger : List.of("198.18.2.3:5000", "198.18.2.4:5000")) {
      probe(Endpoint.parse(stranger), Relation.OTHER_ADDRESS, middle.stunServers().getFirst());
    }
    return List.copyOf(evidence);
  }

  private void probe(Endpoint prober, Relation relation, Endpoint server) {
    TcpHost other = hosts.inTheMiddle(prober.address());
    for (int i = 0; i < TRIES; i++) {
      Endpoint from = prober.withPort(prober.port() + i);
      int udpPort = STUN_UDP_PORT;
      Endpoint udp = seen(udpPort, Transport.UDP, server);
      other.sendUdp(from.port(), udp, BYTES, "probe");
      world.time.runUntil(world.time.now() + Duration.ofSeconds(1).toNanos());
      note(udpPort, Transport.UDP, from, relation, cameIn.remove(from), Duration.ofSeconds(1));

      int port = PUNCH_PORTS.getFirst();
      long began = world.time.now();
      TcpConnection connection = connect(other, from, seen(port, Transport.TCP, server));
      world.time.runUntil(began + PATIENCE.toNanos());
      Duration after =
          refusedAt.containsKey(from)
              ? Duration.ofNanos(Objects.requireNonNull(refusedAt.get(from)) - began)
              : PATIENCE;
      note(port, Transport.TCP, from, relation, cameIn.remove(from), after);
      connection.abort();
    }
  }

  private void note(
      int port, Transport over, Endpoint from, Relation relation, boolean in, Duration after) {
    Outcome outcome =
        in
            ? Outcome.ARRIVED
            : over == Transport.TCP ? refused.getOrDefault(from, Outcome.SILENCE) : Outcome.SILENCE;
    evidence.add(new FilterProbe(port, over, from, relation, outcome, after, world.now()));
  }

  private Endpoint seen(int port, Transport transport, Endpoint by) {
    for (Evidence piece : evidence) {
      if (piece instanceof Observation o
          && o.localPort() == port
          && o.transport() == transport
          && o.observer().equals(by)) {
        return o.observed();
      }
    }
    throw new IllegalStateException(by + " has not seen port " + port + " over " + transport);
  }

  private static TcpConnection connect(TcpHost from, Endpoint local, Endpoint to) {
    try {
      return from.connect(local.port(), to, new Silent());
    } catch (TupleInUseException e) {
      throw new IllegalStateException(e);
    }
  }

  private void askTcp(int port, Endpoint server) {
    long asked = world.time.now();
    TcpConnection[] mine = new TcpConnection[1];
    try {
      mine[0] =
          host.connect(
              port,
              server,
              new Silent() {
                @Override
                public void established() {
                  mine[0].send("binding", BYTES);
                }

                @Override
                public void received(Object message) {
                  heard(port, (Endpoint) message, Transport.TCP, server, Source.STUN, asked);
                }
              });
    } catch (TupleInUseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As RFC 8489 section 6.2.1 has it: again until somebody answers. */
  private void sendOften(int port, Endpoint to) {
    for (int i = 0; i < 4; i++) {
      world.after(
          Duration.ofMillis(500L * i), () -> host.sendUdp(port, to, BYTES, world.time.now()));
    }
  }

  private void answeredOverUdp(Endpoint from, int length, @Nullable Object body) {
    if (body instanceof Endpoint seen) {
      boolean dht = from.equals(middle.dhtNode());
      heard(
          dht ? DHT_UDP_PORT : STUN_UDP_PORT,
          seen,
          Transport.UDP,
          from,
          dht ? Source.DHT : Source.STUN,
          world.time.now());
    } else {
      cameIn.add(from);
    }
  }

  private void heard(
      int port, Endpoint seen, Transport over, Endpoint by, Source source, long asked) {
    evidence.add(
        new Observation(
            port, seen, over, by, source, Duration.ofNanos(world.time.now() - asked), world.now()));
  }

  /** Tells a reset from an ICMP error, which a socket does not. */
  private final class Refusals implements NetObserver {
    @Override
    public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {
      if (to != Spot.MIDDLE) {
        return;
      }
      switch (packet) {
        case Packet.Icmp error -> note(error.about().from(), Outcome.ICMP, arrives);
        case Packet.Tcp segment when (segment.flags() & TcpFlags.RST) != 0 ->
            note(segment.to(), Outcome.RESET, arrives);
        default -> {}
      }
    }

    private void note(Endpoint prober, Outcome outcome, long at) {
      refused.putIfAbsent(prober, outcome);
      refusedAt.putIfAbsent(prober, at);
    }

    @Override
    public void lost(Spot from, Spot to, Packet packet, long leaves) {}

    @Override
    public void judged(Spot at, Verdict verdict, Packet packet, long now) {}
  }

  static class Silent implements TcpListener {
    @Override
    public void established() {}

    @Override
    public void failed(ConnectFailure why) {}

    @Override
    public void received(Object message) {}

    @Override
    public void closed(boolean reset) {}
  }
}
