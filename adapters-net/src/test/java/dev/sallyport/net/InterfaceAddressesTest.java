package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.IpLiteral;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterfaceAddressesTest {

  @Test
  void thisHost_hasOnlyRoutableAddresses_eachOnce_withoutScopes_ipv4First() {
    List<InetAddress> addresses = new InterfaceAddresses().list();
    assertThat(addresses)
        .doesNotHaveDuplicates()
        .allSatisfy(address -> assertThat(AddressScope.of(address).isRoutable()).isTrue())
        .allSatisfy(address -> assertThat(address).isEqualTo(IpLiteral.of(address.getAddress())));
    List<InetAddress> afterTheFirst =
        addresses.subList(Math.min(1, addresses.size()), addresses.size());
    assertThat(afterTheFirst).isSortedAccordingTo(Comparator.comparing(AddressFamily::of));
  }

  @Test
  void ofSeveralIpv6Addresses_theOneThatPacketsLeaveFrom_comesFirst() {
    InetAddress permanent = address("3fff::1");
    InetAddress temporary = address("3fff::cd4a:ceb5");
    InetAddress old = address("3fff::1234:5678");
    InetAddress lan = address("192.168.10.10");
    InetAddress vpn = address("10.99.0.5");
    Map<InetAddress, Integer> flags = Map.of(temporary, 0x01, old, 0x21);
    List<InetAddress> found = List.of(old, vpn, lan, temporary, permanent);
    assertThat(InterfaceAddresses.ordered(List.of(lan, temporary), found, flags))
        .containsExactly(lan, vpn, temporary, permanent, old);
    assertThat(InterfaceAddresses.ordered(List.of(lan, permanent), found, flags))
        .containsExactly(lan, vpn, permanent, temporary, old);
    assertThat(InterfaceAddresses.ordered(List.of(temporary), found, flags))
        .as("IPv6 is the only way out")
        .containsExactly(temporary, vpn, lan, permanent, old);
    assertThat(InterfaceAddresses.ordered(List.of(), found, flags))
        .as("no way out")
        .containsExactly(vpn, lan, permanent, temporary, old);
  }

  private static InetAddress address(String literal) {
    return Objects.requireNonNull(IpLiteral.parse(literal));
  }

  @Test
  void routeToLoopback_comesFromLoopback() {
    InetAddress loopback = Objects.requireNonNull(IpLiteral.parse("127.0.0.1"));
    assertThat(RouteProbe.sourceTowards(loopback)).isEqualTo(loopback);
  }

  @ParameterizedTest
  @ValueSource(strings = {"docker0", "br-1a2b3c", "veth12ab", "virbr0", "vmnet8", "lxcbr0", "cni0"})
  void containersAndVirtualMachines_areLeftOut(String name) {
    assertThat(InterfaceAddresses.isVirtual(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"eth0", "enp3s0", "wlan0", "tun0", "wg0", "br0", "en0"})
  void networksOfTheHost_areKept(String name) {
    assertThat(InterfaceAddresses.isVirtual(name)).isFalse();
  }
}
