package dev.sallyport.harness.internet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.internet.Tally.Ending;
import dev.sallyport.harness.matrix.Proportion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What people and machines get to read. */
final class InternetReportTest {
  private final Mix mix =
      MixTexts.read(
          "sample 100 hosts",
          "judgement All are taken for the same.",
          "nat 50% symmetric",
          "nat 50% port-restricted");

  private Outcome outcome(Mix of) {
    Tally tally = new Tally(of);
    for (int caller = 0; caller < of.hosts().size(); caller++) {
      for (int service = 0; service < of.hosts().size(); service++) {
        for (int i = 0; i < 25; i++) {
          tally.add(
              new CallDraw(caller, service, 0, i),
              caller == 1 && service == 1
                  ? new Ending(Rung.EXTERNAL, "")
                  : new Ending(null, "no rung got through"));
        }
      }
    }
    return Outcome.of(of, tally, 3);
  }

  private InternetReport report(int year, int millis) {
    return new InternetReport(outcome(mix), year, Duration.ofMillis(millis));
  }

  @Test
  void aPage_saysWhatIsExpected_howSureThatIs_andWhoLoses() {
    List<String> lines = report(2026, 1).lines();
    String page = String.join("\n", lines);
    assertThat(page)
        .startsWith("test: Of a test\n")
        .contains(
            "2020, 6 years ago; 100 hosts",
            "source                Thin air",
            "100 simulated calls, seed 3, round trips of 20 ms",
            "expected to connect    25.0 %",
            "17.5 to 34.3 %    because only 100 calls were played (Wilson)",
            "external   25.0 %",
            "25.0 %          0/25     symmetric calls port-restricted",
            "the caller leaves from a port that nobody knows",
            "the service leaves from a port that nobody knows",
            "both leave from another port",
            "- All are taken for the same.",
            "Not in the model");
    assertThat(lines).allMatch(line -> line.length() <= 100, "fits a terminal");
  }

  @Test
  void aMixOfThisYear_isNotOld() {
    assertThat(report(2020, 1).lines()).anyMatch(line -> line.contains("2020, this year;"));
    assertThat(report(2021, 1).lines()).anyMatch(line -> line.contains("2020, 1 year ago;"));
  }

  @Test
  void withoutAFailure_noPairLoses() {
    Mix easy = MixTexts.read("sample 9 hosts", "nat 100% none");
    Tally tally = new Tally(easy);
    tally.add(new CallDraw(0, 0, 0, 1), new Ending(Rung.DIRECT, ""));
    assertThat(new InternetReport(Outcome.of(easy, tally, 1), 2026, Duration.ZERO).lines())
        .contains("No call failed.")
        .anyMatch(line -> line.contains("give more --calls"));
  }

  @Test
  void machines_getTheSameNumbers() throws IOException {
    Map<String, Object> map = JSON.std.mapFrom(report(2026, 1).json());
    assertThat(map)
        .containsEntry("mix", "test")
        .containsEntry("measured", 2020)
        .containsEntry("calls", 100)
        .containsEntry("seed", 3)
        .containsEntry("sample", 100)
        .containsKeys("sources", "judgements", "hosts", "roundTripMs", "dominates");
    assertThat((Map<?, ?>) map.get("connected"))
        .extracting("rate", "callsLow")
        .satisfies(numbers -> assertThat(numbers).first().isEqualTo(0.25));
    assertThat((List<?>) map.get("pairs")).hasSize(4);
    assertThat((Map<?, ?>) map.get("rungs")).hasSize(Rung.values().length);
  }

  @Test
  void onlyWhatBeginsWithWall_differsFromRunToRun() throws IOException {
    Map<String, Object> one = JSON.std.mapFrom(report(2026, 1).json());
    Map<String, Object> other = JSON.std.mapFrom(report(2027, 2).json());
    assertThat(one).isNotEqualTo(other);
    one.keySet().removeIf(field -> field.startsWith("wall"));
    other.keySet().removeIf(field -> field.startsWith("wall"));
    assertThat(one).isEqualTo(other);
  }

  @Test
  void aPairThatSometimesConnects_isToldByItsFailures() {
    Outcome.Pair pair =
        new Outcome.Pair(
            Host.parse("symmetric"),
            Host.parse("symmetric"),
            new Proportion(1, 2),
            0.1,
            "no rung got through");
    assertThat(pair.why()).isEqualTo("no rung got through");
  }

  @Test
  void kindsThatAreNoReason_areNotNamedAsOne() {
    assertThat(Obstacle.between(Host.parse("symmetric"), Host.parse("full-cone"))).isEmpty();
    assertThat(Obstacle.between(Host.parse("symmetric"), Host.parse("none"))).isEmpty();
    assertThat(Obstacle.between(Host.parse("port-restricted"), Host.parse("port-restricted")))
        .isEmpty();
    assertThat(Obstacle.between(Host.NO_UDP, Host.parse("symmetric"))).isEmpty();
  }
}
