package dev.sallyport.harness.sim;

import dev.sallyport.domain.session.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Runs one machine to the letter of the runner's contract: one event at a time, in the order they
 * came, each a moment after it happened, and ticks when they are due.
 */
abstract class Actor<E, F> {
  /** What a real process takes at most to wake up for an event. */
  static final Duration USUAL_LATENCY = Duration.ofNanos(300_000);

  final World world;
  private final RandomGenerator latency;
  private long mostLatency = USUAL_LATENCY.toNanos();
  private @Nullable Machine<E, F> machine;
  private Consumer<Object> onlooker = what -> {};
  private long latestDelivery;
  private long tickAt = Long.MAX_VALUE;

  Actor(World world) {
    this.world = world;
    this.latency = world.part();
  }

  abstract void execute(F effect);

  /** Takes so long at most from now on, as on a computer that is busy. */
  void slowDown(Duration most) {
    mostLatency = most.toNanos();
  }

  /** Shows each event before the machine takes it, and each effect before it is executed. */
  void watch(Consumer<Object> by) {
    onlooker = by;
  }

  /**
   * The process is gone, in the middle of whatever it was doing; what becomes of its connections is
   * its host's business.
   */
  void die() {
    machine = null;
  }

  void start(Machine<E, F> started) {
    machine = started;
    take(started.start(world.now()));
  }

  void post(E event) {
    long soon = world.time.now() + latency.nextLong(mostLatency);
    latestDelivery = Math.max(latestDelivery, soon);
    world.time.at(latestDelivery, () -> deliver(event));
  }

  void after(Duration delay, E event) {
    world.after(delay, () -> post(event));
  }

  private void deliver(E event) {
    Machine<E, F> to = machine;
    if (to != null) {
      tickIfDue(to);
      onlooker.accept(event);
      take(to.on(event, world.now()));
    }
  }

  private void take(List<F> effects) {
    for (F effect : effects) {
      onlooker.accept(effect);
      execute(effect);
    }
    wakeInTime();
  }

  private void wakeInTime() {
    Machine<E, F> of = machine;
    Instant due = of == null ? null : of.deadline();
    if (due == null) {
      return;
    }
    long at = World.nanos(due);
    if (at <= world.time.now()) {
      throw new IllegalStateException("a deadline that is due already: a busy loop");
    }
    if (at < tickAt) {
      tickAt = at;
      world.time.at(at, this::tick);
    }
  }

  /** Comes too early if the deadline has moved, and then does nothing. */
  private void tick() {
    if (world.time.now() < tickAt) {
      return; // an earlier deadline has been kept since, and another tick is on its way
    }
    tickAt = Long.MAX_VALUE;
    Machine<E, F> of = machine;
    if (of != null) {
      tickIfDue(of);
      wakeInTime();
    }
  }

  private void tickIfDue(Machine<E, F> of) {
    Instant due = of.deadline();
    Instant now = world.now();
    if (due != null && !due.isAfter(now)) {
      take(of.tick(now));
    }
  }
}
