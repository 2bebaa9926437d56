package dev.sallyport.domain.nat;

import static dev.sallyport.domain.nat.Looks.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.FilterProbe.Outcome;
import dev.sallyport.domain.nat.FilterProbe.Relation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Probes are read as {@code other A silence 8 x3}: from an address that we had not sent to, by
 * prober A, with silence for 8 s, three times.
 */
class FilteringRulesTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing               | '' | unknown",
        "a stranger gets in    | other A arrived 0 | ENDPOINT_INDEPENDENT 80",
        "two strangers         | other A arrived 0, other B arrived 0 | ENDPOINT_INDEPENDENT 95",
        "one gets in, one not  | other A arrived 0, other B silence 8 x3 | ENDPOINT_INDEPENDENT 60",
        "some were lost        | other A silence 8 x5, other A arrived 0 | ENDPOINT_INDEPENDENT 80",
        "lost, or not          | other A silence 8 x2, same B silence 8 x2 | unknown",
        "three times nothing   | other A silence 8 x3 | ADDRESS_AND_PORT_DEPENDENT 40",
        "refused once          | other A reset 0 | ADDRESS_AND_PORT_DEPENDENT 40",
        "refused somehow       | other A refused 0 | ADDRESS_AND_PORT_DEPENDENT 40",
        "only the other port   | other A silence 8 x3, same B arrived 0 | ADDRESS_DEPENDENT 40",
        "the same, two say so  | other A silence 8 x3, other C icmp 0, same B arrived 0"
            + " | ADDRESS_DEPENDENT 80",
        "address not tried     | same B arrived 0 | ADDRESS_DEPENDENT 40",
        "neither               | other A silence 8 x3, same B silence 8 x3"
            + " | ADDRESS_AND_PORT_DEPENDENT 40",
        "neither, two of each  | other A reset 0, other C reset 0, same B reset 0, same D reset 0"
            + " | ADDRESS_AND_PORT_DEPENDENT 80",
      })
  void filtering(String name, String probes, String filtering) {
    NatProfile tcp = profile(probes, Transport.TCP);
    assertThat(text(tcp.tcpFiltering())).isEqualTo(filtering);
    assertThat(tcp.udpFiltering().isKnown()).isFalse();
    NatProfile udp = profile(probes, Transport.UDP);
    assertThat(text(udp.udpFiltering())).isEqualTo(filtering);
    assertThat(udp.tcpFiltering().isKnown()).isFalse();
    assertThat(udp.unsolicitedSyn().isKnown()).isFalse();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "gets in               | other A arrived 0 | unknown",
        "reset                 | other A reset 0 | RESET 40",
        "reset, two say so     | other A reset 0, same B reset 0 | RESET 80",
        "nobody can tell       | other A refused 0, same B refused 6 | unknown",
        "one can tell          | other A refused 0, other A reset 0, same B reset 0 | RESET 80",
        "ICMP at once          | other A icmp 0, same B icmp 1 | ICMP 80",
        "ICMP after a while    | other A icmp 5, same B icmp 6 | HOLD 80",
        "silence               | other A silence 7 x3, same B silence 8 x3 | DROP 80",
        "silence, not long     | other A silence 6 x3, same B silence 6 x3 | unknown",
        "silence, not often    | other A silence 8 x2, same B silence 8 x2 | unknown",
        "answers can get lost  | other A silence 8 x5, other A reset 0, same B reset 0 | RESET 80",
        "one of three lies     | other A reset 0, same B reset 0, same C icmp 0 | RESET 40",
        "one against one       | other A reset 0, same B icmp 0 | unknown",
      })
  void unsolicitedSyn(String name, String probes, String answer) {
    assertThat(text(profile(probes, Transport.TCP).unsolicitedSyn())).isEqualTo(answer);
  }

  /** A host that hears nothing sends its SYN again. */
  @ParameterizedTest
  @CsvSource({"2, unknown, unknown", "3, ADDRESS_AND_PORT_DEPENDENT 40, DROP 40"})
  void oneProbeOfSeveralPackets_isAsGoodAsSeveralProbes(
      int packets, String filtering, String answer) {
    FilterProbe silence =
        new FilterProbe(
            4000,
            Transport.TCP,
            Endpoint.parse("192.0.2.1:1"),
            Relation.OTHER_ADDRESS,
            Outcome.SILENCE,
            packets,
            Duration.ofSeconds(8),
            Instant.EPOCH);
    NatProfile profile = NatClassifier.diagnose(List.of(silence), List.of()).profile();
    assertThat(text(profile.tcpFiltering())).isEqualTo(filtering);
    assertThat(text(profile.unsolicitedSyn())).isEqualTo(answer);
  }

  @Test
  void anImpossibleProbe_isRefused() {
    assertThatThrownBy(
            () ->
                new FilterProbe(
                    1,
                    Transport.TCP,
                    Endpoint.parse("192.0.2.1:1"),
                    Relation.OTHER_ADDRESS,
                    Outcome.SILENCE,
                    0,
                    Duration.ZERO,
                    Instant.EPOCH))
        .hasMessageContaining("0 packets");
    assertThatThrownBy(() -> probe(0, Duration.ZERO)).hasMessageContaining("port 0");
    assertThatThrownBy(() -> probe(4000, Duration.ofMillis(-1))).hasMessageContaining("-1 ms");
  }

  private static FilterProbe probe(int port, Duration after) {
    return new FilterProbe(
        port,
        Transport.TCP,
        Endpoint.parse("192.0.2.1:1"),
        Relation.OTHER_ADDRESS,
        Outcome.ARRIVED,
        after,
        Instant.EPOCH);
  }

  private static NatProfile profile(String text, Transport transport) {
    List<FilterProbe> probes = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String probe : text.split(" *, *", -1)) {
        String[] words = probe.split(" +", -1);
        int times = words.length > 4 ? Integer.parseInt(words[4].substring(1)) : 1;
        for (int i = 0; i < times; i++) {
          probes.add(
              new FilterProbe(
                  4000,
                  transport,
                  Endpoint.parse("192.0.2." + (words[1].charAt(0) - 'A' + 1) + ":" + (5000 + i)),
                  words[0].equals("other")
                      ? Relation.OTHER_ADDRESS
                      : Relation.SAME_ADDRESS_OTHER_PORT,
                  Outcome.valueOf(words[2].toUpperCase(Locale.ROOT)),
                  Duration.ofSeconds(Long.parseLong(words[3])),
                  Instant.EPOCH));
        }
      }
    }
    return NatClassifier.diagnose(probes, List.of()).profile();
  }
}
