package dev.sallyport.domain.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressScopeTest {

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, UNSPECIFIED",
    "0.255.255.255, UNSPECIFIED",
    "1.0.0.0, GLOBAL",
    "9.255.255.255, GLOBAL",
    "10.0.0.0, PRIVATE",
    "10.255.255.255, PRIVATE",
    "11.0.0.0, GLOBAL",
    "100.63.255.255, GLOBAL",
    "100.64.0.0, SHARED",
    "100.127.255.255, SHARED",
    "100.128.0.0, GLOBAL",
    "127.0.0.1, LOOPBACK",
    "127.255.255.255, LOOPBACK",
    "169.253.255.255, GLOBAL",
    "169.254.0.1, LINK_LOCAL",
    "172.15.255.255, GLOBAL",
    "172.16.0.0, PRIVATE",
    "172.31.255.255, PRIVATE",
    "172.32.0.0, GLOBAL",
    "192.168.0.0, PRIVATE",
    "192.168.255.255, PRIVATE",
    "192.169.0.0, GLOBAL",
    "198.18.0.1, GLOBAL",
    "203.0.113.1, GLOBAL",
    "223.255.255.255, GLOBAL",
    "224.0.0.1, MULTICAST",
    "239.255.255.255, MULTICAST",
    "240.0.0.0, MULTICAST",
    "255.255.255.255, MULTICAST",
    "::, UNSPECIFIED",
    "::1, LOOPBACK",
    "::2, UNSPECIFIED",
    "::127.0.0.1, UNSPECIFIED",
    "::ffff:127.0.0.1, LOOPBACK",
    "::ffff:10.0.0.1, PRIVATE",
    "64:ff9b::192.0.2.1, GLOBAL",
    "64:ff9b::1:192.0.2.1, UNSPECIFIED",
    "64:ff9b:1::1, UNSPECIFIED",
    "100::1, UNSPECIFIED",
    "1fff::1, UNSPECIFIED",
    "2000::1, GLOBAL",
    "2001:db8::1, GLOBAL",
    "3fff:ffff::1, GLOBAL",
    "4000::1, UNSPECIFIED",
    "fbff::1, UNSPECIFIED",
    "fc00::1, PRIVATE",
    "fdff::1, PRIVATE",
    "fe00::1, UNSPECIFIED",
    "fe80::1, LINK_LOCAL",
    "febf::1, LINK_LOCAL",
    "fec0::1, PRIVATE",
    "feff::1, PRIVATE",
    "ff02::1, MULTICAST"
  })
  void address_reachesAsFarAsTheRegistriesSay(String literal, AddressScope scope) {
    assertThat(AddressScope.of(Objects.requireNonNull(IpLiteral.parse(literal)))).isEqualTo(scope);
  }

  @ParameterizedTest
  @CsvSource({
    "UNSPECIFIED, false, false",
    "LOOPBACK, false, false",
    "LINK_LOCAL, false, false",
    "MULTICAST, false, false",
    "PRIVATE, true, false",
    "SHARED, true, false",
    "GLOBAL, true, true"
  })
  void scope_saysWhoCanDialIt(AddressScope scope, boolean routable, boolean global) {
    assertThat(scope.isRoutable()).isEqualTo(routable);
    assertThat(scope.isGlobal()).isEqualTo(global);
  }
}
