package dev.sallyport.harness.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The way of IPv6 through a network whose NATs let nothing through. */
class Ipv6ModelTest {
  private static final String CLIENT = "[3fff:18:10::10]:4000";
  private static final String SERVER = "[3fff:18:20::10]:4000";
  private static final String MIDDLE = "[3fff:18::1]:7000";
  private static final Scenario HOMES =
      Scenario.between(NatKind.SYMMETRIC, NatKind.SYMMETRIC).delayMillis(50);

  private static Packet udp(String from, String to) {
    return new Packet.Udp(Endpoint.parse(from), Endpoint.parse(to), 1, null);
  }

  @Test
  void addresses_areGlobal_andAllDifferent() {
    Addresses addresses = new Addresses(HOMES.ipv6(Ipv6.OPEN));
    assertThat(addresses.ipv6(Spot.CLIENT)).hasValue(Endpoint.parse(CLIENT).address());
    assertThat(addresses.ipv6(Spot.SERVER)).hasValue(Endpoint.parse(SERVER).address());
    assertThat(addresses.isMiddle(addresses.ipv6Middle())).isTrue();
    for (Spot spot : new Spot[] {Spot.CLIENT, Spot.SERVER}) {
      assertThat(addresses.isMiddle(addresses.ipv6(spot).orElseThrow())).isFalse();
      assertThat(AddressScope.of(addresses.ipv6(spot).orElseThrow()).isGlobal()).isTrue();
    }
    assertThat(new Addresses(HOMES).ipv6(Spot.CLIENT)).isEmpty();
    Addresses shared = new Addresses(HOMES.ipv6(Ipv6.OPEN).laidOut(Layout.SHARED));
    assertThat(shared.ipv6(Spot.SERVER).map(a -> Watched.address("3fff:18:10::11").equals(a)))
        .hasValue(true);
  }

  @Test
  void aFirewall_letsInWhoWasAsked_asHeIs_andNobodyElse() {
    Watched lab = new Watched(HOMES.ipv6(Ipv6.FIREWALL));
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, CLIENT));
    lab.net.send(Spot.SERVER, udp(SERVER, CLIENT));
    assertThat(lab.arrived()).isEmpty();
    assertThat(lab.verdicts)
        .containsExactly("server NAT MAPPED", "client NAT NO_MAPPING", "client NAT NO_MAPPING");

    lab.net.send(Spot.CLIENT, udp(CLIENT, SERVER));
    assertThat(lab.arrived())
        .as("the server has asked already")
        .containsExactly("server at 10050.0 ms: UDP " + CLIENT + " > " + SERVER);
    lab.net.send(Spot.SERVER, udp(SERVER, CLIENT));
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, CLIENT));
    assertThat(lab.arrived())
        .containsExactly("client at 20050.0 ms: UDP " + SERVER + " > " + CLIENT);
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "SYMMETRIC"})
  void anOpenRouter_letsAnybodyIn_whateverItsNat(NatKind kind) {
    Watched lab = new Watched(Scenario.between(kind, kind).delayMillis(50).ipv6(Ipv6.OPEN));
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, CLIENT));
    lab.net.send(Spot.CLIENT, udp(CLIENT, SERVER));
    assertThat(lab.arrived())
        .containsExactly(
            "client at 25.0 ms: UDP " + MIDDLE + " > " + CLIENT,
            "server at 50.0 ms: UDP " + CLIENT + " > " + SERVER);
    assertThat(lab.verdicts).isEmpty();
  }

  @Test
  void aFirewallWithoutANat_leavesIpv4Open() {
    Watched lab =
        new Watched(
            Scenario.between(NatKind.NONE, NatKind.NONE).delayMillis(50).ipv6(Ipv6.FIREWALL));
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, CLIENT));
    lab.net.send(Spot.MIDDLE, udp("198.18.0.1:7000", "198.18.11.10:4000"));
    lab.sendFrom(Spot.SERVER, 4000, "198.18.11.10:4000");
    assertThat(lab.arrived())
        .containsExactly(
            "client at 25.0 ms: UDP 198.18.0.1:7000 > 198.18.11.10:4000",
            "client at 50.0 ms: UDP 198.18.21.10:4000 > 198.18.11.10:4000");
    assertThat(lab.verdicts).containsExactly("client NAT NO_MAPPING");
  }

  @ParameterizedTest
  @EnumSource(names = {"APART", "SAME_CARRIER"})
  void aCarrier_passesIpv6OnAsItIs(Layout layout) {
    Site customer = Site.behind(NatKind.SYMMETRIC).below(NatKind.CGN_BLOCK_ARBITRARY);
    Watched lab =
        new Watched(HOMES.client(customer).server(customer).laidOut(layout).ipv6(Ipv6.FIREWALL));
    lab.net.send(Spot.CLIENT, udp(CLIENT, MIDDLE));
    lab.net.send(Spot.CLIENT, udp(CLIENT, SERVER));
    lab.net.send(Spot.SERVER, udp(SERVER, CLIENT));
    assertThat(lab.arrived())
        .contains(
            "middle at 25.0 ms: UDP " + CLIENT + " > " + MIDDLE,
            "client at 50.0 ms: UDP " + SERVER + " > " + CLIENT);
    assertThat(lab.verdicts).doesNotContain("client carrier MAPPED", "server carrier MAPPED");
  }

  @Test
  void neighbours_reachEachOtherWithoutTheirRouter() {
    Watched lab = new Watched(HOMES.ipv6(Ipv6.FIREWALL).laidOut(Layout.SHARED));
    String neighbour = "[3fff:18:10::11]:4000";
    lab.net.send(Spot.CLIENT, udp(CLIENT, neighbour));
    lab.net.send(Spot.SERVER, udp(neighbour, MIDDLE));
    assertThat(lab.arrived())
        .containsExactly(
            "server at 0.2 ms: UDP " + CLIENT + " > " + neighbour,
            "middle at 25.0 ms: UDP " + neighbour + " > " + MIDDLE);
    lab.net.send(Spot.MIDDLE, udp(MIDDLE, neighbour));
    assertThat(lab.arrived())
        .containsExactly("server at 10025.0 ms: UDP " + MIDDLE + " > " + neighbour);
  }

  @Test
  void whereNobodyIs_theMiddleAnswersSo_inTheSameFamily() {
    Watched lab = new Watched(HOMES.ipv6(Ipv6.FIREWALL));
    String nobody = "[3fff:18:99::1]:80";
    lab.net.send(Spot.CLIENT, udp(CLIENT, nobody));
    assertThat(lab.arrived())
        .containsExactly(
            "client at 50.0 ms: ICMP host unreachable about UDP " + CLIENT + " > " + nobody);
    assertThat(lab.arrivals.getFirst().packet().source())
        .isEqualTo(lab.net.addresses().ipv6Middle());
  }

  @Test
  void aSiteWithoutIpv6_neitherSendsNorGetsAny() {
    Watched lab = new Watched(HOMES.client(Site.behind(NatKind.NONE).ipv6(Ipv6.OPEN)));
    lab.net.send(Spot.SERVER, udp(SERVER, CLIENT));
    lab.net.send(Spot.CLIENT, udp(CLIENT, SERVER));
    assertThat(lab.arrived())
        .containsExactly(
            "client at 50.0 ms: ICMP host unreachable about UDP " + CLIENT + " > " + SERVER);
  }
}
