package dev.sallyport.domain.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.nat.NatNames.Missing;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NatNamesTest {

  /** The findings as percent of their being so; "-" is unknown. */
  @ParameterizedTest(name = "NAT {0}, mapping {1}, filtering {2}: {3}")
  @CsvSource({
    "no 80,  EI 80,  EI 80,  open Internet",
    "no 80,  -,      EI 80,  open Internet",
    "no 80,  EI 80,  AD 80,  symmetric firewall",
    "no 80,  EI 80,  APD 80, symmetric firewall",
    "no 80,  EI 80,  -,      FILTERING",
    "yes 80, EI 80,  EI 80,  full cone",
    "yes 80, EI 80,  AD 80,  restricted cone",
    "yes 80, EI 80,  APD 80, port restricted cone",
    "yes 80, EI 80,  APD 40, FILTERING",
    "yes 80, EI 40,  APD 80, MAPPING",
    "yes 50, EI 50,  AD 50,  restricted cone",
    "yes 80, AD 60,  APD 80, symmetric",
    "yes 80, AD 60,  -,      symmetric",
    "yes 80, APD 80, EI 80,  symmetric",
    "-,      APD 80, -,      symmetric",
    "yes 80, APD 40, APD 80, MAPPING",
    "-,      EI 80,  EI 80,  TRANSLATION",
    "no 40,  EI 80,  EI 80,  TRANSLATION",
    "-,      -,      -,      TRANSLATION MAPPING FILTERING",
  })
  void findings_haveAName(String nat, String mapping, String filtering, String name) {
    for (Transport transport : Transport.values()) {
      NatDiagnosis diagnosis = diagnosis(transport, nat, behavior(mapping), behavior(filtering), 2);
      assertThat(text(NatNames.of(diagnosis, transport, true))).isEqualTo(name);
    }
  }

  @Test
  void nobodyAnswers_isBlocked_unlessNobodyWasAsked() {
    NatDiagnosis nothing = diagnosis(Transport.UDP, "-", Finding.unknown(), Finding.unknown(), 0);
    assertThat(text(NatNames.of(nothing, Transport.UDP, true))).isEqualTo("blocked");
    assertThat(text(NatNames.of(nothing, Transport.UDP, false))).isEqualTo("OBSERVERS");
  }

  @Test
  void tcpAndUdpHaveNamesOfTheirOwn() {
    NatDiagnosis udp = diagnosis(Transport.UDP, "yes 80", behavior("EI 80"), behavior("EI 80"), 2);
    assertThat(text(NatNames.of(udp, Transport.UDP, true))).isEqualTo("full cone");
    assertThat(text(NatNames.of(udp, Transport.TCP, true))).isEqualTo("blocked");
  }

  @Test
  void anAnswerIsANameOrAReason() {
    assertThatThrownBy(() -> new NatNames.Answer(null, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new NatNames.Answer(NatName.BLOCKED, List.of(Missing.MAPPING)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String text(NatNames.Answer answer) {
    @Nullable NatName name = answer.name();
    return name == null
        ? String.join(" ", answer.missing().stream().map(Missing::name).toList())
        : name.words();
  }

  private static NatDiagnosis diagnosis(
      Transport transport,
      String nat,
      Finding<Behavior> mapping,
      Finding<Behavior> filtering,
      int witnesses) {
    boolean tcp = transport == Transport.TCP;
    Finding<Behavior> none = Finding.unknown();
    NatProfile profile =
        new NatProfile(
            tcp ? mapping : none,
            tcp ? none : mapping,
            tcp ? filtering : none,
            tcp ? none : filtering,
            Finding.unknown(),
            Finding.unknown(),
            false,
            false);
    Finding<Boolean> translated =
        nat.equals("-")
            ? Finding.unknown()
            : Finding.of(nat.startsWith("yes"), Integer.parseInt(nat.split(" ", 2)[1]));
    return new NatDiagnosis(
        profile, Finding.unknown(), translated, Set.of(), tcp ? witnesses : 0, tcp ? 0 : witnesses);
  }

  private static Finding<Behavior> behavior(String text) {
    String[] words = text.split(" ", 2);
    return switch (words[0]) {
      case "EI" -> Finding.of(Behavior.ENDPOINT_INDEPENDENT, Integer.parseInt(words[1]));
      case "AD" -> Finding.of(Behavior.ADDRESS_DEPENDENT, Integer.parseInt(words[1]));
      case "APD" -> Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, Integer.parseInt(words[1]));
      default -> Finding.unknown();
    };
  }
}
