package dev.sallyport.domain.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortTest {

  @ParameterizedTest
  @CsvSource({
    "router.example.org:6881, router.example.org, 6881",
    "router.example.org.:1, router.example.org., 1",
    "_sip-1.example:65535, _sip-1.example, 65535",
    "192.0.2.1:3478, 192.0.2.1, 3478",
    "[2001:db8::1]:3478, 2001:db8::1, 3478",
    "' host:00080 ', host, 80"
  })
  void hostAndPort_areTakenApart(String text, String host, int port) {
    HostPort parsed = HostPort.parse(text);
    assertThat(parsed).isEqualTo(new HostPort(host, port));
    assertThat(HostPort.parse(parsed.toString())).isEqualTo(parsed);
  }

  @ParameterizedTest
  @CsvSource({
    "'', has no port",
    "host, has no port",
    "host:, has no port between 1 and 65535",
    "host:0, has no port between 1 and 65535",
    "host:65536, has no port between 1 and 65535",
    "host:99999, has no port between 1 and 65535",
    "host:999999, has no port between 1 and 65535",
    "host:-1, has no port between 1 and 65535",
    "host:+1, has no port between 1 and 65535",
    "host: 80, has no port between 1 and 65535",
    "host:٨٠, has no port between 1 and 65535",
    "host:http, has no port between 1 and 65535",
    ":80, has no valid host name or address",
    "1.2.3:80, has no valid host name or address",
    "1.2.3.256:80, has no valid host name or address",
    "-host:80, has no valid host name or address",
    "host-:80, has no valid host name or address",
    "a..b:80, has no valid host name or address",
    ".b:80, has no valid host name or address",
    "ho st:80, has no valid host name or address",
    "höst:80, has no valid host name or address",
    "http://host:80, has no valid host name or address",
    "2001:db8::1:80, has an IPv6 address without brackets",
    "[2001:db8::g]:80, has no IPv6 address between its brackets",
    "[fe80::1%eth0]:80, has no IPv6 address between its brackets",
    "[1.2.3.4]:80, has no IPv6 address between its brackets",
    "[host]:80, has no IPv6 address between its brackets",
    "[]:80, has no IPv6 address between its brackets",
    "1:2:3:4:5:6:7:8, has an IPv6 address without brackets",
    "::1, has an IPv6 address without brackets",
    "[::1], has no port"
  })
  void mistake_isAnsweredWithWhatIsWrongAndAnExample(String text, String why) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"" + text + "\" " + why + "; expected HOST:PORT, for example 192.0.2.1:6881");
  }

  @Test
  void nameThatIsTooLong_isRefused() {
    assertThatThrownBy(() -> HostPort.parse("a".repeat(254) + ":80"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has no valid host name");
    assertThat(HostPort.parse("a".repeat(253) + ":80").host()).hasSize(253);
  }
}
