package dev.sallyport.harness.play;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.linux.WireReport;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SummaryTest {
  private static final Scenario SCENARIO =
      Scenario.between(NatKind.PORT_RESTRICTED, NatKind.FULL_CONE).delayMillis(25);

  private static final String REMOTE = "198.18.20.2:40000";

  private static CallResult success(int run, String rung, long echoMillis) {
    return new CallResult(
        run, 1, true, 0, rung, REMOTE, 2, 400, echoMillis, Map.of("network", 90L), true, 2, 1, "");
  }

  private static CallResult failure(int run, int exitCode) {
    return new CallResult(
        run, 1, false, exitCode, "", "", -1, -1, -1, Map.of(), false, 0, 0, "no echo");
  }

  private static Summary summary(Scenario scenario, List<CallResult> results, @Nullable Path logs) {
    return new Summary("nft", scenario, results, new WireReport(9, 0, 0, 80, 900), logs);
  }

  @Test
  void medianAndP95_areTimesThatWereMeasured() {
    List<CallResult> twenty = new ArrayList<>();
    for (int run = 20; run >= 1; run--) {
      twenty.add(success(run, "external", 100L * run));
    }
    Summary summary = summary(SCENARIO, twenty, null);
    assertThat(summary.echoMillis(0.5)).isEqualTo(1000);
    assertThat(summary.echoMillis(0.95)).isEqualTo(1900);
    assertThat(summary.allSucceeded()).isTrue();
    assertThat(summary.text())
        .isEqualTo(
            "20 of 20 got their echo, after 1.00 s (median), 1.90 s (p95); rungs: external=20");
  }

  @Test
  void oneFailure_isCountedAndItsLogsAreNamed() {
    Summary summary =
        summary(SCENARIO, List.of(success(1, "local", 700), failure(2, 5)), Path.of("/tmp/logs"));
    assertThat(summary.allSucceeded()).isFalse();
    assertThat(summary.text()).startsWith("1 of 2 got their echo").contains("/tmp/logs");
  }

  @Test
  void whatWentOverIpv6_isCounted_whereThereIsAny() {
    CallResult six =
        new CallResult(
            2, 1, true, 0, "external", "[3fff::1]:9", 2, 400, 700, Map.of(), null, 2, 1, "");
    List<CallResult> results = List.of(success(1, "external", 700), six, failure(3, 5));
    assertThat(six.line()).endsWith(", over IPv6");
    assertThat(summary(SCENARIO.ipv6(Ipv6.FIREWALL), results, null).text())
        .endsWith("rungs: external=2; over IPv6: 1");
    assertThat(summary(SCENARIO, results, null).text()).endsWith("rungs: external=2");
  }

  @Test
  void noCallAtAll_isNoSuccess() {
    assertThat(summary(SCENARIO, List.of(), null).allSucceeded()).isFalse();
    assertThat(summary(SCENARIO, List.of(), null).echoMillis(0.5)).isEqualTo(-1);
  }

  @Test
  void anEchoWithABadEnd_isNoSuccess() {
    CallResult odd =
        new CallResult(
            1, 1, true, 1, "external", REMOTE, 1, 1, 1, Map.of(), null, 0, 0, "exit code 1");
    assertThat(odd.succeeded()).isFalse();
  }

  @Test
  void whatAScenarioExpects_isWhatCounts() {
    List<CallResult> results = List.of(success(1, "external", 700), failure(2, 5));
    assertThat(summary(SCENARIO, results, null).surprises()).isEmpty();
    assertThat(summary(SCENARIO.mustConnect(), results, null).surprises())
        .containsExactly(results.get(1));
    assertThat(summary(SCENARIO.mustConnect(Rung.LOCAL), results, null).surprises())
        .containsExactlyElementsOf(results);
    assertThat(summary(SCENARIO.mustFailWith(5), results, null).surprises())
        .containsExactly(results.get(0));
  }

  @Test
  void theJson_isOneLineThatSaysItAll() throws Exception {
    String json = summary(SCENARIO, List.of(success(1, "external", 700)), null).json();
    assertThat(json).doesNotContain("\n");
    Map<String, Object> map = JSON.std.mapFrom(json);
    assertThat(map)
        .containsEntry("client", "port-restricted")
        .containsEntry("server", "full-cone")
        .containsEntry("delayMs", 25)
        .containsEntry("calls", 1)
        .containsEntry("succeeded", 1)
        .containsEntry("medianMs", 700)
        .containsEntry("rungs", Map.of("external", 1))
        .containsKey("wire");
    assertThat(map)
        .extractingByKey("results")
        .asString()
        .contains("synCrossed=true", "fromClient=2");
  }
}
