package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.SimMeeting.Conditions;
import dev.sallyport.domain.session.SimNet.Nat;
import dev.sallyport.domain.session.SimNet.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A caller and a service meet over a network that is modelled, in virtual time. */
class TwoMachinesTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final int RUNS_PER_PAIR = 60;
  private static final int ROUGH_RUNS = 1500;

  /** How one run goes, all of it from its seed. */
  private record Story(
      long seed, Nat caller, Nat service, Path path, Conditions conditions, boolean restart) {}

  /** How it ended. */
  private record Ending(@Nullable CallOutcome outcome, List<String> trace, Duration took) {
    boolean linked() {
      return outcome instanceof CallOutcome.Linked;
    }
  }

  @ParameterizedTest
  @EnumSource(Nat.class)
  void onACleanPath_everyPairOfNatsIsLinked(Nat caller) {
    for (Nat service : Nat.values()) {
      for (int i = 0; i < RUNS_PER_PAIR; i++) {
        long seed = 31L * (31L * i + caller.name().hashCode()) + service.name().hashCode();
        SimWorld dice = new SimWorld(seed, Cast.NOON);
        Story story =
            new Story(
                seed,
                caller,
                service,
                new Path(dice.between(200, 150_000), dice.between(0, 5_000), 0, 0),
                new Conditions(dice.between(1_000, 300_000), 0, dice.chance(0.5)),
                false);
        Ending ending = play(story);
        assertThat(ending.linked()).as("%s: %s", story, ending.outcome()).isTrue();
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

  private static Story rough(long seed) {
    SimWorld dice = new SimWorld(seed, Cast.NOON);
    Nat[] nats = Nat.values();
    return new Story(
        seed,
        nats[dice.random.nextInt(nats.length)],
        nats[dice.random.nextInt(nats.length)],
        new Path(
            dice.between(200, 200_000),
            dice.between(0, 20_000),
            dice.chance(0.3) ? 0 : 0.1 * dice.random.nextDouble(),
            dice.chance(0.5) ? 0 : 0.3 * dice.random.nextDouble()),
        new Conditions(
            dice.between(1_000, 400_000),
            dice.chance(0.5) ? 0 : 0.3 * dice.random.nextDouble(),
            dice.chance(0.5)),
        dice.chance(0.2));
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
    private final SimWorld world;
    private final SimCaller caller;
    private final SimNet.Host serviceHost;
    private final SimNet.Host callerHost;
    private final SimMeeting meeting;
    private final List<SimService> runs = new ArrayList<>();
    private @Nullable Instant callStarted;
    private @Nullable Instant callEnded;

    Play(Story story) {
      this.story = story;
      this.world = new SimWorld(story.seed, Cast.NOON);
      SimNet net = new SimNet(world, story.path);
      this.callerHost = net.host("caller", "203.0.113.7", story.caller);
      this.serviceHost = net.host("service", "198.51.100.9", story.service);
      this.meeting = new SimMeeting(world, story.conditions);
      this.caller = new SimCaller(callerHost, world, meeting);
    }

    Ending run() {
      world.after(world.between(0, 4_000_000), () -> serve(10));
      world.after(
          world.between(0, 4_000_000),
          () -> {
            callStarted = world.now();
            caller.start(TIMEOUT);
          });
      if (story.restart) {
        world.after(
            world.between(4_000_001, 12_000_000),
            () -> {
              if (caller.outcome() == null) {
                runs.getLast().stop();
                world.after(world.between(100_000, 1_000_000), () -> serve(20));
              }
            });
      }
      // Long enough for every timeout and for liveness checks to find what is dead.
      Instant end = world.now().plus(Duration.ofSeconds(150));
      while (world.now().isBefore(end)) {
        world.runUntil(world.now().plusMillis(100));
        if (caller.outcome() != null && callEnded == null) {
          callEnded = world.now();
        }
      }
      return check();
    }

    private void serve(int run) {
      SimService service = new SimService(serviceHost, world, meeting, run);
      runs.add(service);
      service.start();
    }

    private Ending check() {
      CallOutcome outcome = caller.outcome();
      assertThat(outcome).as("the call has ended").isNotNull();
      SimService service = runs.getLast();
      assertThat(service.failure()).as("the service goes on").isNull();
      if (outcome instanceof CallOutcome.Linked(var id)) {
        SimNet.Half mine = Objects.requireNonNull(caller.half(id), "the link is open");
        assertThat(caller.openIds()).as("what the caller holds").isEqualTo(1);
        // A link to a run of the service that ends at that moment is gone again.
        assertThat(callerHost.open())
            .as("the caller's sockets")
            .isBetween(story.restart ? 0 : 1, 1);
        if (!story.restart) {
          assertThat(service.links())
              .as("the service's links")
              .anySatisfy(link -> assertThat(service.half(link)).isSameAs(mine.peer()));
        }
        mine.close();
      } else {
        assertThat(caller.openIds()).as("what the caller holds").isZero();
        assertThat(callerHost.open()).as("the caller's sockets").isZero();
        assertThat(service.links()).as("the service's links").isEmpty();
      }
      service.stop();
      world.runUntil(world.now().plusSeconds(60));
      for (SimService run : runs) {
        assertThat(run.isOver()).isTrue();
        assertThat(run.openIds()).as("what the service holds").isZero();
      }
      assertThat(serviceHost.open()).as("the service's sockets").isZero();
      Instant from = Objects.requireNonNull(callStarted);
      Instant to = Objects.requireNonNull(callEnded);
      return new Ending(outcome, List.copyOf(world.trace()), Duration.between(from, to));
    }
  }
}
