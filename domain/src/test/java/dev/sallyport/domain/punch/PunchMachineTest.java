package dev.sallyport.domain.punch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Plan.PlannedDial;
import dev.sallyport.domain.ladder.Plan.PlannedRung;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.PunchEffect.Dial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PunchMachineTest {
  private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  private static final String PUBLIC = "203.0.113.7:8765";

  private Instant now = START;
  private long ids;

  /**
   * The transitions of one pair: how often something happens one millisecond after the dial, and
   * how long after that dial the next one leaves; -1 for never.
   */
  @ParameterizedTest(name = "{2} x {3} on {0} to {1}")
  @CsvSource({
    "EXTERNAL, 203.0.113.7:8765,  REFUSED,       1,   10,   15",
    "EXTERNAL, 203.0.113.7:8765,  REFUSED,      50,   10,   15",
    "EXTERNAL, 203.0.113.7:8765,  UNREACHABLE,  50,   10,   15",
    "EXTERNAL, 100.64.3.7:8765,   REFUSED,      50,   10,   15",
    "EXTERNAL, 192.168.1.7:8765,  REFUSED,       5,   10,   15",
    "EXTERNAL, 192.168.1.7:8765,  REFUSED,       6,   20,   25",
    "LOCAL,    192.168.1.7:8765,  REFUSED,       5,   10,   15",
    "LOCAL,    192.168.1.7:8765,  REFUSED,       6,   20,   25",
    "LOCAL,    192.168.1.7:8765,  REFUSED,       8,   80,   85",
    "LOCAL,    192.168.1.7:8765,  REFUSED,      40, 1000, 1005",
    "DIRECT,   203.0.113.7:8765,  REFUSED,      40, 1000, 1005",
    "EXTERNAL, 203.0.113.7:8765,  TIMED_OUT,     9,   10,   10",
    "EXTERNAL, 203.0.113.7:8765,  TUPLE_IN_USE,  9,  101,  101",
    "EXTERNAL, 203.0.113.7:8765,  NO_RESOURCES,  9,  101,  101",
    "EXTERNAL, 203.0.113.7:8765,  NO_ROUTE,      1,   -1,   -1",
    "EXTERNAL, 203.0.113.7:8765,  ABORTED,       1,   -1,   -1",
  })
  void afterAFailedDial_theNextLeavesInItsTime(
      Rung rung, String remote, DialFailure failure, int times, int fromMillis, int toMillis) {
    PunchMachine machine = machine(plan(rung, remote));
    SocketId id = dialOf(machine);
    Instant dialled = now;
    for (int i = 0; i < times; i++) {
      dialled = now;
      now = now.plusMillis(1);
      machine.on(new PunchEvent.Failed(id, failure), now);
      if (i + 1 < times) {
        id = nextDial(machine);
      }
    }
    if (fromMillis < 0) {
      assertThat(machine.deadline()).isNull();
      now = now.plus(Duration.ofMinutes(1));
      assertThat(machine.poll(now)).isEmpty();
      return;
    }
    nextDial(machine);
    assertThat(Duration.between(dialled, now))
        .isBetween(Duration.ofMillis(fromMillis), Duration.ofMillis(toMillis));
  }

  @Test
  void aSilentDialIsReplacedTheMomentItTimesOut() {
    PunchMachine machine = machine(plan(Rung.EXTERNAL, PUBLIC));
    SocketId id = dialOf(machine);
    now = now.plus(PunchPolicy.DEFAULT.dialTimeout());
    machine.on(new PunchEvent.Failed(id, DialFailure.TIMED_OUT), now);
    assertThat(dials(machine.poll(now))).hasSize(1);
  }

  @Test
  void aRefusalAfterTheFloorIsAnsweredAtOnce() {
    PunchMachine machine = machine(plan(Rung.EXTERNAL, PUBLIC));
    SocketId id = dialOf(machine);
    now = now.plusMillis(50);
    machine.on(new PunchEvent.Failed(id, DialFailure.REFUSED), now);
    assertThat(dials(machine.poll(now))).hasSize(1);
  }

  @Test
  void aPairThatIsUpRests_untilItsConnectionTurnsOutUseless() {
    PunchMachine machine = machine(plan(Rung.EXTERNAL, PUBLIC));
    List<Long> pauses = new ArrayList<>();
    SocketId id = dialOf(machine);
    for (int i = 0; i < 6; i++) {
      machine.on(new PunchEvent.Connected(id), now);
      assertThat(machine.deadline()).isNull();
      now = now.plusSeconds(3);
      Instant useless = now;
      machine.on(new PunchEvent.Useless(id), now);
      id = nextDial(machine);
      pauses.add(Duration.between(useless, now).toMillis() / 10 * 10);
    }
    // Somebody accepts there and is not our peer: not ten times a second for as long as we call.
    assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
  }

  @Test
  void stop_abortsWhatDials_andNothingFollows() {
    PunchMachine machine = machine(plan(Rung.EXTERNAL, PUBLIC, "203.0.113.7:9", "203.0.113.7:10"));
    List<Dial> dials = dials(machine.poll(now));
    machine.on(new PunchEvent.Connected(dials.get(0).id()), now);
    machine.on(new PunchEvent.Failed(dials.get(1).id(), DialFailure.REFUSED), now);
    assertThat(machine.stop()).containsExactly(new PunchEffect.Abort(dials.get(2).id()));
    machine.on(new PunchEvent.Failed(dials.get(2).id(), DialFailure.ABORTED), now);
    machine.on(new PunchEvent.Useless(dials.get(0).id()), now);
    now = now.plusSeconds(60);
    assertThat(machine.poll(now)).isEmpty();
    assertThat(machine.deadline()).isNull();
    assertThat(machine.stop()).isEmpty();
  }

  @Test
  void aDialThatGetsThroughAfterStop_changesNothing() {
    PunchMachine machine = machine(plan(Rung.EXTERNAL, PUBLIC));
    SocketId id = dialOf(machine);
    machine.stop();
    machine.on(new PunchEvent.Connected(id), now);
    machine.on(new PunchEvent.Useless(id), now);
    now = now.plusSeconds(60);
    assertThat(machine.poll(now)).isEmpty();
  }

  @Test
  void eventsOfForeignAndOfRetiredSocketsChangeNothing() {
    PunchMachine machine = machine(plan(Rung.EXTERNAL, PUBLIC));
    SocketId first = dialOf(machine);
    now = now.plusMillis(20);
    machine.on(new PunchEvent.Failed(first, DialFailure.REFUSED), now);
    dialOf(machine);
    machine.on(new PunchEvent.Failed(first, DialFailure.NO_ROUTE), now);
    machine.on(new PunchEvent.Connected(first), now);
    machine.on(new PunchEvent.Failed(SocketId.accepted(1), DialFailure.NO_ROUTE), now);
    assertThat(machine.attempts()).isEqualTo(2);
    assertThat(machine.rungOf(first)).isNull();
    assertThat(machine.deadline()).isNull();
  }

  @Test
  void rungsStartInTheirTime_andSayWhenTheyDo() {
    Plan plan =
        new Plan(
            List.of(
                new PlannedRung(
                    Rung.EXTERNAL,
                    Duration.ZERO,
                    List.of(
                        dial(4000, PUBLIC, Duration.ZERO),
                        dial(4001, PUBLIC, Duration.ofMillis(1500)))),
                new PlannedRung(
                    Rung.DIRECT, Duration.ofMillis(250), List.of(dial(0, PUBLIC, Duration.ZERO)))),
            false);
    PunchMachine machine = machine(plan);
    Map<Long, List<String>> story = new TreeMap<>();
    for (Instant due = now; due != null; due = machine.deadline()) {
      now = due;
      for (PunchEffect effect : machine.poll(now)) {
        String what =
            switch (effect) {
              case Dial d -> d.rung().word() + " from " + d.localPort();
              case PunchEffect.RungStarted started -> started.rung().word() + " starts";
              case PunchEffect.Abort abort -> "abort";
              case PunchEffect.Limited limited -> "limited";
            };
        story
            .computeIfAbsent(Duration.between(START, now).toMillis(), t -> new ArrayList<>())
            .add(what);
      }
    }
    assertThat(story)
        .containsExactly(
            Map.entry(0L, List.of("external starts", "external from 4000")),
            Map.entry(250L, List.of("direct starts", "direct from 0")),
            Map.entry(1500L, List.of("external from 4001")));
  }

  @Test
  void lanesThatWait_areHastened_andThoseThatDialAreLeftAlone() {
    PunchMachine machine =
        machine(
            new Plan(
                List.of(
                    new PlannedRung(
                        Rung.EXTERNAL,
                        Duration.ZERO,
                        List.of(
                            dial(4000, PUBLIC, Duration.ZERO),
                            dial(4001, PUBLIC, Duration.ofMillis(1500)),
                            dial(4002, PUBLIC, Duration.ofMillis(3000)))),
                    new PlannedRung(
                        Rung.DIRECT,
                        Duration.ofSeconds(9),
                        List.of(dial(0, PUBLIC, Duration.ZERO)))),
                false));
    assertThat(dials(machine.poll(now))).hasSize(1);
    now = now.plusMillis(300);
    machine.hasten(Rung.EXTERNAL, Duration.ofMillis(80), now);
    assertThat(dials(machine.poll(now))).extracting(Dial::localPort).containsExactly(4001);
    assertThat(machine.deadline()).isEqualTo(START.plusMillis(380));
    now = now.plusMillis(80);
    assertThat(dials(machine.poll(now))).extracting(Dial::localPort).containsExactly(4002);
    machine.hasten(Rung.EXTERNAL, Duration.ofMillis(80), now);
    assertThat(machine.deadline()).isEqualTo(START.plusSeconds(9));
  }

  @Test
  void aRungThatHasNotStarted_isNotHastened_anotherHasAHeadStart() {
    PunchMachine machine =
        machine(
            new Plan(
                List.of(
                    new PlannedRung(
                        Rung.EXTERNAL,
                        Duration.ofSeconds(1),
                        List.of(dial(4000, PUBLIC, Duration.ZERO)))),
                false));
    machine.hasten(Rung.EXTERNAL, Duration.ofMillis(80), now);
    assertThat(machine.poll(now)).isEmpty();
    assertThat(machine.deadline()).isEqualTo(START.plusSeconds(1));
  }

  @Test
  void hastening_makesNoPairLater() {
    PunchMachine machine =
        machine(
            new Plan(
                List.of(
                    new PlannedRung(
                        Rung.EXTERNAL,
                        Duration.ZERO,
                        List.of(
                            dial(4000, PUBLIC, Duration.ZERO),
                            dial(4001, PUBLIC, Duration.ofMillis(10)),
                            dial(4002, PUBLIC, Duration.ofMillis(20))))),
                false));
    machine.poll(now);
    machine.hasten(Rung.EXTERNAL, Duration.ofMillis(80), now);
    assertThat(dials(machine.poll(now))).hasSize(1);
    assertThat(machine.deadline()).isEqualTo(START.plusMillis(20));
  }

  @Test
  void whenTheBucketRunsLow_noPairStarves() {
    // Everybody refuses within a millisecond: three eager pairs alone could use up all tokens.
    PunchMachine machine =
        machine(
            new Plan(
                List.of(
                    rung(Rung.EXTERNAL, Duration.ZERO, 9),
                    rung(Rung.DIRECT, Duration.ofMillis(250), 3)),
                false));
    Map<Endpoint, Integer> dialled = refuseEverything(machine, Duration.ofSeconds(10));
    assertThat(dialled).hasSize(12);
    dialled.forEach(
        (remote, count) ->
            assertThat(count)
                .as("%s", remote)
                .isGreaterThan(remote.toString().startsWith("198.51.100.1:") ? 150 : 12));
    assertThat(machine.attempts()).isBetween(1800, 200 + 2000);
  }

  @Test
  void addedPairsJoin_andTheOthersGoOnUndisturbed() {
    PunchMachine machine = machine(plan(Rung.EXTERNAL, PUBLIC));
    SocketId first = dialOf(machine);
    now = now.plusMillis(700);
    machine.add(plan(Rung.EXTERNAL, PUBLIC, "203.0.113.7:9999"), now);
    List<Dial> dials = dials(machine.poll(now));
    assertThat(dials).extracting(d -> d.remote().port()).containsExactly(9999);
    assertThat(machine.rungOf(first)).isEqualTo(Rung.EXTERNAL);
  }

  @Test
  void reportsSayWhatEachRungTried() {
    PunchMachine machine =
        machine(
            new Plan(
                List.of(rung(Rung.EXTERNAL, Duration.ZERO, 2), rung(Rung.LOCAL, Duration.ZERO, 1)),
                false));
    Instant began = now.minusMillis(300);
    List<Dial> dials = dials(machine.poll(now));
    machine.on(new PunchEvent.Failed(dials.get(2).id(), DialFailure.NO_ROUTE), now);
    now = now.plusMillis(40);
    machine.on(new PunchEvent.Failed(dials.get(0).id(), DialFailure.TIMED_OUT), now);
    now = now.plusMillis(1);
    machine.on(new PunchEvent.Failed(dials.get(1).id(), DialFailure.REFUSED), now);
    assertThat(machine.reports(began))
        .containsExactly(
            new RungReport(
                Rung.EXTERNAL,
                List.of(dials.get(0).remote(), dials.get(1).remote()),
                2,
                Map.of(DialFailure.TIMED_OUT, 1, DialFailure.REFUSED, 1),
                Duration.ofMillis(300),
                Duration.ofMillis(341)),
            new RungReport(
                Rung.LOCAL,
                List.of(dials.get(2).remote()),
                1,
                Map.of(DialFailure.NO_ROUTE, 1),
                Duration.ofMillis(300),
                Duration.ofMillis(300)));
  }

  @Test
  void aRungThatHasHadItsTurn_dialsNoMore() {
    PunchMachine machine = machine(inTurns());
    Map<Endpoint, Integer> first = refuseEverything(machine, Duration.ofMillis(4999));
    assertThat(first.keySet()).extracting(Endpoint::port).containsExactlyInAnyOrder(1000, 1001);
    now = now.plusMillis(1);
    Map<Endpoint, Integer> then = refuseEverything(machine, Duration.ofSeconds(30));
    assertThat(then.keySet()).extracting(Endpoint::toString).containsExactly("198.51.100.2:1000");
  }

  @Test
  void aRungWithNothingLeftToTry_passesItsTurnOn() {
    PunchMachine machine = machine(inTurns());
    List<Dial> dials = dials(machine.poll(now));
    assertThat(dials).hasSize(2);
    now = now.plusMillis(20);
    machine.on(new PunchEvent.Failed(dials.get(0).id(), DialFailure.NO_ROUTE), now);
    assertThat(machine.deadline())
        .as("the other one may get through")
        .isEqualTo(START.plusSeconds(5));
    machine.on(new PunchEvent.Failed(dials.get(1).id(), DialFailure.NO_ROUTE), now);
    assertThat(dials(machine.poll(now)))
        .extracting(dial -> dial.remote().toString())
        .containsExactly("198.51.100.2:1000");
  }

  private static Plan inTurns() {
    PlannedRung external = rung(Rung.EXTERNAL, Duration.ZERO, 2);
    Duration turn = Duration.ofSeconds(5);
    return new Plan(
        List.of(
            new PlannedRung(Rung.EXTERNAL, Duration.ZERO, turn, external.dials()),
            rung(Rung.LOCAL, turn, 1)),
        false);
  }

  /** Whatever happens: no early dial, no lost wake-up, no busy loop, and nothing left open. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void randomWalk_keepsItsPromises(long seed) {
    Random random = new Random(seed);
    PunchMachine machine =
        machine(
            new Plan(
                List.of(
                    rung(Rung.EXTERNAL, Duration.ZERO, 1 + random.nextInt(9)),
                    rung(Rung.DIRECT, Duration.ofMillis(250), 1 + random.nextInt(3))),
                false));
    Map<SocketId, Dial> dialling = new HashMap<>();
    List<SocketId> up = new ArrayList<>();
    Map<Endpoint, Instant> lastSyn = new HashMap<>();
    List<Instant> syns = new ArrayList<>();
    for (int step = 0; step < 2000; step++) {
      for (Dial dial : dials(machine.poll(now))) {
        Instant before = lastSyn.put(dial.remote(), now);
        if (before != null) {
          assertThat(Duration.between(before, now))
              .as("seed %d: the floor", seed)
              .isGreaterThanOrEqualTo(PunchPolicy.DEFAULT.redialFloor());
        }
        assertThat(dialling.put(dial.id(), dial)).as("seed %d: a used id", seed).isNull();
        syns.add(now);
      }
      @Nullable Instant deadline = machine.deadline();
      if (deadline != null) {
        assertThat(deadline).as("seed %d: a busy loop", seed).isAfter(now);
      }
      Instant event = now.plusNanos(random.nextLong(40_000_000));
      if (deadline != null && deadline.isBefore(event)) {
        now = deadline;
        continue;
      }
      now = event;
      List<SocketId> open = new ArrayList<>(dialling.keySet());
      open.sort((a, b) -> Long.compare(a.number(), b.number()));
      if (!up.isEmpty() && random.nextInt(4) == 0) {
        machine.on(new PunchEvent.Useless(up.removeFirst()), now);
      } else if (!open.isEmpty()) {
        SocketId id = open.get(random.nextInt(open.size()));
        dialling.remove(id);
        if (random.nextInt(10) == 0) {
          machine.on(new PunchEvent.Connected(id), now);
          up.add(id);
        } else {
          DialFailure[] failures = {
            DialFailure.REFUSED, DialFailure.REFUSED, DialFailure.UNREACHABLE,
            DialFailure.TIMED_OUT, DialFailure.TUPLE_IN_USE, DialFailure.NO_RESOURCES
          };
          machine.on(new PunchEvent.Failed(id, failures[random.nextInt(failures.length)]), now);
        }
      }
      // Every pair is either dialling, up or waiting for a deadline.
      assertThat(machine.deadline() != null || !dialling.isEmpty() || !up.isEmpty())
          .as("seed %d: a missed wake-up", seed)
          .isTrue();
    }
    assertThat(machine.stop())
        .as("seed %d: what still dials", seed)
        .containsExactlyInAnyOrderElementsOf(
            dialling.keySet().stream().map(PunchEffect.Abort::new).toList());
    for (int i = 400; i < syns.size(); i++) {
      assertThat(Duration.between(syns.get(i - 400), syns.get(i)))
          .as("seed %d: 400 dials in less than a second, the burst included", seed)
          .isGreaterThanOrEqualTo(Duration.ofMillis(995));
    }
  }

  private Map<Endpoint, Integer> refuseEverything(PunchMachine machine, Duration howLong) {
    Map<Endpoint, Integer> dialled = new HashMap<>();
    Instant end = now.plus(howLong);
    while (now.isBefore(end)) {
      List<Dial> dials = dials(machine.poll(now));
      now = now.plusNanos(500_000);
      for (Dial dial : dials) {
        dialled.merge(dial.remote(), 1, Integer::sum);
        machine.on(new PunchEvent.Failed(dial.id(), DialFailure.REFUSED), now);
      }
    }
    return dialled;
  }

  private SocketId dialOf(PunchMachine machine) {
    List<Dial> dials = dials(machine.poll(now));
    assertThat(dials).hasSize(1);
    return dials.getFirst().id();
  }

  /** Waits for the next dial, however often the bucket says "not yet". */
  private SocketId nextDial(PunchMachine machine) {
    while (true) {
      Instant deadline = Objects.requireNonNull(machine.deadline(), "nothing to wait for");
      if (deadline.isAfter(now)) {
        now = deadline;
      }
      List<Dial> dials = dials(machine.poll(now));
      if (!dials.isEmpty()) {
        return dials.getFirst().id();
      }
    }
  }

  private PunchMachine machine(Plan plan) {
    return new PunchMachine(
        plan,
        PunchPolicy.DEFAULT,
        new Random(7),
        () -> SocketId.dialed(++ids),
        new TokenBucket(10_000, 10_000),
        new BurstGuard(),
        now);
  }

  private static Plan plan(Rung rung, String... remotes) {
    return new Plan(
        List.of(
            new PlannedRung(
                rung,
                Duration.ZERO,
                Arrays.stream(remotes).map(r -> dial(4000, r, Duration.ZERO)).toList())),
        false);
  }

  private static PlannedRung rung(Rung rung, Duration after, int pairs) {
    List<PlannedDial> dials = new ArrayList<>();
    int base = rung == Rung.EXTERNAL ? 1 : 2;
    for (int i = 0; i < pairs; i++) {
      dials.add(
          dial(
              rung == Rung.DIRECT ? 0 : 4000,
              "198.51.100." + base + ":" + (1000 + i),
              Duration.ZERO));
    }
    return new PlannedRung(rung, after, dials);
  }

  private static PlannedDial dial(int localPort, String remote, Duration after) {
    return new PlannedDial(localPort, Endpoint.parse(remote), after);
  }

  private static List<Dial> dials(List<PunchEffect> effects) {
    return effects.stream().filter(Dial.class::isInstance).map(Dial.class::cast).toList();
  }
}
