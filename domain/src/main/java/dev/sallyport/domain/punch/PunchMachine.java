package dev.sallyport.domain.punch;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.ladder.Burst;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Plan.PlannedDial;
import dev.sallyport.domain.ladder.Plan.PlannedRung;
import dev.sallyport.domain.ladder.Rung;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides which SYN leaves when: races the rungs of a {@link Plan}, dials again at once after a
 * refusal, replaces silent sockets on its own cadence. One machine serves one call; what comes up
 * is authenticated elsewhere.
 *
 * <p>Each planned pair of endpoints goes through these states; no two SYNs of one pair are closer
 * than the policy's floor, and when a bucket runs low the pair that has waited longest goes first:
 *
 * <table>
 *   <caption>transitions of one pair</caption>
 *   <tr><th>state</th><th>event</th><th>next</th></tr>
 *   <tr><td>waiting</td><td>its time comes, both buckets have a token</td><td>dialling</td></tr>
 *   <tr><td>dialling</td><td>connected</td><td>up</td></tr>
 *   <tr><td>dialling</td><td>refused, unreachable</td><td>waiting: the floor and a jitter after its
 *       last SYN; slower after {@code patience} of them, but for {@code external} to an address
 *       that is not private</td></tr>
 *   <tr><td>dialling</td><td>timed out</td><td>waiting: at once</td></tr>
 *   <tr><td>dialling</td><td>pair in use, no resources</td><td>waiting: 100 ms</td></tr>
 *   <tr><td>dialling</td><td>no route, aborted</td><td>over; if all of a rung with a turn are, the
 *       rungs after it start now</td></tr>
 *   <tr><td>up</td><td>useless</td><td>waiting: 100 ms, each further time twice as long, at most
 *       the slow pace</td></tr>
 *   <tr><td>waiting</td><td>the turn of its rung is over</td><td>over</td></tr>
 *   <tr><td>any</td><td>stop</td><td>over, with an abort if dialling</td></tr>
 * </table>
 *
 * <p>Where ports have to be guessed, the plan's bursts are dialled besides; they have a pace of
 * their own.
 *
 * <p>No I/O, no clock, no randomness of its own. Not thread-safe: one thread at a time.
 */
public final class PunchMachine {
  private static final Duration BUSY_PAUSE = Duration.ofMillis(100);

  private enum State {
    WAITING,
    DIALLING,
    UP,
    OVER
  }

  /** One planned pair of endpoints and how it fares. */
  private static final class Pair {
    final Rung rung;
    final PlannedDial dial;
    State state = State.WAITING;
    Instant due;
    Instant end;
    Instant lastDial = Instant.MIN;
    int refusals;
    int useless;

    Pair(Rung rung, PlannedDial dial, Instant due, Instant end) {
      this.rung = rung;
      this.dial = dial;
      this.due = due;
      this.end = end;
    }

    boolean isOf(PlannedDial other) {
      return dial.localPort() == other.localPort() && dial.remote().equals(other.remote());
    }

    boolean isDue(Instant now) {
      return state == State.WAITING && !due.isAfter(now);
    }

    /** Starts, and ends, so much earlier. */
    void hurry(Duration by) {
      due = due.minus(by);
      end = end.equals(Instant.MAX) ? end : end.minus(by);
    }

    /**
     * Whether refusals are part of the game. Elsewhere an innocent neighbour may be at the other
     * end: at a private address there is one in every second network.
     */
    boolean mayInsist() {
      return rung == Rung.EXTERNAL && dial.remote().scope() != AddressScope.PRIVATE;
    }
  }

  private final PunchPolicy policy;
  private final RandomGenerator random;
  private final Supplier<SocketId> ids;
  private final BurstGuard guard;
  private final List<Pair> pairs = new ArrayList<>();
  private final Map<SocketId, Pair> bySocket = new LinkedHashMap<>();
  private final Set<Rung> started = EnumSet.noneOf(Rung.class);
  private final RungLog log = new RungLog();
  private final List<TokenBucket> buckets;
  private final List<BurstDialer> bursts = new ArrayList<>();
  private Instant latestDial = Instant.MIN;

  /**
   * Ready to run; nothing leaves before the first {@link #poll}.
   *
   * @param ids makes a new id for each socket, never the same one twice
   * @param shared what all machines of one process may dial together, but for bursts
   * @param guard what they may dial in bursts
   */
  public PunchMachine(
      Plan plan,
      PunchPolicy policy,
      RandomGenerator random,
      Supplier<SocketId> ids,
      TokenBucket shared,
      BurstGuard guard,
      Instant now) {
    this.policy = policy;
    this.random = random;
    this.ids = ids;
    this.guard = guard;
    this.buckets =
        List.of(new TokenBucket(policy.dialsPerSecond(), policy.dialsPerSecond()), shared);
    add(plan, now);
  }

