package dev.sallyport.harness.sim;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Virtual time as the machines know it, and where all chance of one trial comes from. */
final class World {
  /** Noon, so that no day changes within a trial, unless its service waits for half a day. */
  private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

  final VirtualTime time = new VirtualTime();
  private final SplittableRandom dice;

  World(long seed) {
    this.dice = new SplittableRandom(seed);
  }

  Instant now() {
    return START.plusNanos(time.now());
  }

  /** On the scheduler's clock. */
  static long nanos(Instant when) {
    Duration since = Duration.between(START, when);
    return since.getSeconds() * 1_000_000_000L + since.getNano();
  }

  void after(Duration delay, Runnable action) {
    time.at(time.now() + delay.toNanos(), action);
  }

  /**
   * A source of chance for one part of the trial; what one draws changes nothing for the others.
   */
  RandomGenerator part() {
    return dice.split();
  }
}
