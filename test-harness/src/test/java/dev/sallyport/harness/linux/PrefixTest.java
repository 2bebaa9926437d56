package dev.sallyport.harness.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.IpLiteral;
import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PrefixTest {
  private static InetAddress address(String literal) {
    return Objects.requireNonNull(IpLiteral.parse(literal));
  }

  @ParameterizedTest
  @CsvSource({
    "198.18.10.0, 23, 198.18.10.1, true",
    "198.18.10.0, 23, 198.18.11.255, true",
    "198.18.10.0, 23, 198.18.12.0, false",
    "198.18.10.0, 23, 198.18.9.255, false",
    "198.18.10.7, 32, 198.18.10.7, true",
    "198.18.10.7, 32, 198.18.10.6, false",
    "198.18.10.0, 0, 203.0.113.1, true",
    "198.18.10.0, 0, 3fff::1, false",
    "3fff:18:10::, 64, 3fff:18:10::10, true",
    "3fff:18:10::, 64, 3fff:18:10:1::10, false",
    "3fff:18:10::, 63, 3fff:18:10:1::10, true",
    "3fff:18:10::, 63, 3fff:18:10:2::10, false",
    "3fff:18:10::, 128, 3fff:18:10::, true",
    "3fff:18:10::, 128, 3fff:18:10::1, false",
    "::, 0, 3fff::1, true",
    "::, 0, 198.18.10.1, false",
  })
  void aNetwork_hasTheAddressesThatBeginAsItDoes(
      String network, int bits, String literal, boolean inside) {
    assertThat(new Prefix(address(network), bits).contains(address(literal))).isEqualTo(inside);
  }

  @Test
  void moreBitsThanTheFamilyHas_areRefused() {
    for (int bits : new int[] {-1, 33}) {
      assertThatThrownBy(() -> new Prefix(address("198.18.0.0"), bits))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(bits + " bits");
    }
    assertThatThrownBy(() -> new Prefix(address("3fff::"), 129))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
