package dev.sallyport.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.app.natreport.Found;
import dev.sallyport.app.natreport.NatReport;
import dev.sallyport.app.natreport.NatType;
import dev.sallyport.app.natreport.PeerNat;
import dev.sallyport.app.natreport.Rates;
import dev.sallyport.app.runner.LifetimeRunner;
import dev.sallyport.domain.nat.MappingLifetime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NatTaleTest {
  @ParameterizedTest
  @EnumSource(NatType.class)
  void everyReport_fits80Columns_and40Lines(NatType type) {
    TestConsole console = TestConsole.pipes();
    NatReport report = Found.behind(type).report();
    NatTale tale = new NatTale(console.console());

    tale.tell(report.lines());
    tale.tell(report.lines(PeerNat.named("strict")));

    assertThat(console.out().lines()).allMatch(line -> line.length() <= 80);
    assertThat(console.out().lines()).noneMatch(line -> line.endsWith(" "));
    assertThat(console.out().lines().count()).isLessThan(55);
    assertThat(console.err()).isEmpty();
  }

  @Test
  void longTexts_areWrappedBetweenWords_andItemsIndented() {
    String word = "word ".repeat(20).strip();
    assertThat(NatTale.wrapped(word)).hasSize(2).allMatch(line -> line.length() <= 68);
    assertThat(NatTale.wrapped("- " + word).get(1)).startsWith("  word");
    assertThat(NatTale.wrapped("x".repeat(100))).containsExactly("x".repeat(100));
    assertThat(NatTale.wrapped("short")).containsExactly("short");
  }

  @ParameterizedTest
  @EnumSource(NatType.class)
  void json_isOneObject_withTheWordsOfTheRfc(NatType type) {
    Found found = Found.behind(type);
    Map<String, @Nullable Object> json =
        JsonText.object(
            NatJson.of(
                    new Json().put("event", "nat"),
                    found.result(),
                    new NatReport(found.result(), Rates.shipped()),
                    PeerNat.named("symmetric"),
                    null)
                .toString());

    String mapping = type.isSymmetric() ? "address-and-port-dependent" : "endpoint-independent";
    assertThat(json)
        .containsEntry("event", "nat")
        .containsEntry("mapping", Map.of("tcp", mapping, "udp", mapping))
        .containsEntry("types", List.of(type.word()))
        .containsEntry("typesAreAGuess", false)
        .containsKeys("filtering", "allocation", "confidence", "sources", "predictions", "with");
    assertThat((List<?>) json.get("predictions")).hasSize(NatType.values().length);
    assertThat((List<?>) json.get("sources")).hasSize(3);
  }

  @Test
  void json_hasNull_whereNothingIsKnown() {
    Found found = Found.nothing();
    Map<String, @Nullable Object> json =
        JsonText.object(
            NatJson.of(new Json(), found.result(), found.report(), null, null).toString());

    assertThat(json)
        .containsEntry("allocation", null)
        .doesNotContainKeys("with", "translated", "lifetime");
    assertThat(json.get("mapping") + "").isEqualTo("{tcp=null, udp=null}");
    assertThat(json.get("name") + "").isEqualTo("{tcp=null, udp=null}");
    assertThat(json.get("confidence") + "").contains("tcp=0");
  }

  @Test
  void json_hasTheLifetime_ifItWasTested() {
    Found found = Found.behind(NatType.PORT_RESTRICTED);
    MappingLifetime udp = new MappingLifetime(Duration.ofSeconds(20), Duration.ofSeconds(50));
    for (LifetimeRunner.Result lifetime :
        List.of(
            new LifetimeRunner.Result(null, udp),
            new LifetimeRunner.Result(new MappingLifetime(Duration.ofSeconds(110), null), udp))) {
      Map<String, @Nullable Object> json =
          JsonText.object(
              NatJson.of(new Json(), found.result(), found.report(), null, lifetime).toString());
      assertThat(json.get("lifetime") + "")
          .contains(
              lifetime.tcp() == null ? "tcp=null" : "tcp={keptMs=110000, lostMs=null}",
              "udp={keptMs=20000, lostMs=50000}");
    }
  }
}