  /** Adds the pairs that are new, their delays counted from now; the others go on as they are. */
  public void add(Plan plan, Instant now) {
    for (PlannedRung rung : plan.rungs()) {
      Instant end = rung.until() == null ? Instant.MAX : now.plus(rung.until());
      for (PlannedDial dial : rung.dials()) {
        log.planned(rung.rung(), dial.remote());
        if (pairs.stream().noneMatch(pair -> pair.isOf(dial))) {
          pairs.add(new Pair(rung.rung(), dial, now.plus(rung.after()).plus(dial.after()), end));
        }
      }
    }
    for (Burst burst : plan.bursts()) {
      log.planned(Rung.EXTERNAL);
      bursts.add(new BurstDialer(burst, ids, guard, now));
    }
  }

  /**
   * Starts the pairs of a rung that wait for their first dial: those that were to be next now,
   * those after them {@code apart} later, and so on. No pair starts later than it would have, and
   * none of a rung that has not started: another one has a head start over it.
   *
   * @param spare how many of these steps wait on if the peer's NAT refuses dials: between a refusal
   *     and the next dial a SYN of the peer may spoil a pair, for a NAT of ours like Linux's then
   *     lets out no other answer than one with the sequence number of the dial before
   */
  public void hasten(Rung rung, Duration apart, int spare, Instant now) {
    if (!started.contains(rung)) {
      return;
    }
    List<Pair> waiting =
        pairs.stream()
            .filter(pair -> pair.rung == rung && pair.state == State.WAITING)
            .filter(pair -> pair.lastDial.equals(Instant.MIN) && pair.due.isAfter(now))
            .toList();
    List<Instant> times = waiting.stream().map(pair -> pair.due).distinct().sorted().toList();
    boolean refused = pairs.stream().anyMatch(pair -> pair.rung == rung && pair.refusals > 0);
    int steps = times.size() - (refused ? spare : 0);
    for (Pair pair : waiting) {
      int step = times.indexOf(pair.due);
      Instant sooner = now.plus(apart.multipliedBy(step));
      if (step < steps && sooner.isBefore(pair.due)) {
        pair.due = sooner;
      }
    }
  }

  /** Takes an event; events of sockets that are not this machine's change nothing. */
  public void on(PunchEvent event, Instant now) {
    for (BurstDialer burst : bursts) {
      if (burst.owns(event.id())) {
        onBurst(burst, event, now);
        return;
      }
    }
    Pair pair = bySocket.get(event.id());
    if (pair == null) {
      return;
    }
    switch (event) {
      case PunchEvent.Connected connected -> {
        log.connected(pair.rung, now);
        if (pair.state == State.DIALLING) {
          pair.state = State.UP;
        }
      }
      case PunchEvent.Failed(SocketId id, DialFailure failure) -> {
        bySocket.remove(id);
        log.failed(pair.rung, failure, now);
        afterFailure(pair, failure, now);
      }
      case PunchEvent.Useless useless -> {
        bySocket.remove(useless.id());
        pair.useless++;
        waitUntil(pair, now.plus(grown(BUSY_PAUSE, pair.useless - 1)).plus(jitter()));
      }
    }
  }

  private void onBurst(BurstDialer burst, PunchEvent event, Instant now) {
    switch (event) {
      case PunchEvent.Connected connected -> {
        log.connected(Rung.EXTERNAL, now);
        burst.connected(connected.id(), now);
        bursts.forEach(each -> each.rest(now));
      }
      case PunchEvent.Failed(SocketId id, DialFailure failure) -> {
        log.failed(Rung.EXTERNAL, failure, now);
        burst.failed(id, failure, now);
      }
      case PunchEvent.Useless useless -> {
        burst.useless(useless.id(), now);
        if (bursts.stream().noneMatch(BurstDialer::isUp)) {
          bursts.forEach(each -> each.goOn(now));
        }
      }
    }
  }

  /** Starts every dial that is due. Call it after each event and at each {@link #deadline}. */
  public List<PunchEffect> poll(Instant now) {
    List<PunchEffect> effects = new ArrayList<>();
    // These first: where ports are foreseen, any other dial would move them on.
    for (BurstDialer burst : bursts) {
      List<PunchEffect.Dial> dials = burst.poll(now);
      if (!dials.isEmpty() && started.add(Rung.EXTERNAL)) {
        effects.add(new PunchEffect.RungStarted(Rung.EXTERNAL));
      }
      if (!dials.isEmpty()) {
        log.dialled(Rung.EXTERNAL, dials.size(), now);
        effects.addAll(dials);
      }
      if (burst.takeLimited()) {
        effects.add(new PunchEffect.Limited());
      }
    }
    pairs.stream()
        .filter(pair -> pair.state == State.WAITING && !pair.end.isAfter(now))
        .forEach(pair -> pair.state = State.OVER);
    List<Pair> due =
        pairs.stream()
            .filter(pair -> pair.isDue(now))
            .sorted(Comparator.comparing(pair -> pair.due))
            .toList();
    for (Pair pair : due) {
      if (!buckets.stream().allMatch(bucket -> bucket.has(now))) {
        break;
      }
      buckets.forEach(bucket -> bucket.take(now));
      if (started.add(pair.rung)) {
        effects.add(new PunchEffect.RungStarted(pair.rung));
      }
      SocketId id = ids.get();
      bySocket.put(id, pair);
      pair.state = State.DIALLING;
      pair.lastDial = now;
      latestDial = now;
      log.dialled(pair.rung, 1, now);
      effects.add(
          new PunchEffect.Dial(
              id, pair.rung, pair.dial.localPort(), pair.dial.remote(), policy.dialTimeout()));
    }
    return effects;
  }

