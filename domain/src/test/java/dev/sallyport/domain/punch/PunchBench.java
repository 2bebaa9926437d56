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
import org.jspecify.annotations.Nullable;

/** A punch machine and the time it is, for tests that say what happens to it. */
final class PunchBench {
  static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
  static final String PUBLIC = "203.0.113.7:8765";

  final PunchMachine machine;
  private Instant now = START;
  private long ids;

  PunchBench(PlannedRung... rungs) {
    this(plan(rungs));
  }

  PunchBench(Plan plan) {
    machine =
        new PunchMachine(
            plan,
            PunchPolicy.DEFAULT,
            new Random(7),
            () -> SocketId.dialed(++ids),
            new TokenBucket(10_000, 10_000),
            new BurstGuard(),
            now);
  }

  Instant now() {
    return now;
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  void passMillis(long millis) {
    now = now.plusMillis(millis);
  }

  /** Lets the time pass until then. */
  void passUntil(Instant when) {
    now = when;
  }

  void on(PunchEvent event) {
    machine.on(event, now);
  }

  void fails(SocketId id, DialFailure failure) {
    on(new PunchEvent.Failed(id, failure));
  }

  List<PunchEffect> poll() {
    return machine.poll(now);
  }

  /** What it dials now. */
  List<Dial> dials() {
    return poll().stream().filter(Dial.class::isInstance).map(Dial.class::cast).toList();
  }

  /** The one thing it dials now. */
  SocketId dialOf() {
    List<Dial> dials = dials();
    assertThat(dials).hasSize(1);
    return dials.getFirst().id();
  }

  /** Waits for the next dial, however often the bucket says "not yet". */
  SocketId nextDial() {
    while (true) {
      Instant deadline = Objects.requireNonNull(machine.deadline(), "nothing to wait for");
      if (deadline.isAfter(now)) {
        now = deadline;
      }
      List<Dial> dials = dials();
      if (!dials.isEmpty()) {
        return dials.getFirst().id();
      }
    }
  }

  /** Everybody refuses within half a millisecond: how often each was dialled. */
  Map<Endpoint, Integer> refuseEverything(Duration howLong) {
    Map<Endpoint, Integer> dialled = new HashMap<>();
    Instant end = now.plus(howLong);
    while (now.isBefore(end)) {
      List<Dial> dials = dials();
      now = now.plusNanos(500_000);
      for (Dial dial : dials) {
        dialled.merge(dial.remote(), 1, Integer::sum);
        fails(dial.id(), DialFailure.REFUSED);
      }
    }
    return dialled;
  }

  @Nullable Instant deadline() {
    return machine.deadline();
  }

  static Plan plan(PlannedRung... rungs) {
    return new Plan(List.of(rungs), false);
  }

  /** Dials all of these at once, from one port. */
  static PlannedRung rung(Rung rung, String... remotes) {
    return new PlannedRung(
        rung,
        Duration.ZERO,
        Arrays.stream(remotes).map(r -> dial(4000, r, Duration.ZERO)).toList());
  }

  /** Dials as many endpoints as that, all of one address: .1 from outside, .2 by other rungs. */
  static PlannedRung rung(Rung rung, Duration after, int pairs) {
    List<PlannedDial> dials = new ArrayList<>();
    String address = "198.51.100." + (rung == Rung.EXTERNAL ? 1 : 2);
    for (int i = 0; i < pairs; i++) {
      int port = rung == Rung.DIRECT ? 0 : 4000;
      dials.add(dial(port, address + ":" + (1000 + i), Duration.ZERO));
    }
    return new PlannedRung(rung, after, dials);
  }

  /**
   * Dials one endpoint from 4000, 4001 and so on.
   *
   * @param delaysMillis when each port begins, counted from the rung's start
   */
  static PlannedRung lanes(Duration after, int... delaysMillis) {
    List<PlannedDial> dials = new ArrayList<>();
    for (int delay : delaysMillis) {
      dials.add(dial(4000 + dials.size(), PUBLIC, Duration.ofMillis(delay)));
    }
    return new PlannedRung(Rung.EXTERNAL, after, dials);
  }

  /** Dials one endpoint from any port. */
  static PlannedRung direct(Duration after) {
    return new PlannedRung(Rung.DIRECT, after, List.of(dial(0, PUBLIC, Duration.ZERO)));
  }

  private static PlannedDial dial(int localPort, String remote, Duration after) {
    return new PlannedDial(localPort, Endpoint.parse(remote), after);
  }
}
