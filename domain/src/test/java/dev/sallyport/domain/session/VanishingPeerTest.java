package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.SimMeeting.Conditions;
import dev.sallyport.domain.session.SimNet.Nat;
import dev.sallyport.domain.session.SimNet.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One of the two vanishes in the middle of a call, in each phase of it, over the modelled network:
 * the other one notices in time, says the right thing, and holds nothing any more. That a link
 * which is up notices, too, is the business of whoever carries it.
 */
class VanishingPeerTest {
  private static final Duration ONE_WAY = Duration.ofMillis(40);
  private static final Duration HALF_WAY = Duration.ofMillis(20);
  private static final Duration MOMENT = Duration.ofMillis(1);
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final int SEEDS = 8;

  /** A call lasts 15 s after its knock was delivered; the rest is what may come before. */
  private static final Duration SOON = Duration.ofSeconds(20);

  /** When it happens: so long after the first event or effect of this name on this side. */
  enum Phase {
    LOOKED_UP("caller", "RecordArrived", Duration.ZERO),
    KNOCKING("caller", "Knock", HALF_WAY),
    KNOCKED("caller", "KnockDelivered", Duration.ZERO),
    PUNCHING("service", "Dial", HALF_WAY),
    CONNECTED("caller", "Secure", Duration.ZERO),
    IN_TLS("caller", "Secure", HALF_WAY),
    GREETING("caller", "Greet", HALF_WAY);

    private final String what;
    private final Duration later;

    Phase(String who, String what, Duration later) {

      this.what = " " + who + " " + what + "[";
      this.later = later;
    }
  }

  enum Manner {
    /** Power or network gone: silence. */
    CUT_OFF,
    /** The process ended: its computer closes what it had open, and resets what still comes. */
    KILLED;

    void befall(SimRunner<?, ?> victim) {
      victim.die();
      if (this == CUT_OFF) {
        victim.host.cut();
      } else {
        victim.host.closeAll();
      }
    }
  }

  private static Stream<Arguments> everyPhaseAndManner() {
    return Arrays.stream(Phase.values())
        .flatMap(
            phase -> Arrays.stream(Manner.values()).map(manner -> Arguments.of(phase, manner)));
  }

  @ParameterizedTest
  @MethodSource("everyPhaseAndManner")
  void theServiceVanishes_theCallerIsToldWhy_inTime_andHoldsNothing(Phase phase, Manner manner) {
    for (long seed = 0; seed < SEEDS; seed++) {
      for (Nat nat : Nat.values()) {
        Play play = new Play(seed, nat);
        SimService service = play.serve(10);
        SimCaller caller = play.call();
        play.awaitPhase(phase);
        manner.befall(service);
        Instant from = play.world.now();
        play.until(() -> caller.outcome() != null, "the call ends");
        String what = phase + ", " + manner + ", seed " + seed + ", " + nat;
        assertThat(Duration.between(from, play.world.now())).as(what).isLessThan(SOON);
        assertThat(caller.outcome())
            .as(what)
            .isInstanceOfSatisfying(
                CallOutcome.Failed.class,
                failed -> {
                  assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.NO_RUNG);
                  assertThat(failed.failure().lastSeen()).isNotNull();
                });
        play.world.runUntil(play.world.now().plusSeconds(30));
        assertThat(caller.openIds()).as(what).isZero();
        assertThat(caller.host.open()).as(what).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyPhaseAndManner")
  void theCallerVanishes_theServiceHoldsNothing_andHearsItWhenItIsBack(Phase phase, Manner manner) {
    for (long seed = 0; seed < SEEDS; seed++) {
      for (Nat nat : Nat.values()) {
        Play play = new Play(seed, nat);
        SimService service = play.serve(10);
        SimCaller first = play.call();
        play.awaitPhase(phase);
        manner.befall(first);
        // Every deadline of the service is over then.
        play.world.runUntil(play.world.now().plusSeconds(90));
        String what = phase + ", " + manner + ", seed " + seed + ", " + nat;
        assertThat(service.failure()).as(what).isNull();
        assertThat(service.isOver()).as(what).isFalse();
        assertThat(service.links()).as(what).isEmpty();
        assertThat(service.openIds()).as(what).isZero();
        assertThat(service.host.open()).as(what).isZero();

        first.host.reboot();
        SimCaller again = play.call();
        play.until(() -> again.outcome() != null, "the second call ends");
        assertThat(again.outcome()).as(what).isInstanceOf(CallOutcome.Linked.class);
      }
    }
  }

  /** A service and callers, on a path without loss. */
  private static final class Play {
    private final SimWorld world;
    private final SimNet.Host callerHost;
    private final SimNet.Host serviceHost;
    private final SimMeeting meeting;
    private int read;

    Play(long seed, Nat nat) {
      world = new SimWorld(seed, Cast.NOON);
      SimNet net = new SimNet(world, new Path(ONE_WAY, Duration.ofMillis(2), 0, 0));
      callerHost = net.host("caller", "203.0.113.7", nat);
      serviceHost = net.host("service", "198.51.100.9", nat);
      meeting = new SimMeeting(world, new Conditions(Duration.ofMillis(50), 0, true));
    }

    SimService serve(int run) {
      SimService service = new SimService(serviceHost, world, meeting, run);
      service.start();
      world.runUntil(world.now().plusSeconds(2));
      return service;
    }

    SimCaller call() {
      SimCaller caller = new SimCaller(callerHost, world, meeting);
      caller.start(TIMEOUT);
      return caller;
    }

    void awaitPhase(Phase phase) {
      until(() -> news().anyMatch(line -> line.contains(phase.what)), phase.name());
      world.runUntil(world.now().plus(phase.later));
    }

    private Stream<String> news() {
      List<String> trace = world.trace();
      List<String> unread = List.copyOf(trace.subList(read, trace.size()));
      read = trace.size();
      return unread.stream();
    }

    void until(BooleanSupplier isSo, String what) {
      Instant end = world.now().plusSeconds(120);
      while (!isSo.getAsBoolean()) {
        assertThat(world.now()).as(what).isBefore(end);
        world.runUntil(world.now().plus(MOMENT));
      }
    }
  }
}
