package dev.sallyport.domain.session;

import dev.sallyport.domain.ladder.Burst;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchEffect;
import dev.sallyport.domain.punch.PunchEvent;
import dev.sallyport.domain.punch.PunchMachine;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.punch.RungReport;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.punch.TokenBucket;
import dev.sallyport.domain.rendezvous.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One call's way up the ladder, for both roles: the plan, the punch machine that carries it out,
 * and what it wants as socket effects. It can be begun anew; what was tried before still counts.
 */
final class Climb {

  /**
   * What all climbs of one machine share.
   *
   * @param dials how many they may make together, but for bursts
   * @param guard what they may dial in bursts
   */
  record Gear(
      PunchPolicy pace,
      RandomGenerator random,
      Supplier<SocketId> ids,
      TokenBucket dials,
      BurstGuard guard,
      Consumer<SocketEffect> sockets,
      Consumer<Progress> progress) {}

  /** Two of them cover what a mailbox takes to be looked at. */
  private static final Duration LANES_APART = Duration.ofMillis(80);

  private final Gear gear;
  private final Instant began;
  private Plan plan = Plan.EMPTY;
  private PunchMachine punch;
  private int earlierAttempts;
  private Instant free = Instant.MIN;

  /** At the foot of the ladder, with nothing planned. */
  Climb(Gear gear, Instant now) {
    this.gear = gear;
    this.began = now;
    this.punch = machine(Plan.EMPTY, now);
  }

  /**
   * Begins at the foot of this plan, whatever was under way before; but what was dialled just now
   * is not dialled again sooner than any pair may be.
   */
  void begin(Plan newPlan, Instant now) {
    stop();
    earlierAttempts += punch.attempts();
    Instant pause = punch.latestDial().plus(gear.pace.redialFloor());
    free = pause.isAfter(free) ? pause : free;
    plan = newPlan;
    punch = machine(newPlan, free.isAfter(now) ? free : now);
  }

  /** Dials what the plan has besides, its delays counted from now. */
  void add(Plan more, Instant now) {
    punch.add(more, now);
    plan = plan.and(more);
  }

  /** Dials these besides. */
  void dial(List<Burst> bursts, Instant now) {
    add(Plan.EMPTY.with(bursts), now);
  }

  /**
   * The peer is about to dial: lanes that wait for theirs start, so that its SYNs meet fresh ones.
   * If dials are refused, one of them waits until the peer {@linkplain #dialledByPeer dials}.
   */
  void hasten(Instant now) {
    punch.hasten(Rung.EXTERNAL, LANES_APART, 1, now);
  }

  /** The peer dials by now: the lanes that still wait start. */
  void dialledByPeer(Instant now) {
    punch.hasten(Rung.EXTERNAL, LANES_APART, 0, now);
  }

  /** Starts the dials that are due. */
  void poll(Instant now) {
    punch.poll(now).forEach(this::emit);
  }

  /** When to poll next, or null. */
  @Nullable Instant deadline() {
    return punch.deadline();
  }

  /** Ends all dials; sockets that are up stay. */
  void stop() {
    punch.stop().forEach(this::emit);
  }

  void connected(SocketId id, Instant now) {
    punch.on(new PunchEvent.Connected(id), now);
  }

  void failed(SocketId id, DialFailure failure, Instant now) {
    punch.on(new PunchEvent.Failed(id, failure), now);
  }

  /** The socket was up and leads nowhere. */
  void useless(SocketId id, Instant now) {
    punch.on(new PunchEvent.Useless(id), now);
  }

  Plan plan() {
    return plan;
  }

  /** The rung that a dialled socket belongs to; null if it was not dialled here, or is gone. */
  @Nullable Rung rungOf(SocketId id) {
    return punch.rungOf(id);
  }

  /** How many connects were started in all. */
  int attempts() {
    return earlierAttempts + punch.attempts();
  }

  /** What each rung has tried since the last beginning. */
  List<RungReport> reports() {
    return punch.reports(began);
  }

  private PunchMachine machine(Plan toClimb, Instant now) {
    return new PunchMachine(toClimb, gear.pace, gear.random, gear.ids, gear.dials, gear.guard, now);
  }

  private void emit(PunchEffect effect) {
    switch (effect) {
      case PunchEffect.Dial(var id, var rung, int localPort, var remote, var timeout) ->
          gear.sockets.accept(new SocketEffect.Dial(id, localPort, remote, timeout));
      case PunchEffect.Abort(SocketId id) -> gear.sockets.accept(new SocketEffect.Abort(id));
      case PunchEffect.Limited limited ->
          gear.progress.accept(
              new Progress.Trouble(
                  "the limit of "
                      + Strategy.MAX_SYNS
                      + " SYNs in "
                      + BurstGuard.SPACING.toSeconds()
                      + " s towards one address is reached; no more ports are tried for now"));
      case PunchEffect.RungStarted(Rung rung) ->
          gear.progress.accept(new Progress.RungStarted(rung, plan.remotes(rung)));
    }
  }
}
