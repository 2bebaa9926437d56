package dev.sallyport.harness.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.agreement.Agreement.Row;
import dev.sallyport.harness.scenario.Expectation;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.sim.Trial;
import dev.sallyport.harness.sim.TrialResult;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table, played by modelled hosts in virtual time. */
final class AgreementTest {
  static List<Row> rows() {
    return Agreement.ROWS;
  }

  static List<Scenario> calls() {
    return Agreement.CALLS;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aProgram_isAnsweredAsTheTableSays(Row row) {
    try (RawTcp net = new ModelTcp(row.scenario())) {
      assertThat(row.program().play(net, row.firstPort())).isEqualTo(row.answer());
    }
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aCall_endsAsTheTableSays_withAnySeed(Scenario scenario) {
    for (int seed = 1; seed <= 5; seed++) {
      Scenario seeded = scenario.over(scenario.path().seeded(seed));
      TrialResult result = Trial.play(seeded);
      assertThat(meets(result, scenario.expectation()))
          .as("%s, seed %d: %s", scenario, seed, result)
          .isTrue();
    }
  }

  private static boolean meets(TrialResult result, Expectation expectation) {
    return switch (expectation) {
      case Expectation.Connects connects ->
          result.connected() && result.rung() != null && connects.rungs().contains(result.rung());
      case Expectation.FailsWith fails -> result.exitCode() == fails.exitCode();
      case Expectation.Measured measured -> true;
    };
  }

  @Test
  void theTable_hasNoRowTwice() {
    assertThat(Agreement.ROWS.stream().map(Row::toString)).doesNotHaveDuplicates();
    assertThat(Agreement.CALLS.stream().map(Scenario::toString)).doesNotHaveDuplicates();
  }
}
