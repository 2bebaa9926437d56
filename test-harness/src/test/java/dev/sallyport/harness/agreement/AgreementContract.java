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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table, played by real sockets and processes: all of it that this fabric can. */
@ExtendWith(LabNeeds.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AgreementContract {
  /** A program passes most of its time in silence. */
  private static final int NETWORKS_AT_A_TIME = 3;

  private final Fabric fabric;

  AgreementContract(Fabric fabric) {
    this.fabric = fabric;
  }

  private boolean plays(Scenario scenario) {
    return fabric.missing(scenario) == null;
  }

  Stream<Scenario> calls() {
    return Agreement.CALLS.stream().filter(this::plays);
  }

  @TestFactory
  Stream<DynamicTest> aProgram_isAnsweredAsTheTableSays() {
    Map<Scenario, Future<Map<Row, String>>> played = new LinkedHashMap<>();
    ExecutorService stages = Executors.newFixedThreadPool(NETWORKS_AT_A_TIME);
    List<Row> rows = Agreement.ROWS.stream().filter(row -> plays(row.scenario())).toList();
    List<DynamicTest> tests = new ArrayList<>();
    for (Row row : rows) {
      Future<Map<Row, String>> answers =
          played.computeIfAbsent(row.scenario(), each -> stages.submit(() -> play(rows, each)));
      tests.add(
          DynamicTest.dynamicTest(
              row.toString(), () -> assertThat(answers.get()).containsEntry(row, row.answer())));
    }
    return tests.stream().onClose(stages::close);
  }

  /** All programs of a scenario in one network: building it takes longer than they do. */
  private Map<Row, String> play(List<Row> rows, Scenario scenario) throws Exception {
    Map<Row, String> answers = new LinkedHashMap<>();
    try (Network network = fabric.build(scenario)) {
      for (Row row : rows) {
        if (row.scenario().equals(scenario)) {
          try (RawTcp net = new RealTcp(network)) {
            answers.put(row, row.program().play(net, row.firstPort()));
          }
        }
      }
    }
    return answers;
  }

  @ParameterizedTest
  @MethodSource("calls")
  void aCall_endsAsTheTableSays(Scenario scenario) throws Exception {
    List<String> said = new ArrayList<>();
    Experiment experiment =
        new Experiment(fabric, AppCommand.locate(), Experiment.Plan.times(1), said::add);
    Summary summary = experiment.play(scenario);
    assertThat(summary.results()).as("%s", said).isNotEmpty();
    assertThat(summary.surprises()).as("%s; logs are in %s", said, summary.logs()).isEmpty();
  }
}
