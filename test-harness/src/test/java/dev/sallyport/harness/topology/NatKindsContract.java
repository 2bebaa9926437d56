package dev.sallyport.harness.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import dev.sallyport.harness.topology.Probe.Answer;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of NAT does to real packets what RFC 4787 and RFC 5382 call its kind. */
@ExtendWith(LabNeeds.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class NatKindsContract {
  private final Fabric fabric;

  protected NatKindsContract(Fabric fabric) {
    this.fabric = fabric;
  }

  private static final int PORT = 8765;
  private static final int SILENT_PORT = 8766;
  private static final int OUTER = 4000;

  /** One network for each kind: the tests use different ports, and so do not meet. */
  private final Map<NatKind, Network> networks = new EnumMap<>(NatKind.class);

  private Network network(NatKind kind) throws Exception {
    Network network = networks.get(kind);
    if (network == null) {
      network = fabric.build(Scenario.between(kind, NatKind.NONE));
      networks.put(kind, network);
    }
    return network;
  }

  static Stream<NatKind> kinds() {
    return Arrays.stream(NatKind.values()).filter(NatKind::nftCanPlay);
  }

  @AfterAll
  void closeNetworks() {
    networks.values().forEach(Network::close);
    networks.clear();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void udp_mapsAndFiltersAsItsKind(NatKind kind) throws Exception {
    Network network = network(kind);
    Probe probe = new Probe(network);
    InetAddress x = network.dhtAddresses().get(0);
    InetAddress y = network.dhtAddresses().get(1);
    try (DatagramSocket host = probe.udp(Place.CLIENT, PORT);
        DatagramSocket x1 = probe.udp(Place.MIDDLE, x, OUTER);
        DatagramSocket x2 = probe.udp(Place.MIDDLE, x, OUTER + 1);
        DatagramSocket y1 = probe.udp(Place.MIDDLE, y, OUTER)) {
      Endpoint mapped = Probe.seen(host, x1);
      assertThat(mapped.address()).isEqualTo(network.publicAddress(Place.CLIENT));
      if (kind.keepsPorts()) {
        assertThat(mapped.port()).isEqualTo(PORT);
      }
      Probe.send(x1, mapped);
      assertThat(Probe.hears(host)).as("the remote itself may answer").isTrue();
      Probe.send(x2, mapped);
      assertThat(Probe.hears(host))
          .as("another port of the remote may enter")
          .isEqualTo(kind.filtering() != Behavior.ADDRESS_AND_PORT_DEPENDENT);
      Probe.send(y1, mapped);
      assertThat(Probe.hears(host))
          .as("another address may enter")
          .isEqualTo(kind.filtering() == Behavior.ENDPOINT_INDEPENDENT);
      Endpoint mappedForOtherPort = Probe.seen(host, x2);
      Endpoint mappedForOtherAddress = Probe.seen(host, y1);
      if (kind.mapping() == Behavior.ENDPOINT_INDEPENDENT) {
        assertThat(mappedForOtherPort).isEqualTo(mapped);
        assertThat(mappedForOtherAddress).isEqualTo(mapped);
      } else {
        assertThat(mapped.port()).isNotEqualTo(PORT);
        assertThat(mappedForOtherPort.port()).isNotEqualTo(mapped.port());
        assertThat(mappedForOtherAddress.port()).isNotEqualTo(mapped.port());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void tcp_mapsAndFiltersAsItsKind(NatKind kind) throws Exception {
    Network network = network(kind);
    Probe probe = new Probe(network);
    InetAddress x = network.dhtAddresses().get(0);
    InetAddress y = network.dhtAddresses().get(1);
    InetAddress z = network.dhtAddresses().get(2);
    InetAddress host = network.address(Place.CLIENT);
    try (ServerSocket own = probe.listen(Place.CLIENT, host, PORT);
        ServerSocket atX = probe.listen(Place.MIDDLE, x, OUTER);
        ServerSocket atY = probe.listen(Place.MIDDLE, y, OUTER);
        Socket toX = probe.dial(Place.CLIENT, host, PORT, x, OUTER);
        Socket fromHost = atX.accept()) {
      assertThat(own.isBound() && toX.isConnected()).isTrue();
      Endpoint mapped = Endpoint.of((InetSocketAddress) fromHost.getRemoteSocketAddress());
      assertThat(mapped.address()).isEqualTo(network.publicAddress(Place.CLIENT));

      assertThat(probe.knock(Place.MIDDLE, x, mapped.address(), mapped.port()))
          .as("another port of the remote")
          .isEqualTo(expected(kind, Behavior.ADDRESS_DEPENDENT));
      assertThat(probe.knock(Place.MIDDLE, z, mapped.address(), mapped.port()))
          .as("another address")
          .isEqualTo(expected(kind, Behavior.ENDPOINT_INDEPENDENT));

      try (Socket toY = probe.dial(Place.CLIENT, host, PORT, y, OUTER);
          Socket second = atY.accept()) {
        assertThat(toY.isConnected()).isTrue();
        Endpoint mappedForY = Endpoint.of((InetSocketAddress) second.getRemoteSocketAddress());
        if (kind.mapping() == Behavior.ENDPOINT_INDEPENDENT) {
          assertThat(mapped.port()).isEqualTo(PORT);
          assertThat(mappedForY).isEqualTo(mapped);
        } else {
          assertThat(mapped.port()).isNotEqualTo(PORT);
          assertThat(mappedForY.port()).isNotEqualTo(mapped.port());
        }
      }
    }
  }

  /** What a SYN meets that only a filter as easy as {@code enough} lets in. */
  private static Answer expected(NatKind kind, Behavior enough) {
    return kind.filtering().compareTo(enough) <= 0 ? Answer.ACCEPTED : unsolicited(kind);
  }

  private static Answer unsolicited(NatKind kind) {
    return kind.unsolicitedSyn() == UnsolicitedSyn.RESET ? Answer.RESET : Answer.SILENCE;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aPortThatNeverSentAnything_isClosedBehindEveryNat(NatKind kind) throws Exception {
    Network network = network(kind);
    Probe probe = new Probe(network);
    InetAddress x = network.dhtAddresses().get(0);
    InetAddress outside = network.publicAddress(Place.CLIENT);
    try (ServerSocket own =
        probe.listen(Place.CLIENT, network.address(Place.CLIENT), SILENT_PORT)) {
      assertThat(own.isBound()).isTrue();
      assertThat(probe.knock(Place.MIDDLE, x, outside, SILENT_PORT))
          .isEqualTo(kind.translates() ? unsolicited(kind) : Answer.ACCEPTED);
    }
  }

  @Test
  void aForwardedPort_letsAnyoneIn_throughAnEvenSymmetricNat() throws Exception {
    Scenario scenario =
        Scenario.between(NatKind.NONE, NatKind.NONE)
            .server(Site.behind(NatKind.SYMMETRIC).forwarding(PORT));
    try (Network network = fabric.build(scenario)) {
      Probe probe = new Probe(network);
      InetAddress outside = network.publicAddress(Place.SERVER);
      try (ServerSocket own = probe.listen(Place.SERVER, network.address(Place.SERVER), PORT)) {
        assertThat(own.isBound()).isTrue();
        InetAddress client = network.address(Place.CLIENT);
        assertThat(probe.knock(Place.CLIENT, client, outside, PORT)).isEqualTo(Answer.ACCEPTED);
        assertThat(probe.knock(Place.CLIENT, client, outside, PORT + 1)).isEqualTo(Answer.SILENCE);
      }
    }
  }

  @Test
  void twoSites_mayUseTheSamePrivateAddresses() throws Exception {
    Scenario alike =
        Scenario.between(NatKind.FULL_CONE, NatKind.FULL_CONE).laidOut(Layout.APART_SAME_ADDRESSES);
    try (Network network = fabric.build(alike)) {
      assertThat(network.address(Place.CLIENT)).isEqualTo(network.address(Place.SERVER));
      Probe probe = new Probe(network);
      try (DatagramSocket client = probe.udp(Place.CLIENT, PORT);
          DatagramSocket server = probe.udp(Place.SERVER, PORT);
          DatagramSocket middle = probe.udp(Place.MIDDLE, OUTER)) {
        Probe.send(client, Probe.seen(server, middle));
        assertThat(Probe.hears(server)).isTrue();
      }
    }
  }

  @Test
  void neighbours_reachEachOtherByTheOuterAddress_withHairpinOnly() throws Exception {
    assertThat(neighbourAnswer(Layout.SHARED)).isEqualTo(Answer.SILENCE);
    assertThat(neighbourAnswer(Layout.SHARED_HAIRPIN)).isEqualTo(Answer.ACCEPTED);
  }

  private Answer neighbourAnswer(Layout layout) throws Exception {
    Scenario scenario =
        Scenario.between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED).laidOut(layout);
    try (Network network = fabric.build(scenario)) {
      Probe probe = new Probe(network);
      InetAddress server = network.address(Place.SERVER);
      InetAddress client = network.address(Place.CLIENT);
      try (ServerSocket own = probe.listen(Place.SERVER, server, PORT)) {
        assertThat(probe.knock(Place.CLIENT, client, server, PORT)).isEqualTo(Answer.ACCEPTED);
        own.accept().close();
        mapTowardsTheMiddle(probe, server);
        Answer answer =
            probe.knock(Place.CLIENT, client, network.publicAddress(Place.SERVER), PORT);
        if (answer == Answer.ACCEPTED) {
          try (Socket accepted = own.accept()) {
            assertThat(accepted.getInetAddress())
                .as("the source of a hairpinned packet is the outer address")
                .isEqualTo(network.publicAddress(Place.CLIENT));
          }
        }
        return answer;
      }
    }
  }

  /** Gives the port of the host a mapping. */
  private static void mapTowardsTheMiddle(Probe probe, InetAddress host)
      throws IOException, InterruptedException {
    InetAddress x = probe.network().dhtAddresses().get(0);
    try (ServerSocket atX = probe.listen(Place.MIDDLE, x, OUTER);
        Socket toX = probe.dial(Place.SERVER, host, PORT, x, OUTER)) {
      assertThat(atX.isBound() && toX.isConnected()).isTrue();
    }
  }
}
