package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Services that have waited for minutes or hours are as reachable as fresh ones, whatever their NAT
 * has forgotten meanwhile.
 */
class AgedServiceTest {
  private static final int SEEDS = 20;
  private static final Duration MINUTES = Duration.ofMinutes(10);
  private static final Duration HOURS = Duration.ofHours(2);
  private static final Duration HALF_A_DAY = Duration.ofHours(14);

  /** Between two questions on the connection that keeps the mapping. */
  private static final Duration SHORT_MEMORY = Duration.ofSeconds(8);

  private static final List<NatKind> CALLERS =
      List.of(
          NatKind.NONE,
          NatKind.PORT_RESTRICTED,
          NatKind.EIM_RANDOM,
          NatKind.SYMMETRIC,
          NatKind.SYMMETRIC_STEP_1);

  /** One call of a service that had this seed's luck. */
  private interface Luck {
    TrialResult play(Scenario scenario, long seed);
  }

  /** All kinds whose outer port is not the inner one: what a service says of it can get old. */
  static Stream<Arguments> pairs() {
    return Arrays.stream(NatKind.values())
        .filter(kind -> kind.translates() && !kind.keepsPorts())
        .flatMap(server -> CALLERS.stream().map(caller -> Arguments.of(caller, server)));
  }

  /** Of those the ones with one port for all remotes, which has to be known. */
  static Stream<Arguments> pairsWithOnePort() {
    return pairs()
        .filter(pair -> ((NatKind) pair.get()[1]).mapping() == Behavior.ENDPOINT_INDEPENDENT);
  }

  @Test
  void whatIsPlayed_hasTheKindsThatItIsAbout() {
    assertThat(pairsWithOnePort().map(pair -> pair.get()[1]))
        .contains(NatKind.EIM_RANDOM, NatKind.JUNIPER, NatKind.CGN_BLOCK_PAIRED);
    assertThat(pairs().map(pair -> pair.get()[1]))
        .contains(NatKind.SYMMETRIC, NatKind.SYMMETRIC_STEP_1, NatKind.CGN_BLOCK_ARBITRARY);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void afterTenMinutes_asManyGetThrough(NatKind caller, NatKind server) {
    asGoodAsFresh(caller, server, (scenario, seed) -> Trial.play(scenario.aged(MINUTES)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void afterTwoHours_asManyGetThrough(NatKind caller, NatKind server) {
    asGoodAsFresh(caller, server, (scenario, seed) -> Trial.play(scenario.aged(HOURS)));
  }

  @Test
  void onTheNextDay_asManyGetThrough() {
    asGoodAsFresh(
        NatKind.PORT_RESTRICTED,
        NatKind.EIM_RANDOM,
        (scenario, seed) -> Trial.play(scenario.aged(HALF_A_DAY)));
  }

  /** Called at any moment between two questions, with the mapping or without. */
  @ParameterizedTest
  @MethodSource("pairs")
  void behindANatThatForgetsBetweenTwoQuestions_asManyGetThrough(NatKind caller, NatKind server) {
    asGoodAsFresh(
        caller,
        server,
        (scenario, seed) ->
            Trial.play(
                scenario
                    .server(scenario.server().remembering(SHORT_MEMORY))
                    .aged(MINUTES.plusMillis(seed * 1300))));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void afterTheNatHasRestarted_noticedOrNot_asManyGetThrough(NatKind caller, NatKind server) {
    asGoodAsFresh(caller, server, after(seed -> Mishaps.restart(ago(seed))));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void afterARestart_withOneStunServerCutOff_asManyGetThrough(NatKind caller, NatKind server) {
    asGoodAsFresh(
        caller,
        server,
        after(
            seed ->
                Mishaps.restart(ago(seed))
                    .outage(1, Duration.ofMinutes(1), Duration.ofMinutes(2))));
  }

  /** The servers were away when the NAT restarted, and are back, though nobody has noticed yet. */
  @ParameterizedTest
  @MethodSource("pairsWithOnePort")
  void whenTheStunServersAreBack_asManyGetThrough(NatKind caller, NatKind server) {
    Duration before = Duration.ofMinutes(5);
    asGoodAsFresh(
        caller,
        server,
        after(
            seed -> Mishaps.restart(Duration.ofMinutes(2)).outage(2, before, ago(seed).negated())));
  }

  /** Ten minutes, and what happens to this seed's network meanwhile. */
  private static Luck after(LongFunction<Mishaps> mishaps) {
    return (scenario, seed) ->
        Trial.play(scenario.aged(MINUTES), TrialObserver.NONE, mishaps.apply(seed));
  }

  /** From almost nothing to longer than it takes to notice, all over again with other seeds. */
  private static Duration ago(long seed) {
    return Duration.ofMillis(200 + seed * 1310 % 28_000);
  }

  private static void asGoodAsFresh(NatKind caller, NatKind server, Luck aged) {
    int fresh = 0;
    int old = 0;
    StringBuilder lost = new StringBuilder();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Scenario scenario =
          Scenario.between(caller, server).over(new NetworkPath(Duration.ofMillis(50), 1, seed));
      fresh += Trial.play(scenario).connected() ? 1 : 0;
      TrialResult result = aged.play(scenario, seed);
      old += result.connected() ? 1 : 0;
      lost.append(result.connected() ? "" : " " + seed);
    }
    // One of twenty may have bad luck with ports that are met by chance.
    assertThat(old)
        .as("%s calls %s: %d of %d when fresh; seeds lost:%s", caller, server, fresh, SEEDS, lost)
        .isGreaterThanOrEqualTo(fresh - 1);
  }
}
