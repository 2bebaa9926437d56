package dev.sallyport.domain.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CandidateTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:80",
        "0.0.0.0:80",
        "169.254.1.1:80",
        "224.0.0.1:80",
        "255.255.255.255:80",
        "[::1]:80",
        "[::]:80",
        "[fe80::1]:80",
        "[ff02::1]:80",
        "[::ffff:127.0.0.1]:80",
        "[::127.0.0.1]:80"
      })
  void addressThatIsNotOneComputersOnANetwork_isNoCandidate(String endpoint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Candidate(CandidateKind.HOST, Endpoint.parse(endpoint)))
        .withMessageContaining("cannot be a candidate");
  }

  @ParameterizedTest
  @CsvSource({
    "01 14 7f000001 0050, loopback",
    "01 14 00000000 0050, unspecified",
    "01 14 e0000001 0050, multicast",
    "01 14 ffffffff 0050, broadcast",
    "01 14 c0a80101 0000, port 0",
    "01 16 00000000000000000000000000000001 0050, loopback",
    "01 16 00000000000000000000ffffc0000201 0050, IPv4 as IPv6",
    "01 16 00000000000000000000ffff7f000001 0050, loopback as IPv6",
    "01 04 c0000201 0050, an unknown kind",
    "01 44 c0000201 0050, an unknown kind",
    "01 15 c0000201 0050, an unknown family",
    "01 14 c00002, cut short",
    "02 14 c0000201 0050, one missing",
    "09, too many",
    "ff, too many"
  })
  void candidateThatCouldNotBeMade_isRefused(String hex, String why) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThatThrownBy(() -> Candidate.read(new ByteReader(bytes, "a sample")))
        .as(why)
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void moreThanEight_areNotWritten() {
    Candidate candidate = new Candidate(CandidateKind.HOST, Endpoint.parse("192.0.2.1:80"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Candidate.write(new ByteWriter(), Collections.nCopies(9, candidate)));
  }

  @Test
  void endpoint_isTheSamePlaceWhateverItWasMadeFrom() throws UnknownHostException {
    byte[] raw = new byte[16];
    raw[0] = (byte) 0xfd;
    Endpoint scoped = new Endpoint(Inet6Address.getByAddress("named", raw, 3), 80);
    assertThat(scoped).isEqualTo(Endpoint.parse("[fd00::]:80")).hasToString("[fd00::]:80");
    assertThat(Endpoint.parse("[::ffff:192.0.2.1]:80"))
        .isEqualTo(Endpoint.of(new InetSocketAddress(IpLiteral.of(new byte[] {-64, 0, 2, 1}), 80)));
    InetAddress named = InetAddress.getByAddress("named", new byte[] {-64, 0, 2, 1});
    assertThat(new Endpoint(named, 80)).hasToString("192.0.2.1:80");
  }

  @Test
  void endpoint_ofAName_isRefusedWithoutLookingItUp() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.parse("router.example.org:80"))
        .withMessage(
            "\"router.example.org\" is not an IP address; expected for example 192.0.2.1:8765");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Endpoint.of(InetSocketAddress.createUnresolved("host", 80)));
  }

  @Test
  void endpoints_areComparedByAddressOrByBoth() {
    Endpoint one = Endpoint.parse("192.0.2.1:80");
    assertThat(one.withPort(81)).isEqualTo(Endpoint.parse("192.0.2.1:81")).isNotEqualTo(one);
    assertThat(one.sameAddress(one.withPort(81))).isTrue();
    assertThat(one.sameAddress(Endpoint.parse("192.0.2.2:80"))).isFalse();
    assertThat(one.sameAddress(null)).isFalse();
    assertThat(Endpoint.of(one.toSocketAddress())).isEqualTo(one);
    assertThat(one.family()).isEqualTo(AddressFamily.IPV4);
    assertThat(Endpoint.parse("[2001:db8::1]:80").family()).isEqualTo(AddressFamily.IPV6);
  }
}
