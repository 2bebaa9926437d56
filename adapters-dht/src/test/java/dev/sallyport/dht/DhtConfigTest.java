package dev.sallyport.dht;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DhtConfigTest {

  @ParameterizedTest
  @CsvSource({
    "198.18.0.1:1, PUBLIC",
    "router.example:6881, PUBLIC",
    "127.0.0.1:1, PRIVATE",
    "10.0.0.1:1, PRIVATE",
    "192.168.7.7:1, PRIVATE",
    "100.64.0.1:1, PRIVATE",
    "198.18.0.1:1 10.0.0.1:1, PRIVATE"
  })
  void policy_followsTheBootstrapNodes(String bootstrap, CandidatePolicy policy) {
    List<HostPort> nodes = Arrays.stream(bootstrap.split(" ")).map(HostPort::parse).toList();
    assertThat(DhtConfig.of(nodes).initialPolicy()).isEqualTo(policy);
  }

  @Test
  void policy_isWhatTheUserSays() {
    DhtConfig config = DhtConfig.of(List.of(HostPort.parse("10.0.0.1:1")));
    assertThat(config.withPolicy(CandidatePolicy.PUBLIC).initialPolicy())
        .isEqualTo(CandidatePolicy.PUBLIC);
    assertThat(config.withPolicy(CandidatePolicy.PUBLIC).mayTurnPrivate()).isFalse();
  }

  @Test
  void firstNodeOfANewNetwork_isPrivate() {
    assertThat(DhtConfig.of(List.of()).initialPolicy()).isEqualTo(CandidatePolicy.PRIVATE);
  }

  @Test
  void publicRouters_neverMakeTheNetworkPrivate() {
    assertThat(DhtConfig.publicNetwork().initialPolicy()).isEqualTo(CandidatePolicy.PUBLIC);
    assertThat(DhtConfig.publicNetwork().mayTurnPrivate()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "198.18.0.1, true, true",
    "8.8.8.8, true, true",
    "127.0.0.1, false, true",
    "10.1.2.3, false, true",
    "100.64.1.1, false, true",
    "169.254.1.1, false, true",
    "0.0.0.0, false, false",
    "224.0.0.1, false, false",
    "255.255.255.255, false, false"
  })
  void policies_allow(String address, boolean inPublic, boolean inPrivate) {
    InetSocketAddress at =
        new InetSocketAddress(Objects.requireNonNull(IpLiteral.parse(address)), 6881);
    assertThat(CandidatePolicy.PUBLIC.allows(at)).isEqualTo(inPublic);
    assertThat(CandidatePolicy.PRIVATE.allows(at)).isEqualTo(inPrivate);
    InetSocketAddress portless = new InetSocketAddress(at.getAddress(), 0);
    assertThat(CandidatePolicy.PRIVATE.allows(portless)).isFalse();
  }

  @Test
  void impossibleValues_areRefusedInASentence() {
    DhtConfig config = DhtConfig.of(List.of());
    assertThatThrownBy(() -> config.withPort(65536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536");
    assertThatThrownBy(
            () -> config.withBind(List.of(Objects.requireNonNull(IpLiteral.parse("2001:db8::1")))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("IPv4");
  }
}
