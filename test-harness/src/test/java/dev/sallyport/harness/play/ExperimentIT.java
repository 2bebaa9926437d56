package dev.sallyport.harness.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.nft.NftFabric;
import dev.sallyport.harness.play.Experiment.Plan;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import dev.sallyport.harness.scenario.StartOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the lab does with processes, with a stand-in for them. */
@ExtendWith(LabNeeds.class)
final class ExperimentIT {
  private static final Scenario REACHABLE =
      Scenario.between(NatKind.PORT_RESTRICTED, NatKind.NONE).delayMillis(10);

  @TempDir private Path folder = Path.of("");
  private final List<String> progress = new ArrayList<>();

  private Summary play(Scenario scenario, int repeat) throws Exception {
    AppCommand standIn = new AppCommand(StandIn.words(folder), Map.of());
    return new Experiment(new NftFabric(), standIn, Plan.times(repeat), progress::add)
        .play(scenario);
  }

  @Test
  void eachRun_getsItsEcho_andIsToldOf() throws Exception {
    Summary summary = play(REACHABLE.mustConnect(Rung.DIRECT), 2);
    assertThat(summary.allSucceeded()).isTrue();
    assertThat(summary.surprises()).isEmpty();
    assertThat(summary.rungs()).containsExactly(Map.entry("direct", 2L));
    assertThat(summary.logs()).isNull();
    CallResult first = summary.results().get(0);
    assertThat(first.connectMillis()).isBetween(19L, 200L);
    assertThat(first.echoMillis()).isGreaterThanOrEqualTo(first.connectMillis());
    assertThat(first.timeline()).containsOnlyKeys("network", "connected", "message");
    assertThat(first.clientSyns()).isOne();
    assertThat(first.synCrossed()).isFalse();
    assertThat(progress).hasSize(4).last().asString().contains("run  2", "direct");
  }

  @Test
  void aCallThatDoesNotGetThrough_leavesTheLogsOfBothSides() throws Exception {
    Summary summary = play(Scenario.between(NatKind.NONE, NatKind.PORT_RESTRICTED), 1);
    assertThat(summary.allSucceeded()).isFalse();
    assertThat(summary.results().get(0).exitCode()).isEqualTo(5);
    assertThat(summary.results().get(0).reason()).contains("no rung got through");
    Path logs = Objects.requireNonNull(summary.logs());
    try (Stream<Path> files = Files.list(logs)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .contains("run-01-caller-01.log", "service-01.log", "dht.log", "stun.log");
    } finally {
      Workspace.delete(logs);
    }
    assertThat(logs).doesNotExist();
  }

  @Test
  void aForwardedPort_isUsedAndAdvertised() throws Exception {
    Scenario forwarded =
        Scenario.between(NatKind.SYMMETRIC, NatKind.SYMMETRIC)
            .server(Site.behind(NatKind.SYMMETRIC).forwarding(9000));
    Summary summary = play(forwarded.mustConnect(Rung.DIRECT), 1);
    assertThat(summary.surprises()).isEmpty();
  }

  @Test
  void connectFirst_waitsForTheService() throws Exception {
    Summary summary = play(REACHABLE.starting(StartOrder.CONNECT_FIRST).mustConnect(), 1);
    assertThat(summary.surprises()).isEmpty();
  }

  @Test
  void callersAtTheSameTime_allGetTheirOwnEcho() throws Exception {
    Summary summary = play(REACHABLE.starting(StartOrder.BOTH).callers(3).mustConnect(), 1);
    assertThat(summary.surprises()).isEmpty();
    assertThat(summary.results()).extracting(CallResult::caller).containsExactly(1, 2, 3);
  }

  @Test
  void aHostWithoutANetwork_isToldByItsExitCode() throws Exception {
    Scenario noClient = REACHABLE.client(Site.behind(NatKind.NONE).offline()).mustFailWith(7);
    assertThat(play(noClient, 1).surprises()).isEmpty();
    Scenario noServer = REACHABLE.server(Site.behind(NatKind.NONE).offline()).mustFailWith(7);
    Summary summary = play(noServer, 1);
    assertThat(summary.surprises()).isEmpty();
    assertThat(summary.results().get(0).reason()).contains("service", "there is no network");
  }

  @Test
  void betweenTwoRuns_thereIsThePauseThatWasAskedFor() throws Exception {
    AppCommand standIn = new AppCommand(StandIn.words(folder), Map.of());
    Plan plan = new Plan(2, false, false, Duration.ofSeconds(1));
    List<Long> ended = new ArrayList<>();
    new Experiment(
            new NftFabric(),
            standIn,
            plan,
            line -> {
              if (line.contains("  run ")) {
                ended.add(System.nanoTime());
              }
            })
        .play(REACHABLE.mustConnect());
    assertThat(ended).hasSize(2);
    assertThat(Duration.ofNanos(ended.get(1) - ended.get(0))).isGreaterThan(plan.pause());
  }

  @Test
  void nodesThatDoNotStart_areNoExperiment() {
    AppCommand broken = new AppCommand(List.of("false"), Map.of());
    Experiment experiment = new Experiment(new NftFabric(), broken, Plan.times(1), progress::add);
    assertThatThrownBy(() -> experiment.play(REACHABLE))
        .isInstanceOf(FabricException.class)
        .hasMessageContaining("DHT nodes ended")
        .satisfies(
            e -> {
              String message = Objects.requireNonNull(e.getMessage());
              Path log = Path.of(message.substring(message.indexOf('/')));
              assertThat(log).exists();
              Workspace.delete(Objects.requireNonNull(log.getParent()));
            });
  }
}
