package dev.sallyport.harness.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.topology.Probe.Answer;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** IPv6 passes by the NATs, through the wire, and meets a firewall or none. */
@ExtendWith(LabNeeds.WithIpv6.class)
public abstract class Ipv6Contract {
  private static final int PORT = 8765;
  private static final Scenario HOMES = Scenario.between(NatKind.SYMMETRIC, NatKind.SYMMETRIC);

  private final Fabric fabric;

  protected Ipv6Contract(Fabric fabric) {
    this.fabric = fabric;
  }

  @Test
  void aFirewall_letsNobodyInWhoWasNotAsked() throws Exception {
    try (Network network = fabric.build(HOMES.ipv6(Ipv6.FIREWALL))) {
      Probe probe = new Probe(network);
      assertThat(answer(probe, Place.MIDDLE, Place.CLIENT)).isEqualTo(Answer.SILENCE);
      assertThat(answer(probe, Place.SERVER, Place.CLIENT)).isEqualTo(Answer.SILENCE);
      assertThat(answer(probe, Place.CLIENT, Place.MIDDLE)).isEqualTo(Answer.ACCEPTED);
      try (DatagramSocket client = probe.udp(Place.CLIENT, address(network, Place.CLIENT), PORT);
          DatagramSocket asked = probe.udp(Place.MIDDLE, address(network, Place.MIDDLE), PORT);
          DatagramSocket other = probe.udp(Place.MIDDLE, address(network, Place.MIDDLE), 53)) {
        Endpoint seen = Probe.seen(client, asked);
        assertThat(seen).isEqualTo(new Endpoint(address(network, Place.CLIENT), PORT));
        Probe.send(other, seen);
        assertThat(Probe.hears(client)).as("from another port").isFalse();
        Probe.send(asked, seen);
        assertThat(Probe.hears(client)).as("from the port that was asked").isTrue();
      }
    }
  }

  @Test
  void twoFirewalls_areCrossedBySynsThatCross() throws Exception {
    try (Network network = fabric.build(HOMES.delayMillis(100).ipv6(Ipv6.FIREWALL))) {
      Probe probe = new Probe(network);
      long start = System.nanoTime();
      FutureTask<Socket> fromServer = inBackground(() -> dial(probe, Place.SERVER, Place.CLIENT));
      try (Socket one = dial(probe, Place.CLIENT, Place.SERVER);
          Socket other = fromServer.get()) {
        one.getOutputStream().write(42);
        assertThat(other.getInputStream().read()).isEqualTo(42);
      }
      // The SYNs that cross, and the byte: each takes the delay, less 2 % of jitter.
      assertThat((System.nanoTime() - start) / 1e6).isGreaterThan(2 * 98);
      Endpoint server = new Endpoint(address(network, Place.SERVER), PORT);
      assertThat(network.syns().crossed(server)).isTrue();
    }
  }

  @Test
  void anOpenRouter_letsAnybodyIn() throws Exception {
    try (Network network = fabric.build(HOMES.ipv6(Ipv6.OPEN))) {
      Probe probe = new Probe(network);
      assertThat(answer(probe, Place.MIDDLE, Place.CLIENT)).isEqualTo(Answer.ACCEPTED);
      assertThat(answer(probe, Place.CLIENT, Place.SERVER)).isEqualTo(Answer.ACCEPTED);
      for (Place place : Place.values()) {
        assertThat(AddressScope.of(address(network, place)).isGlobal()).isTrue();
      }
    }
  }

  @Test
  void whereNoStunServersAre_packetsToThemVanish() throws Exception {
    try (Network network = fabric.build(HOMES.withoutStun().ipv6(Ipv6.OPEN))) {
      Probe probe = new Probe(network);
      InetAddress client = address(network, Place.CLIENT);
      List<InetAddress> servers =
          network.stunAddresses().stream().filter(a -> a instanceof Inet6Address).toList();
      assertThat(servers).hasSize(2);
      for (InetAddress server : servers) {
        assertThat(probe.knock(Place.CLIENT, client, server, 3478)).isEqualTo(Answer.SILENCE);
      }
    }
  }

  @Test
  void neighbours_needNoRouter() throws Exception {
    try (Network network = fabric.build(HOMES.laidOut(Layout.SHARED).ipv6(Ipv6.FIREWALL))) {
      Probe probe = new Probe(network);
      assertThat(answer(probe, Place.CLIENT, Place.SERVER)).isEqualTo(Answer.ACCEPTED);
      assertThat(answer(probe, Place.MIDDLE, Place.SERVER)).isEqualTo(Answer.SILENCE);
    }
  }

  @Test
  void oneSite_mayHaveIt_andTheOtherNot() throws Exception {
    Scenario one = HOMES.client(HOMES.client().ipv6(Ipv6.OPEN));
    try (Network network = fabric.build(one)) {
      assertThat(network.ipv6Address(Place.SERVER)).isEmpty();
      assertThat(answer(new Probe(network), Place.MIDDLE, Place.CLIENT)).isEqualTo(Answer.ACCEPTED);
    }
    try (Network network = fabric.build(HOMES)) {
      assertThat(network.ipv6Address(Place.CLIENT)).isEmpty();
      assertThat(network.ipv6Address(Place.MIDDLE)).isEmpty();
    }
  }

  private static InetAddress address(Network network, Place place) {
    return network.ipv6Address(place).orElseThrow();
  }

  /** What a host hears that dials a port where the other one listens. */
  private static Answer answer(Probe probe, Place from, Place to) throws Exception {
    Network network = probe.network();
    try (ServerSocket listener = probe.listen(to, address(network, to), PORT)) {
      assertThat(listener.isBound()).isTrue();
      return probe.knock(from, address(network, from), address(network, to), PORT);
    }
  }

  private static Socket dial(Probe probe, Place from, Place to) throws Exception {
    Network network = probe.network();
    return probe.dial(from, address(network, from), PORT, address(network, to), PORT);
  }

  private static <T> FutureTask<T> inBackground(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread.ofPlatform().daemon().start(future);
    return future;
  }
}
