package dev.sallyport.domain.punch;

import static dev.sallyport.domain.punch.PunchBench.PUBLIC;
import static dev.sallyport.domain.punch.PunchBench.START;
import static dev.sallyport.domain.punch.PunchBench.direct;
import static dev.sallyport.domain.punch.PunchBench.lanes;
import static dev.sallyport.domain.punch.PunchBench.plan;
import static dev.sallyport.domain.punch.PunchBench.rung;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Plan.PlannedDial;
import dev.sallyport.domain.ladder.Plan.PlannedRung;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.PunchEffect.Dial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a punch machine makes of a plan: when its rungs and their pairs start, and end. */
class PunchRungsTest {
  @Test
  void rungsStartInTheirTime_andSayWhenTheyDo() {
    PunchBench bench =
        new PunchBench(lanes(Duration.ZERO, 0, 1500), direct(Duration.ofMillis(250)));
    Map<Long, List<String>> story = new TreeMap<>();
    for (Instant due = START; due != null; due = bench.deadline()) {
      bench.passUntil(due);
      for (PunchEffect effect : bench.poll()) {
        String what =
            switch (effect) {
              case Dial d -> d.rung().word() + " from " + d.localPort();
              case PunchEffect.RungStarted started -> started.rung().word() + " starts";
              case PunchEffect.Abort abort -> "abort";
              case PunchEffect.Limited limited -> "limited";
            };
        story
            .computeIfAbsent(Duration.between(START, due).toMillis(), t -> new ArrayList<>())
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
    PunchBench bench =
        new PunchBench(lanes(Duration.ZERO, 0, 1500, 3000), direct(Duration.ofSeconds(9)));
    assertThat(bench.dials()).hasSize(1);
    bench.passMillis(300);
    hasten(bench);
    assertThat(bench.dials()).extracting(Dial::localPort).containsExactly(4001);
    assertThat(bench.deadline()).isEqualTo(START.plusMillis(380));
    bench.passMillis(80);
    assertThat(bench.dials()).extracting(Dial::localPort).containsExactly(4002);
    hasten(bench);
    assertThat(bench.deadline()).isEqualTo(START.plusSeconds(9));
  }

  @Test
  void aRungThatHasNotStarted_isNotHastened_anotherHasAHeadStart() {
    PunchBench bench = new PunchBench(lanes(Duration.ofSeconds(1), 0));
    hasten(bench);
    assertThat(bench.poll()).isEmpty();
    assertThat(bench.deadline()).isEqualTo(START.plusSeconds(1));
  }

  @Test
  void aPairThatHasDialled_keepsItsPace_whateverIsHastened() {
    PunchBench bench = new PunchBench(lanes(Duration.ZERO, 0, 1500));
    bench.fails(bench.dialOf(), DialFailure.REFUSED);
    Instant again = bench.deadline();
    assertThat(again).isAfter(START);
    hasten(bench);
    assertThat(bench.dials()).extracting(Dial::localPort).containsExactly(4001);
    assertThat(bench.deadline()).isEqualTo(again);
  }

  @Test
  void hastening_makesNoPairLater() {
    PunchBench bench = new PunchBench(lanes(Duration.ZERO, 0, 10, 20));
    bench.poll();
    hasten(bench);
    assertThat(bench.dials()).hasSize(1);
    assertThat(bench.deadline()).isEqualTo(START.plusMillis(20));
  }

  @Test
  void whereDialsAreRefused_theLastLaneIsSpared_untilThePeerDials() {
    PunchBench bench = new PunchBench(lanes(Duration.ZERO, 0, 1500, 3000));
    bench.fails(bench.dialOf(), DialFailure.REFUSED);
    bench.machine.hasten(Rung.EXTERNAL, Duration.ofMillis(80), 1, bench.now());
    bench.passMillis(500);
    assertThat(bench.dials()).extracting(Dial::localPort).contains(4001).doesNotContain(4002);

    hasten(bench);
    assertThat(bench.dials()).extracting(Dial::localPort).contains(4002);
  }

  @Test
  void whereDialsAreNotRefused_noLaneIsSpared() {
    PunchBench bench = new PunchBench(lanes(Duration.ZERO, 0, 1500, 3000));
    bench.poll();
    bench.machine.hasten(Rung.EXTERNAL, Duration.ofMillis(80), 1, bench.now());
    bench.passMillis(100);
    assertThat(bench.dials()).extracting(Dial::localPort).containsExactly(4001, 4002);
  }

  private static void hasten(PunchBench bench) {
    bench.machine.hasten(Rung.EXTERNAL, Duration.ofMillis(80), 0, bench.now());
  }

  @Test
  void whenTheBucketRunsLow_noPairStarves() {
    // Everybody refuses within a millisecond: three eager pairs alone could use up all tokens.
    PunchBench bench =
        new PunchBench(
            rung(Rung.EXTERNAL, Duration.ZERO, 9), rung(Rung.DIRECT, Duration.ofMillis(250), 3));
    Map<Endpoint, Integer> dialled = bench.refuseEverything(Duration.ofSeconds(10));
    assertThat(dialled).hasSize(12);
    dialled.forEach(
        (remote, count) ->
            assertThat(count)
                .as("%s", remote)
                .isGreaterThan(remote.toString().startsWith("198.51.100.1:") ? 150 : 12));
    assertThat(bench.machine.attempts()).isBetween(1800, 200 + 2000);
  }

  @Test
  void addedPairsJoin_andTheOthersGoOnUndisturbed() {
    PunchBench bench = new PunchBench(rung(Rung.EXTERNAL, PUBLIC));
    SocketId first = bench.dialOf();
    bench.passMillis(700);
    bench.machine.add(plan(rung(Rung.EXTERNAL, PUBLIC, "203.0.113.7:9999")), bench.now());
    assertThat(bench.dials()).extracting(d -> d.remote().port()).containsExactly(9999);
    assertThat(bench.machine.rungOf(first)).isEqualTo(Rung.EXTERNAL);
  }

  @Test
  void reportsSayWhatEachRungTried() {
    PunchBench bench =
        new PunchBench(rung(Rung.EXTERNAL, Duration.ZERO, 2), rung(Rung.LOCAL, Duration.ZERO, 1));
    Instant began = START.minusMillis(300);
    List<Dial> dials = bench.dials();
    bench.fails(dials.get(2).id(), DialFailure.NO_ROUTE);
    bench.passMillis(40);
    bench.fails(dials.get(0).id(), DialFailure.TIMED_OUT);
    bench.passMillis(1);
    bench.fails(dials.get(1).id(), DialFailure.REFUSED);
    assertThat(bench.machine.reports(began))
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
  void theReport_saysWhenARungWasUp() {
    PunchBench bench = new PunchBench(rung(Rung.EXTERNAL, PUBLIC));
    SocketId id = bench.dialOf();
    bench.passMillis(40);
    bench.on(new PunchEvent.Connected(id));
    assertThat(bench.machine.reports(START).getFirst().last()).isEqualTo(Duration.ofMillis(40));
  }

  @Test
  void aRungThatHasHadItsTurn_dialsNoMore() {
    PunchBench bench = inTurns();
    Map<Endpoint, Integer> first = bench.refuseEverything(Duration.ofMillis(4999));
    assertThat(first.keySet()).extracting(Endpoint::port).containsExactlyInAnyOrder(1000, 1001);
    bench.passMillis(1);
    Map<Endpoint, Integer> then = bench.refuseEverything(Duration.ofSeconds(30));
    assertThat(then.keySet()).extracting(Endpoint::toString).containsExactly("198.51.100.2:1000");
  }

  @Test
  void aRungWithNothingLeftToTry_passesItsTurnOn() {
    PunchBench bench = inTurns();
    List<Dial> dials = bench.dials();
    assertThat(dials).hasSize(2);
    bench.passMillis(20);
    bench.fails(dials.get(0).id(), DialFailure.NO_ROUTE);
    assertThat(bench.deadline())
        .as("the other one may get through")
        .isEqualTo(START.plusSeconds(5));
    bench.fails(dials.get(1).id(), DialFailure.NO_ROUTE);
    assertThat(bench.dials())
        .extracting(dial -> dial.remote().toString())
        .containsExactly("198.51.100.2:1000");
  }

  @Test
  void aTurnThatIsPassedOn_beginsAndEndsSooner_andWhatHasBegunGoesOn() {
    Duration turn = Duration.ofSeconds(5);
    List<PlannedDial> local = rung(Rung.LOCAL, turn, 1).dials();
    PunchBench bench =
        new PunchBench(
            new PlannedRung(
                Rung.EXTERNAL, Duration.ZERO, turn, rung(Rung.EXTERNAL, PUBLIC).dials()),
            new PlannedRung(Rung.LOCAL, turn, turn.multipliedBy(2), local),
            direct(Duration.ofSeconds(2)));
    bench.fails(bench.dialOf(), DialFailure.NO_ROUTE);
    Dial first = bench.dials().getFirst();
    assertThat(first.rung()).isEqualTo(Rung.LOCAL);
    assertThat(bench.deadline()).as("direct, as planned").isEqualTo(START.plusSeconds(2));
    bench.passMillis(2000);
    bench.fails(first.id(), DialFailure.REFUSED);
    Map<Endpoint, Integer> before = bench.refuseEverything(Duration.ofMillis(2900));
    assertThat(before).containsKey(first.remote());
    assertThat(before).containsKey(Endpoint.parse(PUBLIC));
    bench.passMillis(200);
    assertThat(bench.refuseEverything(turn)).doesNotContainKey(first.remote());
  }

  private static PunchBench inTurns() {
    PlannedRung external = rung(Rung.EXTERNAL, Duration.ZERO, 2);
    Duration turn = Duration.ofSeconds(5);
    return new PunchBench(
        new PlannedRung(Rung.EXTERNAL, Duration.ZERO, turn, external.dials()),
        rung(Rung.LOCAL, turn, 1));
  }
}
