package dev.sallyport.domain.punch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Burst;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.rendezvous.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bursts, as the punch machine carries them out. */
class BurstDialerTest {
  private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");
  private static final Endpoint REMOTE = Endpoint.parse("198.51.100.1:8765");
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final BurstGuard guard = new BurstGuard();
  private Instant now = START;
  private long ids;

  @Test
  void dialsLeaveInOrder_someAtOnce_theOthersAtThePace() {
    PunchMachine machine =
        machine(new Burst(8765, ports(20), SECOND, 10, 5, SECOND, Duration.ZERO));
    assertThat(poll(machine)).isEmpty();
    assertThat(machine.deadline()).isEqualTo(START.plus(SECOND));
    now = START.plus(SECOND);
    List<PunchEffect.Dial> first = poll(machine);
    assertThat(first).extracting(dial -> dial.remote().port()).containsExactly(1, 2, 3, 4, 5);
    assertThat(first).allMatch(dial -> dial.localPort() == 8765 && dial.timeout().equals(SECOND));
    List<Integer> later = new ArrayList<>();
    while (machine.deadline() != null) {
      now = machine.deadline();
      poll(machine).forEach(dial -> later.add(dial.remote().port()));
    }
    assertThat(later).containsExactly(6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20);
    assertThat(Duration.between(START.plus(SECOND), now)).isEqualTo(Duration.ofMillis(1500));
    assertThat(machine.attempts()).isEqualTo(20);
  }

