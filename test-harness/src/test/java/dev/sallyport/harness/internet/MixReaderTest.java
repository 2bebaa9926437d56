package dev.sallyport.harness.internet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Site;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a mix can say, and what it is told when it says something else. */
final class MixReaderTest {

  @Test
  void aMix_saysWhoThereIs_howFarApart_andWhoMeasured() throws MixFormatException {
    Mix mix =
        MixReader.read(
            "office",
            "office.mix",
            """
            # a comment
            title     Our office      # and another
            source    Counted by hand
            source    And by foot
            measured  2026
            sample    40 routers
            judgement One was off.

            nat\t62.5 % port-restricted
            nat 30%   symmetric
            nat rest  port-restricted below symmetric
            rtt 20 ms 25%
            rtt 100ms 75 %
            """);
    assertThat(mix.name()).isEqualTo("office");
    assertThat(mix.title()).isEqualTo("Our office");
    assertThat(mix.measured()).isEqualTo(2026);
    assertThat(mix.sources()).containsExactly("Counted by hand", "And by foot");
    assertThat(mix.judgements()).containsExactly("One was off.");
    assertThat(mix.sample()).hasValue(40);
    assertThat(mix.sampleWords()).isEqualTo("routers");
    assertThat(mix.hosts())
        .extracting(part -> part.what().words())
        .containsExactly("port-restricted", "symmetric", "port-restricted below symmetric");
    assertThat(mix.hosts().get(2).what())
        .isEqualTo(Host.at(Site.behind(NatKind.PORT_RESTRICTED).below(NatKind.SYMMETRIC)));
    assertThat(mix.hosts().get(2).weight().share()).isCloseTo(0.075, within(1e-9));
    assertThat(mix.roundTrips())
        .extracting(Mix.Part::what)
        .containsExactly(Duration.ofMillis(20), Duration.ofMillis(100));
  }

  @Test
  void aRange_standsInsteadOfASample() {
    Mix mix = MixTexts.read("nat 16.3% (12.2 - 20.7) symmetric", "nat rest none");
    assertThat(mix.sample()).isEmpty();
    Weight weight = mix.hosts().getFirst().weight();
    assertThat(weight.share()).isCloseTo(0.163, within(1e-9));
    assertThat(weight.low()).isCloseTo(0.122, within(1e-9));
    assertThat(weight.high()).isCloseTo(0.207, within(1e-9));
    assertThat(mix.hosts().get(1).weight().hasRange()).isFalse();
  }

  @Test
  void roundedShares_areScaledToOne() {
    Mix mix =
        MixTexts.read(
            "sample 9 hosts", "nat 33.3% none", "nat 33.3% symmetric", "nat 33.3% full-cone");
    assertThat(mix.hosts().getFirst().weight().share()).isCloseTo(1.0 / 3, within(1e-9));
  }

  @Test
  void hostsWithoutUdp_haveNoSite() {
    Mix mix = MixTexts.read("sample 9 hosts", "nat 100% no-udp");
    assertThat(mix.hosts().getFirst().what()).isEqualTo(Host.NO_UDP);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nat 57 port-restricted | line 5 | for example: nat 8% (0-16) port-restricted below",
        "nat 57% cone | line 5 | expected one of none, full-cone,",
        "nat 57% cone | line 5 | , no-udp; for example: nat 57% port-restricted",
        "nat 57% symmetric below cone | line 5 | \"cone\" is no kind of NAT",
        "nat 57% none below symmetric | line 5 | kind none does not",
        "nat 57% no-udp below symmetric | line 5 | kind none does not",
        "nat 0% none | line 5 | expected more than 0% and at most 100%",
        "nat 101% none | line 5 | expected more than 0% and at most 100%",
        "nat -5% none | line 5 | is no share of hosts",
        "nat 1e3% none | line 5 | is no share of hosts",
        "nat 5% (6-7) none | line 5 | not in its range 6-7; for example: 16% (12-21)",
        "nat 5% (7-3) none | line 5 | not in its range",
        "nat 5% (3-101) none | line 5 | not in its range",
        "rtt 20 25% | line 5 | for example: rtt 20 ms 25%",
        "rtt 20001 ms 25% | line 5 | expected 0 to 20000 ms",
        "rtt 20 ms 25% | line 5 | 20 ms has its share in line 4 already",
        "title Another | line 5 | there is a line \"title\" already",
        "measured soon | line 5 | for example: measured 2016",
        "sample many | line 5 | for example: sample 907 peers",
        "source | line 5 | a line \"source\" says something",
        "NAT 5% none | line 5 | expected one of title, source, measured, sample, judgement, nat, rtt",
        "weight | line 5 | \"weight\" is no word for the start of a line",
        "sample 9 hosts | test.mix: | it has no line \"nat\"; for example: nat 57% port-restricted",
        "nat 100% none | test.mix: | nothing in it says how sure the shares are",
      })
  void aMistake_isNamed_withItsLine_andWhatWasExpected(String line, String where, String words) {
    assertThatThrownBy(() -> MixReader.read("test", "test.mix", MixTexts.with(line)))
        .isInstanceOf(MixFormatException.class)
        .hasMessageContaining("test.mix")
        .hasMessageContaining(where)
        .hasMessageContaining(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nat 50% none;nat 49% symmetric;sample 9 hosts | nat lines make 99.0%; expected 100%",
        "nat 60% none;nat 40% symmetric;nat rest full-cone;sample 9 hosts | expected less than 100%",
        "nat 50% none;nat 50% none | none has its share in line 5 already",
        "nat rest none;nat rest symmetric | the rest is named in line 5 already",
        "nat 50% (40-60) none;nat rest symmetric;sample 9 hosts | both a line \"sample\" and ranges",
        "nat 100% none;sample 0 hosts | its sample is 0",
      })
  void lines_thatDoNotFitEachOther_areNamed(String lines, String words) {
    assertThatThrownBy(() -> MixReader.read("test", "test.mix", MixTexts.with(lines.split(";"))))
        .isInstanceOf(MixFormatException.class)
        .hasMessageContaining(words);
  }

  @Test
  void whoMeasured_andWhen_mustBeSaid() {
    assertThatThrownBy(() -> MixReader.read("test", "test.mix", "title Nothing\nmeasured 2020"))
        .hasMessageContaining("no line \"source\": numbers without a source are guesses");
    assertThatThrownBy(() -> MixReader.read("test", "test.mix", "title Nothing\nsource Nobody"))
        .hasMessageContaining("no line \"measured\"");
    assertThatThrownBy(() -> MixReader.read("test", "test.mix", ""))
        .hasMessageContaining("no line \"title\"");
  }

  @Test
  void whatIsTooMuch_orNoText_isRefused() {
    assertThatThrownBy(
            () -> MixReader.read("test", "test.mix", "#".repeat(MixReader.MOST_CHARS + 1)))
        .hasMessageContaining("longer than 65536 characters");
    assertThatThrownBy(() -> MixReader.read("test", "test.mix", "title " + "x".repeat(500)))
        .hasMessageContaining("line 1: it is longer than 500");
    assertThatThrownBy(() -> MixReader.read("test", "test.mix", "title \u001b[31mred"))
        .hasMessageContaining("line 1: there is a control character")
        .message()
        .doesNotContain("\u001b");
    assertThatThrownBy(() -> MixReader.read("test", "test.mix", "source a\n".repeat(33)))
        .hasMessageContaining("line 33: there are more than 32 lines \"source\"");
  }
}
