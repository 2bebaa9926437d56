package dev.sallyport.harness.model;

import static dev.sallyport.harness.model.Watched.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
  private static final Scenario HOMES =
      Scenario.between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED);
  private static final Site CUSTOMER =
      Site.behind(NatKind.PORT_RESTRICTED).below(NatKind.CGN_BLOCK_PAIRED);

  @Test
  void apart_eachHasItsOwnNetwork_andItsOwnOuterAddress() {
    Addresses addresses = new Addresses(HOMES);
    assertThat(addresses.host(Spot.CLIENT)).isEqualTo(address("192.168.10.10"));
    assertThat(addresses.host(Spot.SERVER)).isEqualTo(address("192.168.20.10"));
    assertThat(addresses.seenFromOutside(Spot.CLIENT)).isEqualTo(address("198.18.10.2"));
    assertThat(addresses.seenFromOutside(Spot.SERVER)).isEqualTo(address("198.18.20.2"));
    assertThat(addresses.nearOuter(Spot.SERVER)).containsExactly(address("198.18.20.2"));
  }

  @Test
  void apartWithTheSamePrivateAddresses_onlyTheOuterOnesDiffer() {
    Addresses addresses = new Addresses(HOMES.laidOut(Layout.APART_SAME_ADDRESSES));
    assertThat(addresses.host(Spot.SERVER)).isEqualTo(addresses.host(Spot.CLIENT));
    assertThat(addresses.seenFromOutside(Spot.SERVER)).isEqualTo(address("198.18.20.2"));
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "FIREWALL"})
  void withoutANat_aHostIsSeenAsItIs(NatKind kind) {
    Addresses addresses = new Addresses(Scenario.between(kind, kind));
    assertThat(addresses.host(Spot.CLIENT)).isEqualTo(address("198.18.11.10"));
    assertThat(addresses.host(Spot.SERVER)).isEqualTo(address("198.18.21.10"));
    assertThat(addresses.seenFromOutside(Spot.SERVER)).isEqualTo(address("198.18.21.10"));
    assertThat(addresses.nearOuter(Spot.CLIENT)).containsExactly(address("198.18.11.10"));
  }

  @Test
  void onOneNetwork_theyAreNeighbours_andShareTheOuterAddress() {
    Addresses addresses = new Addresses(HOMES.laidOut(Layout.SHARED));
    assertThat(addresses.host(Spot.CLIENT)).isEqualTo(address("192.168.10.10"));
    assertThat(addresses.host(Spot.SERVER)).isEqualTo(address("192.168.10.11"));
    assertThat(addresses.seenFromOutside(Spot.SERVER))
        .isEqualTo(addresses.seenFromOutside(Spot.CLIENT));

    Addresses open =
        new Addresses(Scenario.between(NatKind.NONE, NatKind.NONE).laidOut(Layout.SHARED));
    assertThat(open.nearOuter(Spot.SERVER))
        .containsExactly(open.host(Spot.CLIENT), open.host(Spot.SERVER));
  }

  @Test
  void belowCarriersOfTheirOwn_eachIsSeenAsItsCarrier() {
    Addresses addresses = new Addresses(HOMES.client(CUSTOMER).server(CUSTOMER));
    assertThat(addresses.nearOuter(Spot.CLIENT)).containsExactly(address("100.64.10.2"));
    assertThat(addresses.nearOuter(Spot.SERVER)).containsExactly(address("100.64.20.2"));
    assertThat(addresses.carrierOuter(Spot.CLIENT)).isEqualTo(fourFrom("198.18.10."));
    assertThat(addresses.carrierOuter(Spot.SERVER)).isEqualTo(fourFrom("198.18.20."));
    assertThat(addresses.seenFromOutside(Spot.SERVER)).isEqualTo(address("198.18.20.2"));
  }

  @Test
  void ofOneCarrier_theyShareItsPool() {
    Addresses addresses =
        new Addresses(HOMES.client(CUSTOMER).server(CUSTOMER).laidOut(Layout.SAME_CARRIER));
    assertThat(addresses.nearOuter(Spot.SERVER)).containsExactly(address("100.64.20.2"));
    assertThat(addresses.carrierOuter(Spot.SERVER)).isEqualTo(fourFrom("198.18.10."));
  }

  @ParameterizedTest
  @EnumSource
  void everyKind_hasAsManyOuterAddressesAsItWants(NatKind kind) {
    Addresses addresses = new Addresses(Scenario.between(kind, NatKind.NONE));
    assertThat(addresses.nearOuter(Spot.CLIENT))
        .hasSize(kind.behavior().outerAddresses())
        .doesNotHaveDuplicates()
        .noneMatch(addresses::isMiddle);
  }

  @ParameterizedTest
  @ValueSource(strings = {"198.18.0.0", "198.18.0.1", "198.18.1.255", "198.18.2.255"})
  void theMiddle_hasThreeNetworks(String literal) {
    assertThat(new Addresses(HOMES).isMiddle(address(literal))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"198.17.255.255", "198.18.3.0", "198.18.255.1", "198.19.0.1", "2001:db8::1"})
  void whatIsBesideThem_isNotTheMiddle(String literal) {
    assertThat(new Addresses(HOMES).isMiddle(address(literal))).isFalse();
  }

  @Test
  void whoeverServesInTheMiddle_isThere_andNoTwoAreOne() {
    Addresses addresses = new Addresses(HOMES);
    List<InetAddress> all =
        Stream.concat(addresses.stun().stream(), Stream.of(addresses.dht(), addresses.middle()))
            .toList();
    assertThat(all).hasSize(4).doesNotHaveDuplicates().allMatch(addresses::isMiddle);
  }

  @Test
  void neighbours_haveTheFirstThreeBytesInCommon() {
    Addresses addresses = new Addresses(HOMES);
    assertThat(addresses.isNeighbour(Spot.CLIENT, address("192.168.10.200"))).isTrue();
    assertThat(addresses.isNeighbour(Spot.CLIENT, address("192.168.20.10"))).isFalse();
    assertThat(addresses.isNeighbour(Spot.SERVER, address("192.168.20.200"))).isTrue();
    assertThat(addresses.isNeighbour(Spot.CLIENT, address("2001:db8::1"))).isFalse();
  }

  private static List<InetAddress> fourFrom(String network) {
    return Stream.of(2, 3, 4, 5).map(last -> address(network + last)).toList();
  }
}
