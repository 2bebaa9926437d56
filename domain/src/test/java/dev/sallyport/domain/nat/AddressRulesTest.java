package dev.sallyport.domain.nat;

import static dev.sallyport.domain.nat.Looks.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.nat.Observation.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of {@link NatClassifier} on addresses, one by one. */
class AddressRulesTest {

  @ParameterizedTest(name = "rule {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "14 one        | 192.168.1.2 | A:1 4000=7:1, B:1 4000=7:1 | '' | [/203.0.113.7] 80"
            + " | true 80 | []",
        "14 own        | 203.0.113.7 | A:1 4000=7:1, B:1 4000=7:1 | '' | [/203.0.113.7] 80"
            + " | false 80 | []",
        "14 guess      | 192.168.1.2 | A:1 4000=7:1 | '' | [/203.0.113.7] 40 | true 40 | []",
        "14 no hosts   | ''          | A:1 4000=7:1, B:1 4000=7:1 | '' | [/203.0.113.7] 80"
            + " | unknown | []",
        "14 two voices | 203.0.113.7 | A:1 4000=7:1, B:1 4000=8:1 | ''"
            + " | [/203.0.113.7, /203.0.113.8] 40 | unknown | []",
        "14 a liar     | 192.168.1.2 | A:1 4000=7:1, B:1 4000=7:1, C:1 4000=8:1 | ''"
            + " | [/203.0.113.7] 40 | true 80 | []",
        "14 a pool     | 192.168.1.2 | A:1 4000=7:1, B:1 4000=7:1, A:1 4001=8:1, B:1 4001=8:1 | ''"
            + " | [/203.0.113.7, /203.0.113.8] 80 | true 80 | [SEVERAL_ADDRESSES]",
        "14 one more   | 192.168.1.2 | A:1 4000=7:1, B:1 4000=7:1, A:1 4001=8:1, B:1 4001=8:1,"
            + " C:1 4000=7:1, C:1 4001=9:1 | '' | [/203.0.113.7, /203.0.113.8] 80 | true 80"
            + " | [SEVERAL_ADDRESSES]",
        "14 no two     | 192.168.1.2 | A:1 4000=7:1, B:1 4000=7:1, A:1 4001=8:1, B:1 4001=9:1 | ''"
            + " | [/203.0.113.7, /203.0.113.8, /203.0.113.9] 40 | true 80 | []",
        "14 half a pool | 192.168.1.2 | A:1 4000=7:1, B:1 4000=7:1, A:1 4001=8:1 | ''"
            + " | [/203.0.113.7] 40 | true 80 | []",
        "14 two-faced  | 192.168.1.2 | A:1 4000=7:1, B:1 4000=7:1, C:1 4000=7:1, C:1 4001=8:1 | ''"
            + " | [/203.0.113.7] 60 | true 80 | []",
        "15 host       | 100.64.0.9  | A:1 4000=7:1 | '' | [/203.0.113.7] 40 | true 40"
            + " | [HOST_ADDRESS_SHARED]",
        "15 only there | 100.64.0.9  | A:1 4000=100.64.0.9:1, B:1 4000=100.64.0.9:1 | ''"
            + " | [/100.64.0.9] 80 | false 80 | [HOST_ADDRESS_SHARED]",
        "15 inside     | 192.168.1.2 | A:1 4000=100.64.0.9:1, B:1 4000=100.64.0.9:1 | ''"
            + " | [/100.64.0.9] 80 | true 80 | [EXTERNAL_ADDRESS_SHARED]",
        "15 inside?    | 192.168.1.2 | A:1 4000=100.64.0.9:1 | '' | [/100.64.0.9] 40 | true 40"
            + " | []",
        "15 between    | 192.168.1.2 | A:1 4000=10.0.0.9:1, B:1 4000=10.0.0.9:1,"
            + " A:2 4000=7:1, B:2 4000=7:1 | '' | [/10.0.0.9, /203.0.113.7] 80 | true 80"
            + " | [EXTERNAL_ADDRESS_PRIVATE]",
        "15 private    | 192.168.1.2 | A:1 4000=10.0.0.9:1, B:1 4000=10.0.0.9:1 | ''"
            + " | [/10.0.0.9] 80 | true 80 | []",
        "15 transports | 192.168.1.2 | A:1 4000=7:1, B:1 4000=7:1"
            + " | A:1 4000=8:1, B:1 4000=8:1 | [/203.0.113.7, /203.0.113.8] 80 | true 80"
            + " | [SEVERAL_ADDRESSES, TRANSPORTS_DISAGREE]",
      })
  void addresses(
      String rule,
      String host,
      String tcp,
      String udp,
      String external,
      String translated,
      String signs) {
    List<Observation> seen = new ArrayList<>(Looks.read(Transport.TCP, Source.STUN, tcp));
    seen.addAll(Looks.read(Transport.UDP, Source.STUN, udp));
    NatDiagnosis diagnosis = NatClassifier.diagnose(seen, Looks.addresses(host));
    assertThat(text(diagnosis.externalAddresses())).isEqualTo(external);
    assertThat(text(diagnosis.translated())).isEqualTo(translated);
    assertThat(diagnosis.carrierSigns()).hasToString(signs);
    assertThat(diagnosis.profile().carrierGradeSuspected()).isEqualTo(!signs.equals("[]"));
  }

  @ParameterizedTest(name = "rule {0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "14 two STUN servers | A:1 4000=7:1, B:1 4000=7:1 | [/203.0.113.7] 80",
        "14 one STUN server  | A:1 4000=7:1 | [/203.0.113.8] 60",
        "14 DHT nodes only   | '' | [/203.0.113.8] 90",
      })
  void externalByTheDht_unlessTwoStunServersAreThere(String rule, String stun, String external) {
    List<Observation> seen = new ArrayList<>(Looks.read(Transport.UDP, Source.STUN, stun));
    seen.addAll(
        Looks.read(
            Transport.UDP,
            Source.DHT,
            "198.51.100.1:1 4000=8:1, 198.18.0.1:1 4000=8:1, 198.19.0.1:1 4000=8:1"));
    assertThat(text(NatClassifier.diagnose(seen, List.of()).externalAddresses()))
        .isEqualTo(external);
  }

  @Test
  void rule15_fiftyPercentAreEnoughForASign_andLessAreNot() {
    Views none = Views.of(List.of(), Transport.TCP);
    PortAllocation block = new PortAllocation.Block(5120, 5631);
    assertThat(AddressJudge.carrierSigns(none, none, Finding.of(block, 50), List.of()))
        .containsExactly(CarrierSign.PORT_BLOCK);
    assertThat(AddressJudge.carrierSigns(none, none, Finding.of(block, 49), List.of())).isEmpty();
    // Of 95 % come 50 if 15 say so and 7 do not, and 44 if 13 say so.
    assertThat(signsIfSharedIsSeenBy(15)).containsExactly(CarrierSign.EXTERNAL_ADDRESS_SHARED);
    assertThat(signsIfSharedIsSeenBy(13)).isEmpty();
  }

  private static Set<CarrierSign> signsIfSharedIsSeenBy(int witnesses) {
    List<Observation> seen = new ArrayList<>();
    for (int i = 0; i < witnesses + 7; i++) {
      String outside = i < witnesses ? "100.64.0.9" : "203.0.113.7";
      seen.add(Sights.tcp("4000=" + outside + ":1", "192.0.2." + (i + 1) + ":1"));
    }
    return NatClassifier.diagnose(seen, List.of()).carrierSigns();
  }
}
