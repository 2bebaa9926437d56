package dev.sallyport.harness.internet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.sim.Trial;
import dev.sallyport.harness.sim.TrialResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The numbers are right where the truth is known. */
final class MonteCarloTest {
  private static final int CALLS = 4000;
  private static final long SEED = 11;

  /** Connects unless one side is symmetric. */
  private static TrialResult easyConnects(Scenario scenario) {
    boolean hard =
        scenario.client().nat() == NatKind.SYMMETRIC
            || scenario.server().nat() == NatKind.SYMMETRIC;
    return hard
        ? new TrialResult(null, 0, Duration.ZERO, Duration.ZERO, 5, "too hard")
        : new TrialResult(Rung.EXTERNAL, 1, Duration.ZERO, Duration.ZERO, 0, "");
  }

  private static Outcome play(Mix mix, int threads) {
    try {
      return new MonteCarlo(mix, MonteCarloTest::easyConnects, threads)
          .play(CALLS, SEED, (tally, calls) -> {});
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void hostsWithoutNat_alwaysConnect_inTheRealSimulation() throws InterruptedException {
    Mix mix = MixTexts.read("sample 10 hosts", "nat 100% none");
    Outcome outcome = new MonteCarlo(mix, Trial::play, 2).play(100, SEED, (tally, calls) -> {});
    assertThat(outcome.all().rate()).isEqualTo(1);
    assertThat(outcome.all().high()).isEqualTo(1);
    assertThat(outcome.all().mixLow()).isCloseTo(1, within(1e-9));
    assertThat(outcome.all().low()).isEqualTo(outcome.all().byCalls().low());
    assertThat(outcome.all().isMixDominant()).isFalse();
    assertThat(outcome.pairs()).hasSize(1);
    assertThat(outcome.pairs().getFirst().ofAll()).isZero();
  }

  /** A mix whose share of symmetric hosts is h, and which it could be. */
  record Known(Mix mix, double hard, double sigma) {}

  static List<Known> known() {
    return List.of(
        new Known(
            MixTexts.read("sample 900 hosts", "nat 20% symmetric", "nat 80% none"),
            0.2,
            Math.sqrt(0.2 * 0.8 / 901)),
        new Known(
            MixTexts.read("sample 50 hosts", "nat 20% symmetric", "nat 80% none"),
            0.2,
            Math.sqrt(0.2 * 0.8 / 51)));
  }

  @ParameterizedTest
  @MethodSource("known")
  void theIntervals_areThoseOfTheory(Known known) {
    Outcome outcome = play(known.mix(), 2);
    double truth = Math.pow(1 - known.hard(), 2);
    Estimate all = outcome.all();
    assertThat(all.rate()).as("seed %d", SEED).isCloseTo(truth, within(0.03));
    assertThat(all.byCalls().high() - all.byCalls().low())
        .isCloseTo(2 * 1.96 * Math.sqrt(truth * (1 - truth) / CALLS), within(0.001));
    // d/dh (1 - h)^2 = 2 (1 - h): the weights' deviation, so much larger.
    double byMix = 2 * 1.96 * 2 * (1 - known.hard()) * known.sigma();
    assertThat(all.mixHigh() - all.mixLow())
        .as("seed %d", SEED)
        .isCloseTo(byMix, within(byMix * 0.08));
    assertThat(all.isMixDominant()).isTrue();
    assertThat(all.low()).isLessThan(Math.min(all.mixLow(), all.byCalls().low()));
    assertThat(all.high()).isGreaterThan(Math.max(all.mixHigh(), all.byCalls().high()));
  }

  @Test
  void aRange_isCarriedThroughToTheResult() {
    Outcome outcome = play(MixTexts.read("nat 20% (10-30) symmetric", "nat rest none"), 2);
    // From (1 - h)^2 of 0.7 and 0.9, of which 95 of 100 draws leave out 1/40 on either side.
    assertThat(outcome.all().mixLow()).as("seed %d", SEED).isCloseTo(0.497, within(0.03));
    assertThat(outcome.all().mixHigh()).as("seed %d", SEED).isCloseTo(0.801, within(0.03));
  }

  @Test
  void thePairsThatLoseMost_comeFirst_withTheirShareOfAllCalls() {
    Outcome outcome = play(MixTexts.read("sample 9 hosts", "nat 10% symmetric", "nat 90% none"), 2);
    assertThat(outcome.pairs()).hasSize(4);
    assertThat(outcome.pairs())
        .extracting(pair -> pair.caller().words() + ">" + pair.service().words())
        .first()
        .isIn("symmetric>none", "none>symmetric");
    assertThat(outcome.pairs().getLast().ofAll()).isZero();
    double lost = outcome.pairs().stream().mapToDouble(Outcome.Pair::ofAll).sum();
    assertThat(lost).isCloseTo(1 - outcome.all().rate(), within(1e-9));
    assertThat(outcome.pairs().getFirst().reason()).isEqualTo("too hard");
  }

  @Test
  void theRungs_addUpToAll() throws InterruptedException {
    Mix mix = MixTexts.read("sample 9 hosts", "nat 40% symmetric", "nat 60% none");
    Outcome outcome =
        new MonteCarlo(
                mix,
                scenario ->
                    new TrialResult(
                        scenario.client().nat() == NatKind.NONE ? Rung.DIRECT : Rung.EXTERNAL,
                        1,
                        Duration.ZERO,
                        Duration.ZERO,
                        0,
                        ""),
                1)
            .play(CALLS, SEED, (tally, calls) -> {});
    assertThat(outcome.all().rate()).isEqualTo(1);
    assertThat(outcome.byRung().values().stream().mapToDouble(Estimate::rate).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(outcome.byRung())
        .as("seed %d", SEED)
        .hasEntrySatisfying(
            Rung.DIRECT, direct -> assertThat(direct.rate()).isCloseTo(0.6, within(0.04)));
  }

  @Test
  void theSeed_saysItAll_whateverTheNumberOfThreads() {
    Mix mix = MixTexts.read("sample 90 hosts", "nat 30% symmetric", "nat 70% none");
    assertThat(play(mix, 1)).isEqualTo(play(mix, 4));
  }

  @Test
  void hostsWithoutUdp_areNotPlayed_andLose() throws InterruptedException {
    Mix mix = MixTexts.read("sample 9 hosts", "nat 50% no-udp", "nat 50% none");
    List<Scenario> played = new CopyOnWriteArrayList<>();
    Outcome outcome =
        new MonteCarlo(
                mix,
                scenario -> {
                  played.add(scenario);
                  return easyConnects(scenario);
                },
                2)
            .play(1000, SEED, (tally, calls) -> {});
    assertThat(outcome.all().byCalls().successes()).isEqualTo(played.size());
    assertThat(outcome.all().rate()).as("seed %d", SEED).isCloseTo(0.25, within(0.07));
    assertThat(outcome.pairs().getFirst().why()).contains("no UDP");
  }

  @Test
  void aScenario_isWhatTheDrawSays() {
    Mix mix = MixTexts.read("sample 9 hosts", "nat 50% symmetric", "nat 50% none");
    Scenario scenario = MonteCarlo.scenario(mix, new CallDraw(1, 0, 0, 99));
    assertThat(scenario.client().nat()).isEqualTo(NatKind.NONE);
    assertThat(scenario.server().nat()).isEqualTo(NatKind.SYMMETRIC);
    assertThat(scenario.path().roundTrip()).isEqualTo(Duration.ofMillis(20));
    assertThat(scenario.path().seed()).isEqualTo(99);
  }

  @Test
  void aCallThatBreaks_breaksItAll() {
    Mix mix = MixTexts.read("sample 9 hosts", "nat 100% none");
    assertThatThrownBy(
            () ->
                new MonteCarlo(
                        mix,
                        scenario -> {
                          throw new IllegalStateException("broken");
                        },
                        2)
                    .play(10, SEED, (tally, calls) -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a simulated call broke")
        .hasRootCauseMessage("broken");
  }
}
