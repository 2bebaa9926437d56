package dev.sallyport.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.TcpFlags;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where packets go between the hosts. What the lines do to them is in {@link LineTest}. */
class NetModelTest {
  private static final String MIDDLE = "198.18.2.1:7000";

  @Test
  void betweenOpenHosts_aPacketTakesTheDelay_andHalfOfItToTheMiddle() {
    Watched lab = new Watched(between(NatKind.NONE, NatKind.NONE));
    lab.sendFrom(Spot.CLIENT, 4000, "198.18.21.10:5000");
    lab.sendFrom(Spot.SERVER, 5000, MIDDLE);
    assertThat(lab.arrived())
        .containsExactly(
            "middle at 25.0 ms: UDP 198.18.21.10:5000 > 198.18.2.1:7000",
            "server at 50.0 ms: UDP 198.18.11.10:4000 > 198.18.21.10:5000");
    assertThat(lab.verdicts).isEmpty();
  }

  @Test
  void theMiddleAnswers_throughTheNat() {
    Watched lab = new Watched(between(NatKind.PORT_RESTRICTED, NatKind.NONE));
    lab.sendFrom(Spot.CLIENT, 4000, MIDDLE);
    assertThat(lab.arrived())
        .containsExactly("middle at 25.0 ms: UDP 198.18.10.2:4000 > 198.18.2.1:7000");
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, "198.18.10.2:4000"));
    assertThat(lab.arrived())
        .containsExactly("client at 10025.0 ms: UDP 198.18.2.1:7000 > 192.168.10.10:4000");
    assertThat(lab.verdicts).containsExactly("client NAT MAPPED", "client NAT ADMITTED");
  }

  @Test
  void whoIsInTheMiddle_isNotReachedElsewhere() {
    Watched lab = new Watched(between(NatKind.FULL_CONE, NatKind.NONE));
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, "192.168.10.10:4000"));
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, "198.18.10.2:4000"));
    assertThat(lab.arrived())
        .containsExactly(
            "middle at 0.0 ms: ICMP host unreachable about UDP "
                + MIDDLE
                + " > 192.168.10.10:4000");
    assertThat(lab.verdicts).containsExactly("client NAT NO_MAPPING");
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "PORT_RESTRICTED", "SYMMETRIC", "FIREWALL"})
  void whereNobodyIs_theMiddleAnswersSo_aboutWhatTheHostHasSent(NatKind kind) {
    Watched lab = new Watched(between(kind, NatKind.NONE));
    lab.sendFrom(Spot.CLIENT, 4000, "203.0.113.5:80");
    String own = lab.net.addresses().host(Spot.CLIENT).getHostAddress();
    assertThat(lab.arrived())
        .containsExactly(
            "client at 50.0 ms: ICMP host unreachable about UDP " + own + ":4000 > 203.0.113.5:80");
    assertThat(lab.arrivals.getFirst().packet().source()).isEqualTo(lab.net.addresses().middle());
  }

  @Test
  void aNeighbourThatIsNotThere_isGivenUpAfterThreeSeconds() {
    Watched lab = new Watched(between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED));
    lab.sendFrom(Spot.CLIENT, 4000, "192.168.10.99:80");
    lab.sendFrom(Spot.SERVER, 4000, "192.168.20.99:80");
    assertThat(lab.arrived())
        .containsExactly(
            "client at 3000.0 ms: ICMP host unreachable about UDP 192.168.10.10:4000 >"
                + " 192.168.10.99:80",
            "server at 3000.0 ms: ICMP host unreachable about UDP 192.168.20.10:4000 >"
                + " 192.168.20.99:80");
    assertThat(lab.verdicts).as("it is the host that notices").isEmpty();
  }

  @Test
  void onlyWhoIsBehindANat_waitsForANeighbour() {
    Watched lab = new Watched(between(NatKind.NONE, NatKind.PORT_RESTRICTED));
    lab.sendFrom(Spot.SERVER, 4000, "192.168.20.99:80");
    assertThat(lab.arrived()).singleElement().asString().startsWith("server at 3000.0 ms: ICMP");
    lab.arrivals.clear();
    lab.sendFrom(Spot.CLIENT, 4000, "198.18.11.99:80");
    assertThat(lab.arrived()).singleElement().asString().startsWith("client at 10050.0 ms: ICMP");
  }

  @Test
  void inTheMiddle_nothingArrivesWhileItIsSent_andErrorsComeBack() {
    Watched lab = new Watched(between(NatKind.NONE, NatKind.NONE));
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, "198.18.1.1:53"));
    assertThat(lab.arrivals).isEmpty();
    assertThat(lab.arrived())
        .containsExactly("middle at 0.0 ms: UDP " + MIDDLE + " > 198.18.1.1:53");
    lab.arrivals.clear();
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, "198.18.99.1:53"));
    assertThat(lab.arrived()).singleElement().asString().startsWith("middle at 10000.0 ms: ICMP");
  }

  @Test
  void aPrivateAddressOfAnotherNetwork_isUnknownInTheMiddle() {
    Watched lab = new Watched(between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED));
    lab.sendFrom(Spot.CLIENT, 4000, "192.168.20.10:4000");
    assertThat(lab.arrived())
        .containsExactly(
            "client at 50.0 ms: ICMP host unreachable about UDP 192.168.10.10:4000 >"
                + " 192.168.20.10:4000");
  }

  @Test
  void withTheSamePrivateAddresses_aHostMeetsItselfWhereItLooksForTheOther() {
    Watched lab =
        new Watched(
            between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED)
                .laidOut(Layout.APART_SAME_ADDRESSES));
    lab.sendFrom(Spot.CLIENT, 4000, "192.168.10.10:4000");
    assertThat(lab.arrived())
        .containsExactly("client at 0.0 ms: UDP 192.168.10.10:4000 > 192.168.10.10:4000");
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "PORT_RESTRICTED"})
  void neighbours_reachEachOtherWithoutTheirRouter(NatKind kind) {
    Watched lab = new Watched(between(kind, kind).laidOut(Layout.SHARED));
    String server = lab.net.addresses().host(Spot.SERVER).getHostAddress();
    lab.sendFrom(Spot.CLIENT, 4000, server + ":5000");
    assertThat(lab.arrived()).hasSize(1).allMatch(one -> one.startsWith("server at 0.2 ms: UDP"));
    assertThat(lab.verdicts).isEmpty();
  }

  @Test
  void neighbours_shareTheOuterAddress_andEachGetsItsAnswers() {
    Watched lab = new Watched(between(NatKind.FULL_CONE, NatKind.FULL_CONE).laidOut(Layout.SHARED));
    lab.sendFrom(Spot.CLIENT, 4000, MIDDLE);
    lab.sendFrom(Spot.SERVER, 5000, MIDDLE);
    assertThat(lab.arrived())
        .containsExactly(
            "middle at 25.0 ms: UDP 198.18.10.2:4000 > 198.18.2.1:7000",
            "middle at 25.0 ms: UDP 198.18.10.2:5000 > 198.18.2.1:7000");
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, "198.18.10.2:5000"));
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, "198.18.10.2:4000"));
    assertThat(lab.arrived())
        .containsExactly(
            "server at 10025.0 ms: UDP 198.18.2.1:7000 > 192.168.10.11:5000",
            "client at 10025.0 ms: UDP 198.18.2.1:7000 > 192.168.10.10:4000");
  }

  @Test
  void theirRouter_turnsPacketsBack_onlyIfItDoesHairpin() {
    Watched silent = twoNeighbours(Layout.SHARED);
    silent.sendFrom(Spot.CLIENT, 4000, "198.18.10.2:5000");
    assertThat(silent.arrived()).isEmpty();
    assertThat(silent.verdicts.getLast()).isEqualTo("client NAT NOT_HAIRPINNED");

    Watched turning = twoNeighbours(Layout.SHARED_HAIRPIN);
    turning.sendFrom(Spot.CLIENT, 4000, "198.18.10.2:5000");
    assertThat(turning.arrivals).as("a packet waits until its sender has done").isEmpty();
    assertThat(turning.arrived())
        .containsExactly("server at 10000.0 ms: UDP 198.18.10.2:4000 > 192.168.10.11:5000");
  }

  @Test
  void belowACarrier_theMiddleSeesTheCarriersAddress() {
    Site home = Site.behind(NatKind.PORT_RESTRICTED).below(NatKind.CGN_BLOCK_PAIRED);
    Watched lab = new Watched(between(NatKind.NONE, NatKind.NONE).client(home).server(home));
    lab.sendFrom(Spot.CLIENT, 4000, MIDDLE);
    lab.sendFrom(Spot.SERVER, 4000, MIDDLE);
    lab.arrived();
    assertThat(lab.verdicts)
        .containsExactly(
            "client NAT MAPPED",
            "server NAT MAPPED",
            "client carrier MAPPED",
            "server carrier MAPPED");
    Packet fromClient = lab.arrivals.getFirst().packet();
    Packet fromServer = lab.arrivals.getLast().packet();
    assertThat(lab.net.addresses().carrierOuter(Spot.CLIENT)).contains(fromClient.source());
    assertThat(lab.net.addresses().carrierOuter(Spot.SERVER)).contains(fromServer.source());

    lab.net.send(Spot.MIDDLE, answer(fromServer));
    assertThat(lab.arrived())
        .containsExactly("server at 10025.0 ms: UDP 198.18.2.1:7000 > 192.168.20.10:4000");
  }

  @Test
  void ofOneCarrier_bothMeetByTheOuterEndpoints_onlyIfItDoesHairpin() {
    Watched turning = twoCustomersOf(NatKind.RFC5382);
    Endpoint server = outerEndpointOf(Spot.SERVER, turning);
    assertThat(turning.net.addresses().carrierOuter(Spot.CLIENT)).contains(server.address());
    turning.sendFrom(Spot.CLIENT, 4000, server.toString());
    assertThat(turning.arrived())
        .hasSize(1)
        .allMatch(one -> one.startsWith("server at 10050.0 ms: UDP 198.18.10.2:"));
    assertThat(turning.verdicts).contains("server carrier HAIRPINNED");

    Watched silent = twoCustomersOf(NatKind.CGN_BLOCK_PAIRED);
    silent.sendFrom(Spot.CLIENT, 4000, outerEndpointOf(Spot.SERVER, silent).toString());
    assertThat(silent.arrived()).isEmpty();
    assertThat(silent.verdicts.getLast()).isEqualTo("server carrier NOT_HAIRPINNED");
  }

  @Test
  void aFirewall_translatesNothing_andLetsInWhomItsHostAsked() {
    Watched lab = new Watched(between(NatKind.FIREWALL, NatKind.NONE));
    lab.sendFrom(Spot.SERVER, 5000, "198.18.11.10:4000");
    assertThat(lab.arrived()).isEmpty();
    lab.sendFrom(Spot.CLIENT, 4000, "198.18.21.10:5000");
    assertThat(lab.arrived())
        .containsExactly("server at 10050.0 ms: UDP 198.18.11.10:4000 > 198.18.21.10:5000");
    lab.sendFrom(Spot.SERVER, 5000, "198.18.11.10:4000");
    assertThat(lab.arrived())
        .containsExactly("client at 20050.0 ms: UDP 198.18.21.10:5000 > 198.18.11.10:4000");
  }

  @Test
  void aForwardedPort_leadsToTheServer() {
    Watched lab =
        new Watched(
            between(NatKind.NONE, NatKind.NONE)
                .server(Site.behind(NatKind.PORT_RESTRICTED).forwarding(8765)));
    lab.net.send(Spot.CLIENT, syn("198.18.11.10:4000", "198.18.20.2:8765"));
    lab.net.send(Spot.CLIENT, syn("198.18.11.10:4000", "198.18.20.2:8766"));
    assertThat(lab.arrived())
        .containsExactly("server at 50.0 ms: SYN 198.18.11.10:4000 > 192.168.20.10:8765");
    assertThat(lab.verdicts).containsExactly("server NAT FORWARDED", "server NAT NO_MAPPING");
  }

  @Test
  void aSynThatTheRouterHolds_isAnsweredWhenItsTimeIsOver() {
    Watched lab = new Watched(between(NatKind.NONE, NatKind.RFC5382));
    lab.net.send(Spot.CLIENT, syn("198.18.11.10:4000", "198.18.20.2:8765"));
    assertThat(lab.arrived())
        .containsExactly(
            "client at 6100.0 ms: ICMP port unreachable about SYN 198.18.11.10:4000 >"
                + " 198.18.20.2:8765");
  }

  @Test
  void nothingArrivesWhileItIsSent_notEvenWithoutDelay() {
    Watched lab =
        new Watched(Scenario.between(NatKind.NONE, NatKind.FULL_CONE).over(NetworkPath.ideal()));
    lab.sendFrom(Spot.CLIENT, 4000, "198.18.11.10:1");
    lab.sendFrom(Spot.CLIENT, 4000, MIDDLE);
    lab.sendFrom(Spot.SERVER, 4000, "198.18.11.10:1");
    lab.sendFrom(Spot.SERVER, 4000, "203.0.113.5:80");
    assertThat(lab.arrivals).isEmpty();
    assertThat(lab.arrived()).hasSize(4).allMatch(one -> one.contains(" at 0.0 ms: "));
  }

  @Test
  void whatNobodyIsAttachedFor_isGone() {
    Watched lab = new Watched(between(NatKind.NONE, NatKind.NONE));
    NetModel alone = NetModel.of(between(NatKind.NONE, NatKind.NONE), lab.time, NetObserver.NONE);
    alone.send(Spot.CLIENT, udp("198.18.11.10:1", MIDDLE));
    assertThat(lab.arrived()).isEmpty();
  }

  private static Watched twoNeighbours(Layout layout) {
    Watched lab = new Watched(between(NatKind.FULL_CONE, NatKind.FULL_CONE).laidOut(layout));
    lab.sendFrom(Spot.SERVER, 5000, MIDDLE);
    assertThat(lab.arrived()).hasSize(1);
    lab.arrivals.clear();
    return lab;
  }

  private static Watched twoCustomersOf(NatKind carrier) {
    Site home = Site.behind(NatKind.FULL_CONE).below(carrier);
    return new Watched(
        between(NatKind.NONE, NatKind.NONE).client(home).server(home).laidOut(Layout.SAME_CARRIER));
  }

  /** Makes a mapping by a look at the middle, and says what the middle sees. */
  private static Endpoint outerEndpointOf(Spot host, Watched lab) {
    lab.sendFrom(host, 4000, MIDDLE);
    assertThat(lab.arrived()).hasSize(1);
    return ((Packet.Flow) lab.arrivals.getFirst().packet()).from();
  }

  private static Scenario between(NatKind client, NatKind server) {
    return Scenario.between(client, server).over(new NetworkPath(Duration.ofMillis(50), 0, 1));
  }

  private static Packet answer(Packet packet) {
    Packet.Flow flow = (Packet.Flow) packet;
    return flow.between(flow.to(), flow.from());
  }

  private static Packet udp(String from, String to) {
    return new Packet.Udp(Endpoint.parse(from), Endpoint.parse(to), 1, null);
  }

  private static Packet syn(String from, String to) {
    return new Packet.Tcp(Endpoint.parse(from), Endpoint.parse(to), TcpFlags.SYN, 1, 0, 0, null);
  }
}