  /**
   * When to call {@link #poll} next if nothing happens before; null if there is nothing to wait
   * for.
   */
  public @Nullable Instant deadline() {
    Instant next = null;
    for (Pair pair : pairs) {
      if (pair.state == State.WAITING && (next == null || pair.due.isBefore(next))) {
        next = pair.due;
      }
    }
    for (TokenBucket bucket : buckets) {
      if (next != null && next.isBefore(bucket.next())) {
        next = bucket.next();
      }
    }
    for (BurstDialer burst : bursts) {
      Instant due = burst.deadline();
      if (due != null && (next == null || due.isBefore(next))) {
        next = due;
      }
    }
    return next;
  }

  /** Ends everything; sockets that are up stay with their owner. */
  public List<PunchEffect> stop() {
    List<PunchEffect> effects = new ArrayList<>();
    bySocket.forEach(
        (id, pair) -> {
          if (pair.state == State.DIALLING) {
            effects.add(new PunchEffect.Abort(id));
          }
        });
    pairs.forEach(pair -> pair.state = State.OVER);
    bursts.forEach(burst -> burst.stop().forEach(id -> effects.add(new PunchEffect.Abort(id))));
    return effects;
  }

  /** The rung a dialled socket belongs to; null if it is not this machine's. */
  public @Nullable Rung rungOf(SocketId id) {
    Pair pair = bySocket.get(id);
    if (pair == null) {
      return bursts.stream().anyMatch(burst -> burst.owns(id)) ? Rung.EXTERNAL : null;
    }
    return pair.rung;
  }

  /** When a pair was dialled last, but for bursts; long ago if none was. */
  public Instant latestDial() {
    return latestDial;
  }

  /** How many connects were started in all. */
  public int attempts() {
    return log.attempts();
  }

  /**
   * What each rung of the plan tried so far, in the plan's order.
   *
   * @param began when the call did: its times are since then
   */
  public List<RungReport> reports(Instant began) {
    return log.reports(began);
  }

  private void afterFailure(Pair pair, DialFailure failure, Instant now) {
    switch (failure) {
      case REFUSED, UNREACHABLE -> {
        pair.refusals++;
        int impatient = pair.mayInsist() ? 0 : Math.max(0, pair.refusals - policy.patience());
        waitUntil(pair, pair.lastDial.plus(grown(policy.redialFloor(), impatient)).plus(jitter()));
      }
      case TIMED_OUT -> waitUntil(pair, now);
      case TUPLE_IN_USE, NO_RESOURCES -> waitUntil(pair, now.plus(BUSY_PAUSE));
      case NO_ROUTE, ABORTED -> {
        pair.state = State.OVER;
        passOn(pair, now);
      }
    }
  }

  /** If nothing is left to try on a rung before its turn is over, the turn is the next one's. */
  private void passOn(Pair last, Instant now) {
    Instant end = last.end;
    if (end.equals(Instant.MAX)
        || !end.isAfter(now)
        || pairs.stream().anyMatch(p -> p.rung == last.rung && p.state != State.OVER)) {
      return;
    }
    pairs.stream()
        .filter(pair -> pair.state == State.WAITING && !pair.due.isBefore(end))
        .forEach(pair -> pair.hurry(Duration.between(now, end)));
  }

  /** The pause, doubled so many times, but no longer than the slow pace. */
  private Duration grown(Duration pause, int doublings) {
    Duration slow = pause.multipliedBy(1L << Math.min(doublings, 16));
    return doublings == 0 || slow.compareTo(policy.slowRedial()) < 0 ? slow : policy.slowRedial();
  }

  private Duration jitter() {
    long bound = policy.redialJitter().toNanos();
    return bound == 0 ? Duration.ZERO : Duration.ofNanos(random.nextLong(bound));
  }

  private void waitUntil(Pair pair, Instant due) {
    if (pair.state != State.OVER) {
      Instant floor = pair.lastDial.plus(policy.redialFloor());
      pair.state = State.WAITING;
      pair.due = due.isAfter(floor) ? due : floor;
    }
  }
}
