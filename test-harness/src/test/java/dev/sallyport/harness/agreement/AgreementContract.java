package dev.sallyport.harness.agreement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.agreement.Agreement.Row;
import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.play.AppCommand;
import dev.sallyport.harness.play.Experiment;
import dev.sallyport.harness.play.Summary;
import dev.sallyport.harness.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table, played by real sockets and processes: all of it that this fabric can. */
@ExtendWith(LabNeeds.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AgreementContract {
  private final Fabric fabric;

  AgreementContract(Fabric fabric) {
    this.fabric = fabric;
  }

  private boolean plays(Scenario scenario) {
    return fabric.missing(scenario) == null;
  }

  /** One network for all programs of a scenario: building it takes longer than they do. */
  Stream<Scenario> scenarios() {
    return Agreement.ROWS.stream().map(Row::scenario).distinct().filter(this::plays);
  }

  Stream<Scenario> calls() {
    return Agreement.CALLS.stream().filter(this::plays);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void programs_areAnsweredAsTheTableSays(Scenario scenario) throws Exception {
    SoftAssertions all = new SoftAssertions();
    try (Network network = fabric.build(scenario)) {
      for (Row row : Agreement.ROWS) {
        if (row.scenario().equals(scenario)) {
          try (RawTcp net = new RealTcp(network)) {
            all.assertThat(row.program().play(net, row.firstPort()))
                .as(row.toString())
                .isEqualTo(row.answerOf(fabric.name()));
          }
        }
      }
    }
    all.assertAll();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aCall_endsAsTheTableSays(Scenario scenario) throws Exception {
    List<String> said = new ArrayList<>();
    Experiment experiment =
        new Experiment(fabric, AppCommand.locate(), Experiment.Plan.times(1), said::add);
    Summary summary = experiment.play(scenario);
    assertThat(summary.results()).as(said.toString()).isNotEmpty();
    assertThat(summary.surprises())
        .as("logs are in %s", Objects.toString(summary.logs()))
        .isEmpty();
  }
}
