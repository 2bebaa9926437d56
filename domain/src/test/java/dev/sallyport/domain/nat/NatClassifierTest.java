package dev.sallyport.domain.nat;

import static dev.sallyport.domain.nat.Looks.text;
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

  @Test
  void aSequenceThatNobodyTimed_isGuessedToRise() {
    NatProfile profile =
        NatClassifier.classify(
            List.of(
                tcp("4000=203.0.113.7:5000", "192.0.2.1:3478"),
                tcp("4001=203.0.113.7:5002", "192.0.2.1:3478"),
                tcp("4002=203.0.113.7:5004", "192.0.2.1:3478"),
                tcp("4000=203.0.113.7:5006", "192.0.2.2:3478"),
                tcp("4001=203.0.113.7:5008", "192.0.2.2:3478"),
                tcp("4002=203.0.113.7:5010", "192.0.2.2:3478")),
            List.of());
    assertThat(text(profile.allocation())).isEqualTo("Sequential[step=2] 40");
  }

  /** Two against two: whoever saw the lower port is believed, not whoever is hashed first. */
  @Test
  void asManyForOneEndpointAsForAnother_theFirstInOrderIsBelieved() {
    for (int other = 5031; other < 5040; other++) {
      for (List<String> halves : List.of(List.of("AB", "CD"), List.of("CD", "AB"))) {
        List<Observation> seen = new ArrayList<>();
        for (String who : List.of("A", "B", "C", "D")) {
          String tied = "7:" + (halves.getFirst().contains(who) ? 5030 : other);
          seen.addAll(
              Looks.read(
                  Transport.TCP,
                  Observation.Source.STUN,
                  "W:1 4000=7:5000, W:1 4001=7:5010, W:1 4002=7:5020, W:1 4003=".replace("W", who)
                      + tied));
        }
        NatProfile profile = NatClassifier.classify(seen, List.of());
        assertThat(text(profile.tcpMapping())).isEqualTo("ENDPOINT_INDEPENDENT 95");
        assertThat(text(profile.allocation()))
            .as("5030 or %d, by %s", other, halves)
            .isEqualTo("Sequential[step=10] 80");
      }
    }
  }

  @Test
  void ofTwoViewsOfOneMoment_theOneThatCounts_doesNotDependOnTheirOrder() {
    Observation one = tcp("4000=203.0.113.7:5000", "192.0.2.1:3478");
    Observation other = tcp("4000=203.0.113.8:5000", "192.0.2.1:3478");
    assertThat(NatClassifier.diagnose(List.of(one, other), List.of()))
        .isEqualTo(NatClassifier.diagnose(List.of(other, one), List.of()));
  }

  @Test
  void whoHasSeenUs_isCountedForEachTransport_neighboursInTheDhtOnce() {
    NatDiagnosis diagnosis =
        NatClassifier.diagnose(
            List.of(
                tcp("4000=203.0.113.7:5000", "192.0.2.1:3478"),
                tcp("4001=203.0.113.7:5001", "192.0.2.1:3479"),
                tcp("4000=203.0.113.7:5000", "192.0.2.2:3478"),
                udp("4000=203.0.113.7:5000", "198.51.100.1:6881"),
                udp("4000=203.0.113.7:5000", "198.51.100.2:6881")),
            List.of());
    assertThat(diagnosis.witnesses(Transport.TCP)).isEqualTo(2);
    assertThat(diagnosis.witnesses(Transport.UDP)).isEqualTo(1);
  }
}
