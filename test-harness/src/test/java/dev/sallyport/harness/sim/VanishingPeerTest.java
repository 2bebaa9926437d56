package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.CallEffect;
import dev.sallyport.domain.session.CallEvent;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.tcp.TcpHost;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One of the two vanishes in the middle of a call, in each phase of it: the other one notices in
 * time, says the right thing, and holds nothing any more. That a link which is up notices, too, is
 * the business of whoever carries it.
 */
class VanishingPeerTest {
  private static final Duration ONE_WAY = Duration.ofMillis(40);
  private static final Duration HALF_WAY = Duration.ofMillis(20);
  private static final Duration TO_RENDEZVOUS = Duration.ofMillis(50);
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final int SEEDS = 8;

  /** A call lasts 15 s after its knock was delivered; the rest is what may come before. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final List<NatKind> KINDS =
      List.of(NatKind.NONE, NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED_RST);

  /** When it happens: so long after the first such event or effect on this side. */
  enum Phase {
    LOOKED_UP(Spot.CLIENT, CallEvent.RecordArrived.class, Duration.ZERO),
    KNOCKING(Spot.CLIENT, CallEffect.Knock.class, HALF_WAY),
    KNOCKED(Spot.CLIENT, CallEvent.KnockDelivered.class, Duration.ZERO),
    PUNCHING(Spot.SERVER, SocketEffect.Dial.class, HALF_WAY),
    CONNECTED(Spot.CLIENT, CallEffect.Secure.class, Duration.ZERO),
    IN_TLS(Spot.CLIENT, CallEffect.Secure.class, HALF_WAY),
    GREETING(Spot.CLIENT, CallEffect.Greet.class, HALF_WAY);

    private final Spot who;
    private final Class<?> what;
    private final Duration later;

    Phase(Spot who, Class<?> what, Duration later) {
      this.who = who;
      this.what = what;
      this.later = later;
    }
  }

  enum Manner {
    /** Power or network gone: silence. */
    CUT_OFF,
    /** The process ended: its computer closes what it had open, and resets what still comes. */
    KILLED;

    void befall(Actor<?, ?> victim, TcpHost host) {
      victim.die();
      if (this == CUT_OFF) {
        host.cutOff();
      } else {
        host.exit();
      }
    }
  }

  /** With every kind of NAT at both ends, and every seed. */
  private static void everywhere(BiConsumer<String, TwoEnds> body) {
    for (long seed = 0; seed < SEEDS; seed++) {
      for (NatKind kind : KINDS) {
        body.accept("seed " + seed + ", " + kind, twoBehind(kind, seed));
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
    everywhere(
        (where, ends) -> {
          String what = phase + ", " + manner + ", " + where;
          Service service = registered(ends);
          Caller caller = ends.call(TIMEOUT);
          await(ends, phase);
          manner.befall(service, ends.hosts.server());
          long from = ends.world.time.now();
          ends.until(() -> caller.outcome() != null, "the call ends: " + what);
          assertThat(Duration.ofNanos(ends.world.time.now() - from)).as(what).isLessThan(SOON);
          assertThat(caller.outcome())
              .as(what)
              .isInstanceOfSatisfying(
                  CallOutcome.Failed.class,
                  failed -> {
                    assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.NO_RUNG);
                    assertThat(failed.failure().lastSeen()).isNotNull();
                  });
          ends.run(Duration.ofSeconds(30));
          assertThat(caller.openSockets()).as(what).isZero();
          assertThat(ends.hosts.client().openConnections()).as(what).isZero();
        });
  }

  @ParameterizedTest
  @MethodSource("everyPhaseAndManner")
  void theCallerVanishes_theServiceHoldsNothing_andHearsItWhenItIsBack(Phase phase, Manner manner) {
    everywhere(
        (where, ends) -> {
          String what = phase + ", " + manner + ", " + where;
          Service service = registered(ends);
          int toObservers = ends.hosts.server().openConnections();
          Caller first = ends.call(TIMEOUT);
          await(ends, phase);
          manner.befall(first, ends.hosts.client());
          // Every deadline of the service is over then.
          ends.run(Duration.ofSeconds(90));
          assertThat(service.failure()).as(what).isNull();
          assertThat(service.isOver()).as(what).isFalse();
          assertThat(service.links()).as(what).isEmpty();
          assertThat(service.openSockets()).as(what).isZero();
          assertThat(ends.hosts.server().openConnections()).as(what).isEqualTo(toObservers);

          if (manner == Manner.CUT_OFF) {
            ends.hosts.clientAnew();
          }
          Caller again = ends.call(TIMEOUT);
          ends.until(again::isEchoed, "the second call gets through: " + what);
        });
  }

  private static TwoEnds twoBehind(NatKind kind, long seed) {
    NetworkPath path = new NetworkPath(ONE_WAY, 0, seed).uneven(Duration.ofMillis(2), 0);
    return new TwoEnds(Scenario.between(kind, kind).over(path), TO_RENDEZVOUS, () -> false);
  }

  /** A service that has looked around and can be called. */
  private static Service registered(TwoEnds ends) {
    Service service = ends.serve(0);
    ends.run(Duration.ofSeconds(2));
    return service;
  }

  private static void await(TwoEnds ends, Phase phase) {
    int[] read = {ends.steps.size()};
    ends.until(
        () -> {
          List<TwoEnds.Step> news = ends.steps.subList(read[0], ends.steps.size());
          read[0] = ends.steps.size();
          return news.stream().anyMatch(step -> step.is(phase.who, phase.what));
        },
        phase.name());
    ends.run(phase.later);
  }
}