  @Test
  void whatIsToBeRepeated_comesAgain_eachTimeTwiceAsLate() {
    PunchMachine machine = machine(times(1, Duration.ofMillis(250)));
    List<Long> at = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      PunchEffect.Dial dial = poll(machine).getFirst();
      at.add(Duration.between(START, now).toMillis());
      machine.on(new PunchEvent.Failed(dial.id(), DialFailure.REFUSED), now);
      now = deadline(machine);
    }
    assertThat(at).containsExactly(0L, 250L, 750L, 1750L, 3750L, 7750L, 11_750L);
  }

  @Test
  void whatIsNotToBeRepeated_isNot() {
    PunchMachine machine = machine(times(1, Duration.ZERO));
    PunchEffect.Dial dial = poll(machine).getFirst();
    machine.on(new PunchEvent.Failed(dial.id(), DialFailure.TIMED_OUT), now);
    assertThat(machine.deadline()).isNull();
  }

  @Test
  void withoutARoute_nothingIsRepeated() {
    PunchMachine machine = machine(times(1, SECOND));
    machine.on(new PunchEvent.Failed(poll(machine).getFirst().id(), DialFailure.NO_ROUTE), now);
    assertThat(machine.deadline()).isNull();
  }

  @Test
  void itRestsWhileAConnectionIsLookedAt_andGoesOnIfThatLeadsNowhere() {
    PunchMachine machine = machine(new Burst(0, ports(9), Duration.ZERO, 100, 1, SECOND, SECOND));
    SocketId up = poll(machine).getFirst().id();
    machine.on(new PunchEvent.Connected(up), now);
    assertThat(machine.rungOf(up)).isEqualTo(Rung.EXTERNAL);
    assertThat(machine.deadline()).isEqualTo(START.plusSeconds(2));
    now = now.plusMillis(400);
    machine.on(new PunchEvent.Useless(up), now);
    assertThat(poll(machine)).extracting(dial -> dial.remote().port()).containsExactly(2);
    assertThat(machine.rungOf(up)).isNull();
  }

  @Test
  void theOtherBurstsRestWithIt_andStartNoSoonerThanPlanned() {
    Burst other = new Burst(0, ports(9), Duration.ofMillis(400), 100, 1, SECOND, SECOND);
    PunchMachine machine = machine(Plan.EMPTY.with(List.of(times(2, SECOND), other)));
    List<SocketId> both = poll(machine).stream().map(PunchEffect.Dial::id).toList();
    both.forEach(id -> machine.on(new PunchEvent.Connected(id), now));
    now = START.plusMillis(600);
    assertThat(poll(machine)).as("two are looked at").isEmpty();
    machine.on(new PunchEvent.Useless(both.getFirst()), now);
    assertThat(poll(machine)).as("one is looked at").isEmpty();
    machine.on(new PunchEvent.Useless(both.getLast()), now);
    assertThat(poll(machine)).extracting(dial -> dial.remote().port()).containsExactly(1);
  }

  @Test
  void aConnectionThatLedNowhereSoon_letsNoLaterBurstStartSooner() {
    Burst other = new Burst(0, ports(9), Duration.ofMillis(400), 100, 1, SECOND, SECOND);
    PunchMachine machine = machine(Plan.EMPTY.with(List.of(times(1, Duration.ZERO), other)));
    SocketId up = poll(machine).getFirst().id();
    machine.on(new PunchEvent.Connected(up), now);
    now = START.plusMillis(100);
    machine.on(new PunchEvent.Useless(up), now);
    assertThat(poll(machine)).isEmpty();
    assertThat(machine.deadline()).isEqualTo(START.plusMillis(400));
  }

  @Test
  void atTheEnd_whatDialsIsAborted_andWhatIsUpStays() {
    PunchMachine machine = machine(new Burst(0, ports(3), Duration.ZERO, 100, 3, SECOND, SECOND));
    List<PunchEffect.Dial> dials = poll(machine);
    machine.on(new PunchEvent.Connected(dials.get(1).id()), now);
    assertThat(machine.stop())
        .containsExactly(
            new PunchEffect.Abort(dials.get(0).id()), new PunchEffect.Abort(dials.get(2).id()));
    assertThat(machine.deadline()).isNull();
    assertThat(machine.rungOf(dials.get(1).id())).isEqualTo(Rung.EXTERNAL);
  }

  @Test
  void atTheLimitOfAnAddress_itEnds() {
    guard.dial(REMOTE.address(), Strategy.MAX_SYNS - 8, START);
    Duration fourSyns = Duration.ofSeconds(4);
    PunchMachine machine =
        machine(new Burst(0, ports(9), Duration.ZERO, 100, 9, fourSyns, Duration.ZERO));
    assertThat(machine.poll(now))
        .as("what can leave, and that it is the limit")
        .hasSize(4)
        .endsWith(new PunchEffect.Limited());
    assertThat(machine.deadline()).isNull();
    assertThat(machine.poll(now)).as("said once").isEmpty();
  }

  @Test
  void synsThatDidNotLeave_canLeaveLater() {
    Duration fourSyns = Duration.ofSeconds(4);
    PunchMachine machine =
        machine(new Burst(0, ports(512), Duration.ZERO, 1000, 512, fourSyns, Duration.ZERO));
    List<PunchEffect.Dial> dials = poll(machine);
    assertThat(dials).hasSize(512);
    assertThat(guard.dial(REMOTE.address(), 1, now)).as("all is reserved").isFalse();
    now = now.plusMillis(1500);
    poll(machine);
    dials
        .subList(0, 100)
        .forEach(d -> machine.on(new PunchEvent.Failed(d.id(), DialFailure.REFUSED), now));
    assertThat(machine.stop()).hasSize(412);
    assertThat(guard.dial(REMOTE.address(), 1024, now)).as("two of four each").isTrue();
    assertThat(guard.dial(REMOTE.address(), 1, now)).isFalse();
  }

  @Test
  void whatIsUpAtOnce_gaveBackTheSynsThatItDidNotNeed() {
    guard.dial(REMOTE.address(), Strategy.MAX_SYNS - 4, START);
    PunchMachine machine =
        machine(new Burst(0, ports(1), Duration.ZERO, 100, 1, Duration.ofSeconds(4), SECOND));
    machine.on(new PunchEvent.Connected(poll(machine).getFirst().id()), now);
    assertThat(guard.dial(REMOTE.address(), 4, now)).as("one has left").isFalse();
    assertThat(guard.dial(REMOTE.address(), 3, now)).isTrue();
  }

  @Test
  void whatWasUpAndLedNowhere_isDialledAgain() {
    PunchMachine machine = machine(times(1, Duration.ofMillis(250)));
    SocketId up = poll(machine).getFirst().id();
    machine.on(new PunchEvent.Connected(up), now);
    machine.on(new PunchEvent.Useless(up), now);
    assertThat(machine.deadline()).isEqualTo(START.plusMillis(250));
    now = deadline(machine);
    assertThat(poll(machine)).hasSize(1);
  }

  @Test
  void atTheLimit_nothingIsRepeatedEither() {
    guard.dial(REMOTE.address(), Strategy.MAX_SYNS - 8, START);
    PunchMachine machine =
        machine(new Burst(0, ports(9), Duration.ZERO, 100, 2, Duration.ofSeconds(4), SECOND));
    PunchEffect.Dial first = poll(machine).getFirst();
    machine.on(new PunchEvent.Failed(first.id(), DialFailure.REFUSED), now);
    now = deadline(machine);
    assertThat(machine.poll(now)).containsExactly(new PunchEffect.Limited());
    assertThat(machine.deadline()).isNull();
  }

  @Test
  void afterTheEnd_whatWasStillToDial_isNotDialled() {
    PunchMachine machine = machine(new Burst(0, ports(9), Duration.ZERO, 100, 3, SECOND, SECOND));
    PunchEffect.Dial dial = poll(machine).getFirst();
    machine.stop();
    assertThat(machine.rungOf(dial.id())).as("nobody's any more").isNull();
    assertThat(machine.deadline()).isNull();
    now = now.plusSeconds(5);
    assertThat(machine.poll(now)).isEmpty();
  }

  @Test
  void whatIsDueFirst_aPairOrABurst_saysWhenToLookAgain() {
    Plan pair =
        new Plan(
            List.of(
                new Plan.PlannedRung(
                    Rung.EXTERNAL,
                    Duration.ofSeconds(5),
                    List.of(new Plan.PlannedDial(4000, REMOTE, Duration.ZERO)))),
            false);
    Burst sooner = new Burst(0, ports(1), SECOND, 100, 1, SECOND, Duration.ZERO);
    Burst later = new Burst(0, ports(1), SECOND.multipliedBy(9), 100, 1, SECOND, Duration.ZERO);
    assertThat(machine(pair.with(List.of(sooner))).deadline()).isEqualTo(START.plusSeconds(1));
    assertThat(machine(pair.with(List.of(later))).deadline()).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void burstsLeaveBeforeThePairs_forThosePortsMoveOn() {
    Plan plan =
        new Plan(
                List.of(
                    new Plan.PlannedRung(
                        Rung.EXTERNAL,
                        Duration.ZERO,
                        List.of(new Plan.PlannedDial(4000, REMOTE, Duration.ZERO)))),
                false)
            .with(List.of(times(4, SECOND)));
    List<PunchEffect> effects = machine(plan).poll(now);
    assertThat(effects.getFirst()).isEqualTo(new PunchEffect.RungStarted(Rung.EXTERNAL));
    assertThat(effects)
        .filteredOn(PunchEffect.Dial.class::isInstance)
        .extracting(effect -> ((PunchEffect.Dial) effect).localPort())
        .containsExactly(0, 0, 0, 0, 4000);
  }

  @Test
  void theReport_countsThemWithTheirRung() {
    PunchMachine machine = machine(times(3, SECOND));
    machine.on(new PunchEvent.Failed(poll(machine).getFirst().id(), DialFailure.REFUSED), now);
    RungReport report = machine.reports(Instant.EPOCH).getFirst();
    assertThat(report.rung()).isEqualTo(Rung.EXTERNAL);
    assertThat(report.attempts()).isEqualTo(3);
    assertThat(report.failures()).containsEntry(DialFailure.REFUSED, 1);
  }

  @Test
  void theReport_saysWhenItWasUp() {
    PunchMachine machine = machine(times(1, SECOND));
    SocketId id = poll(machine).getFirst().id();
    machine.on(new PunchEvent.Connected(id), now.plusMillis(40));
    assertThat(machine.reports(START).getFirst().last()).isEqualTo(Duration.ofMillis(40));
  }

  private static Burst times(int times, Duration again) {
    return new Burst(
        0, Collections.nCopies(times, REMOTE), Duration.ZERO, 500, times, SECOND, again);
  }

  private static List<Endpoint> ports(int count) {
    List<Endpoint> ports = new ArrayList<>();
    for (int port = 1; port <= count; port++) {
      ports.add(new Endpoint(REMOTE.address(), port));
    }
    return ports;
  }

  private PunchMachine machine(Burst burst) {
    return machine(Plan.EMPTY.with(List.of(burst)));
  }

  private PunchMachine machine(Plan plan) {
    PunchMachine machine =
        new PunchMachine(
            Plan.EMPTY,
            PunchPolicy.DEFAULT,
            new Random(7),
            () -> SocketId.dialed(++ids),
            new TokenBucket(10_000, 10_000),
            guard,
            now);
    machine.add(plan, now);
    return machine;
  }

  private static Instant deadline(PunchMachine machine) {
    Instant deadline = machine.deadline();
    if (deadline == null) {
      throw new AssertionError("nothing to wait for");
    }
    return deadline;
  }

  private List<PunchEffect.Dial> poll(PunchMachine machine) {
    List<PunchEffect.Dial> dials = new ArrayList<>();
    for (PunchEffect effect : machine.poll(now)) {
      if (effect instanceof PunchEffect.Dial dial) {
        dials.add(dial);
      }
    }
    return dials;
  }
}
