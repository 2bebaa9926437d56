package dev.sallyport.domain.nat;

import static dev.sallyport.domain.nat.Sights.addresses;
import static dev.sallyport.domain.nat.Sights.tcp;
import static dev.sallyport.domain.nat.Sights.udp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NatClassifierTest {

  /** Two observers A and B, what each saw of our ports; "4000=1.2.3.4:4000" by A, and so on. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing seen         |                        |                        | unknown | unknown",
        "one observer         | 4000=203.0.113.7:4000  |                        | unknown"
            + " | Preserving[] 40",
        "two agree            | 4000=203.0.113.7:4000  | 4000=203.0.113.7:4000  |"
            + " ENDPOINT_INDEPENDENT 80 | Preserving[] 80",
        "two agree, not kept  | 4000=203.0.113.7:61000 | 4000=203.0.113.7:61000 |"
            + " ENDPOINT_INDEPENDENT 80 | unknown",
        "two disagree         | 4000=203.0.113.7:61000 | 4000=203.0.113.7:61001 |"
            + " ADDRESS_AND_PORT_DEPENDENT 40 | unknown",
        "two ports, one each  | 4000=203.0.113.7:4000  | 4001=203.0.113.7:4001  | unknown"
            + " | Preserving[] 80",
        "IPv6 says nothing    | 4000=[2001:db8::7]:4000| 4000=203.0.113.7:4000  | unknown"
            + " | Preserving[] 40",
      })
  void observations_giveAProfile(
      String name, String seenByA, String seenByB, String mapping, String allocation) {
    List<Observation> seen = new ArrayList<>();
    if (seenByA != null) {
      seen.add(tcp(seenByA, "192.0.2.1:3478"));
    }
    if (seenByB != null) {
      seen.add(tcp(seenByB, "192.0.2.2:3478"));
    }
    NatProfile profile = NatClassifier.classify(seen, List.of());
    assertThat(text(profile.tcpMapping())).isEqualTo(mapping);
    assertThat(text(profile.allocation())).isEqualTo(allocation);
    assertThat(text(profile.udpMapping())).isEqualTo("unknown");
  }

  @Test
  void tcpAndUdpAreJudgedApart() {
    NatProfile profile =
        NatClassifier.classify(
            List.of(
                tcp("4000=203.0.113.7:4000", "192.0.2.1:3478"),
                tcp("4000=203.0.113.7:4000", "192.0.2.2:3478"),
                udp("5000=203.0.113.7:1025", "192.0.2.3:6881"),
                udp("5000=203.0.113.7:1026", "192.0.2.4:6881")),
            List.of());
    assertThat(profile.tcpMapping().is(Behavior.ENDPOINT_INDEPENDENT)).isTrue();
    assertThat(profile.udpMapping().is(Behavior.ADDRESS_AND_PORT_DEPENDENT)).isTrue();
  }

  @Test
  void addressesTellOfACarriersNatAndOfIpv6() {
    NatProfile none = NatClassifier.classify(List.of(), addresses("192.168.1.2", "fd00::2"));
    assertThat(none).isEqualTo(NatProfile.unknown());
    NatProfile both = NatClassifier.classify(List.of(), addresses("100.64.0.2", "2001:db8::2"));
    assertThat(both.carrierGradeSuspected()).isTrue();
    assertThat(both.globalIpv6()).isTrue();
  }

  private static String text(Finding<?> finding) {
    return finding.isKnown() ? finding.value() + " " + finding.confidence() : "unknown";
  }
}
