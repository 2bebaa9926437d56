package dev.sallyport.domain.punch;

import static dev.sallyport.domain.punch.PunchBench.PUBLIC;
import static dev.sallyport.domain.punch.PunchBench.rung;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.PunchEffect.Dial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a punch machine does after each thing that happens to a pair, and how it stops. */
class PunchMachineTest {
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
    PunchBench bench = new PunchBench(rung(rung, remote));
    SocketId id = bench.dialOf();
    Instant dialled = bench.now();
    for (int i = 0; i < times; i++) {
      dialled = bench.now();
      bench.passMillis(1);
      bench.fails(id, failure);
      if (i + 1 < times) {
        id = bench.nextDial();
      }
    }
    if (fromMillis < 0) {
      assertThat(bench.deadline()).isNull();
      bench.pass(Duration.ofMinutes(1));
      assertThat(bench.poll()).isEmpty();
      return;
    }
    bench.nextDial();
    assertThat(Duration.between(dialled, bench.now()))
        .isBetween(Duration.ofMillis(fromMillis), Duration.ofMillis(toMillis));
  }

  @Test
  void aSilentDialIsReplacedTheMomentItTimesOut() {
    PunchBench bench = new PunchBench(rung(Rung.EXTERNAL, PUBLIC));
    SocketId id = bench.dialOf();
    bench.pass(PunchPolicy.DEFAULT.dialTimeout());
    bench.fails(id, DialFailure.TIMED_OUT);
    assertThat(bench.dials()).hasSize(1);
  }

  @Test
  void aRefusalAfterTheFloorIsAnsweredAtOnce() {
    PunchBench bench = new PunchBench(rung(Rung.EXTERNAL, PUBLIC));
    SocketId id = bench.dialOf();
    bench.passMillis(50);
    bench.fails(id, DialFailure.REFUSED);
    assertThat(bench.dials()).hasSize(1);
  }

  @Test
  void aPairThatIsUpRests_untilItsConnectionTurnsOutUseless() {
    PunchBench bench = new PunchBench(rung(Rung.EXTERNAL, PUBLIC));
    List<Long> pauses = new ArrayList<>();
    SocketId id = bench.dialOf();
    for (int i = 0; i < 6; i++) {
      bench.on(new PunchEvent.Connected(id));
      assertThat(bench.deadline()).isNull();
      bench.pass(Duration.ofSeconds(3));
      Instant useless = bench.now();
      bench.on(new PunchEvent.Useless(id));
      id = bench.nextDial();
      pauses.add(Duration.between(useless, bench.now()).toMillis() / 10 * 10);
    }
    // Somebody accepts there and is not our peer: not ten times a second for as long as we call.
    assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
  }

  @Test
  void stop_abortsWhatDials_andNothingFollows() {
    PunchBench bench =
        new PunchBench(rung(Rung.EXTERNAL, PUBLIC, "203.0.113.7:9", "203.0.113.7:10"));
    List<Dial> dials = bench.dials();
    bench.on(new PunchEvent.Connected(dials.get(0).id()));
    bench.fails(dials.get(1).id(), DialFailure.REFUSED);
    assertThat(bench.machine.stop()).containsExactly(new PunchEffect.Abort(dials.get(2).id()));
    bench.fails(dials.get(2).id(), DialFailure.ABORTED);
    bench.on(new PunchEvent.Useless(dials.get(0).id()));
    bench.pass(Duration.ofSeconds(60));
    assertThat(bench.poll()).isEmpty();
    assertThat(bench.deadline()).isNull();
    assertThat(bench.machine.stop()).isEmpty();
  }

  @Test
  void aDialThatGetsThroughAfterStop_changesNothing() {
    PunchBench bench = new PunchBench(rung(Rung.EXTERNAL, PUBLIC));
    SocketId id = bench.dialOf();
    bench.machine.stop();
    bench.on(new PunchEvent.Connected(id));
    bench.on(new PunchEvent.Useless(id));
    bench.pass(Duration.ofSeconds(60));
    assertThat(bench.poll()).isEmpty();
  }

  @Test
  void eventsOfForeignAndOfRetiredSocketsChangeNothing() {
    PunchBench bench = new PunchBench(rung(Rung.EXTERNAL, PUBLIC));
    SocketId first = bench.dialOf();
    bench.passMillis(20);
    bench.fails(first, DialFailure.REFUSED);
    bench.dialOf();
    bench.fails(first, DialFailure.NO_ROUTE);
    bench.on(new PunchEvent.Connected(first));
    bench.fails(SocketId.accepted(1), DialFailure.NO_ROUTE);
    assertThat(bench.machine.attempts()).isEqualTo(2);
    assertThat(bench.machine.rungOf(first)).isNull();
    assertThat(bench.deadline()).isNull();
  }

  /** Whatever happens: no early dial, no lost wake-up, no busy loop, and nothing left open. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void randomWalk_keepsItsPromises(long seed) {
    Random random = new Random(seed);
    PunchBench bench =
        new PunchBench(
            rung(Rung.EXTERNAL, Duration.ZERO, 1 + random.nextInt(9)),
            rung(Rung.DIRECT, Duration.ofMillis(250), 1 + random.nextInt(3)));
    Map<SocketId, Dial> dialling = new HashMap<>();
    List<SocketId> up = new ArrayList<>();
    Map<Endpoint, Instant> lastSyn = new HashMap<>();
    List<Instant> syns = new ArrayList<>();
    for (int step = 0; step < 2000; step++) {
      Instant now = bench.now();
      for (Dial dial : bench.dials()) {
        Instant before = lastSyn.put(dial.remote(), now);
        if (before != null) {
          assertThat(Duration.between(before, now))
              .as("seed %d: the floor", seed)
              .isGreaterThanOrEqualTo(PunchPolicy.DEFAULT.redialFloor());
        }
        assertThat(dialling.put(dial.id(), dial)).as("seed %d: a used id", seed).isNull();
        syns.add(now);
      }
      @Nullable Instant deadline = bench.deadline();
      if (deadline != null) {
        assertThat(deadline).as("seed %d: a busy loop", seed).isAfter(now);
      }
      Instant event = now.plusNanos(random.nextLong(40_000_000));
      if (deadline != null && deadline.isBefore(event)) {
        bench.passUntil(deadline);
        continue;
      }
      bench.passUntil(event);
      List<SocketId> open = new ArrayList<>(dialling.keySet());
      open.sort((a, b) -> Long.compare(a.number(), b.number()));
      if (!up.isEmpty() && random.nextInt(4) == 0) {
        bench.on(new PunchEvent.Useless(up.removeFirst()));
      } else if (!open.isEmpty()) {
        SocketId id = open.get(random.nextInt(open.size()));
        dialling.remove(id);
        if (random.nextInt(10) == 0) {
          bench.on(new PunchEvent.Connected(id));
          up.add(id);
        } else {
          DialFailure[] failures = {
            DialFailure.REFUSED, DialFailure.REFUSED, DialFailure.UNREACHABLE,
            DialFailure.TIMED_OUT, DialFailure.TUPLE_IN_USE, DialFailure.NO_RESOURCES
          };
          bench.fails(id, failures[random.nextInt(failures.length)]);
        }
      }
      // Every pair is either dialling, up or waiting for a deadline.
      assertThat(bench.deadline() != null || !dialling.isEmpty() || !up.isEmpty())
          .as("seed %d: a missed wake-up", seed)
          .isTrue();
    }
    assertThat(bench.machine.stop())
        .as("seed %d: what still dials", seed)
        .containsExactlyInAnyOrderElementsOf(
            dialling.keySet().stream().map(PunchEffect.Abort::new).toList());
    for (int i = 400; i < syns.size(); i++) {
      assertThat(Duration.between(syns.get(i - 400), syns.get(i)))
          .as("seed %d: 400 dials in less than a second, the burst included", seed)
          .isGreaterThanOrEqualTo(Duration.ofMillis(995));
    }
  }
}
