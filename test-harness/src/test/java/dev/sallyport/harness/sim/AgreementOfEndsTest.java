package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Under all sorts of conditions: a rendezvous that is slow or fails, no STUN servers, connections
 * that come up and carry nothing, a service that starts late, or again with other keys. Both ends
 * are left with the same link, or both without one, and with nothing else.
 */
class AgreementOfEndsTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final int RUNS_PER_PAIR = 20;
  private static final int ROUGH_RUNS = 1500;

  private static final List<NatKind> CONES =
      Arrays.stream(NatKind.values()).filter(NatKind::keepsPorts).toList();

  /**
   * How one run goes, all of it from the seed of its path.
   *
   * @param failing the share of what is asked of the rendezvous that fails
   * @param latency what the processes take at most to hear of something
   * @param deaf the share of connections over which nothing gets through in one direction
   * @param restart whether the service ends in the middle, and comes back with other keys
   */
  private record Story(
      Scenario scenario,
      Duration toRendezvous,
      Duration latency,
      double failing,
      double deaf,
      boolean restart) {
    long seed() {
      return scenario.path().seed();
    }

    @Override
    public String toString() {
      return "%s, seed %d, rendezvous %d ms away, latency %d us, %.2f failing, %.2f deaf%s"
          .formatted(
              scenario,
              seed(),
              toRendezvous.toMillis(),
              latency.toNanos() / 1000,
              failing,
              deaf,
              restart ? ", restart" : "");
    }
  }

  /** How it ended. */
  private record Ending(CallOutcome outcome, List<String> trace) {
    boolean linked() {
      return outcome instanceof CallOutcome.Linked;
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"NONE", "FULL_CONE", "ADDRESS_RESTRICTED", "PORT_RESTRICTED", "PORT_RESTRICTED_RST"})
  void withoutLoss_everyPairOfConesIsLinked(NatKind client) {
    for (NatKind server : CONES) {
      for (long run = 1; run <= RUNS_PER_PAIR; run++) {
        long seed = 31L * (31L * run + client.name().hashCode()) + server.name().hashCode();
        Ending ending = play(lossless(client, server, seed));
        assertThat(ending.linked())
            .as("%s: %s", lossless(client, server, seed), ending.outcome())
            .isTrue();
      }
    }
  }

  @Test
  void onARoughPath_bothEndsAgree_andNothingIsLeftOpen() {
    int linked = 0;
    for (long seed = 0; seed < ROUGH_RUNS; seed++) {
      linked += play(rough(seed)).linked() ? 1 : 0;
    }
    assertThat(linked).as("of %d rough runs", ROUGH_RUNS).isGreaterThan(ROUGH_RUNS * 98 / 100);
  }

  @Test
  void theSameSeedGivesTheSameTrace_anotherDiffers() {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(play(rough(seed)).trace())
          .as("seed %d", seed)
          .isEqualTo(play(rough(seed)).trace())
          .isNotEqualTo(play(rough(seed + 1)).trace());
    }
  }

  private static Story lossless(NatKind client, NatKind server, long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    NetworkPath path =
        new NetworkPath(micros(dice, 200, 150_000), 0, seed).uneven(micros(dice, 0, 5_000), 0);
    Scenario scenario = Scenario.between(client, server).over(path).stun(dice.nextBoolean());
    return new Story(scenario, micros(dice, 1_000, 300_000), micros(dice, 1, 1_500), 0, 0, false);
  }

  private static Story rough(long seed) {
    SplittableRandom dice = new SplittableRandom(seed);
    List<NatKind> kinds =
        List.of(NatKind.NONE, NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED_RST);
    NetworkPath path =
        new NetworkPath(micros(dice, 200, 200_000), upTo(dice, 10, 0.3), seed)
            .uneven(micros(dice, 0, 20_000), 0);
    Scenario scenario =
        Scenario.between(kinds.get(dice.nextInt(3)), kinds.get(dice.nextInt(3)))
            .over(path)
            .stun(dice.nextBoolean());
    return new Story(
        scenario,
        micros(dice, 1_000, 400_000),
        micros(dice, 1, 20_000),
        upTo(dice, 0.3, 0.5),
        upTo(dice, 0.3, 0.5),
        dice.nextDouble() < 0.2);
  }

  private static Duration micros(SplittableRandom dice, long least, long most) {
    return Duration.ofNanos(1_000 * dice.nextLong(least, most + 1));
  }

  /** None at all as often as it says. */
  private static double upTo(SplittableRandom dice, double most, double none) {
    return dice.nextDouble() < none ? 0 : most * dice.nextDouble();
  }

  private static Ending play(Story story) {
    try {
      return new Play(story).run();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("in " + story + ": " + e.getMessage(), e);
    }
  }

  private static final class Play {
    private final Story story;
    private final SplittableRandom dice;
    private final TwoEnds ends;
    private final List<Service> runs = new ArrayList<>();
    private @Nullable Caller caller;

    Play(Story story) {
      this.story = story;
      this.dice = new SplittableRandom(~story.seed());
      SplittableRandom failures = dice.split();
      SplittableRandom deaf = dice.split();
      this.ends =
          new TwoEnds(
              story.scenario, story.toRendezvous, () -> failures.nextDouble() < story.failing);
      ends.latency = story.latency;
      ends.deafen(() -> deaf.nextDouble() < story.deaf);
    }

    Ending run() {
      ends.world.after(micros(dice, 0, 4_000_000), () -> runs.add(ends.serve(0)));
      ends.world.after(micros(dice, 0, 4_000_000), () -> caller = ends.call(TIMEOUT));
      if (story.restart) {
        Duration pause = micros(dice, 100_000, 1_000_000);
        ends.world.after(micros(dice, 4_000_001, 12_000_000), () -> restart(pause));
      }
      // Long enough for every timeout, and for pings to find what is dead.
      ends.run(Duration.ofSeconds(150));
      CallOutcome outcome = check(Objects.requireNonNull(caller, "a call"));
      List<String> trace = ends.steps.stream().map(TwoEnds.Step::toString).toList();
      return new Ending(outcome, trace);
    }

    private void restart(Duration pause) {
      if (caller != null && caller.outcome() == null) {
        runs.getLast().stop();
        ends.world.after(pause, () -> runs.add(ends.serve(1)));
      }
    }

    private CallOutcome check(Caller ended) {
      CallOutcome outcome = Objects.requireNonNull(ended.outcome(), "the call has not ended");
      Service service = runs.getLast();
      assertThat(service.failure()).as("the service goes on").isNull();
      if (outcome instanceof CallOutcome.Linked) {
        assertThat(ended.openSockets()).as("what the caller holds").isEqualTo(1);
        // A link to a run of the service that ends at that moment is gone again.
        assertThat(ends.hosts.client().openConnections())
            .as("the caller's sockets")
            .isBetween(story.restart ? 0 : 1, 1);
        if (!story.restart) {
          assertThat(ended.isEchoed()).as("a message went over the link and back").isTrue();
          assertThat(service.links()).as("the service's links").containsOnly(service.echoed());
        }
        ended.hangUp();
      } else {
        assertThat(ended.openSockets()).as("what the caller holds").isZero();
        assertThat(ends.hosts.client().openConnections()).as("the caller's sockets").isZero();
        assertThat(service.links()).as("the service's links").isEmpty();
      }
      service.stop();
      ends.run(Duration.ofSeconds(60));
      for (Service run : runs) {
        assertThat(run.isOver()).isTrue();
        assertThat(run.openSockets()).as("what the service holds").isZero();
      }
      assertThat(ends.hosts.server().openConnections()).as("the service's sockets").isZero();
      return outcome;
    }
  }
}
