package dev.sallyport.domain.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

/** Virtual time, one seeded source of chance, and what happened. */
final class SimWorld {
  private record Due(Instant when, long order, Runnable what) {}

  final Random random;
  private final List<String> trace = new ArrayList<>();
  private final PriorityQueue<Due> queue =
      new PriorityQueue<>(Comparator.comparing(Due::when).thenComparingLong(Due::order));
  private Instant now;
  private long order;

  SimWorld(long seed, Instant start) {
    this.random = new Random(seed);
    this.now = start;
  }

  Instant now() {
    return now;
  }

  void after(Duration delay, Runnable what) {
    at(now.plus(delay), what);
  }

  void at(Instant when, Runnable what) {
    queue.add(new Due(when.isAfter(now) ? when : now, order++, what));
  }

  /** Lets everything happen that is due until then. */
  void runUntil(Instant end) {
    while (!queue.isEmpty() && !queue.peek().when().isAfter(end)) {
      Due next = queue.remove();
      now = next.when();
      next.what().run();
    }
    now = end;
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  Duration between(long fromMicros, long toMicros) {
    return Duration.ofNanos(1000 * random.nextLong(fromMicros, toMicros + 1));
  }

  void tell(String who, Object what) {
    trace.add(now + " " + who + " " + what);
  }

  List<String> trace() {
    return trace;
  }
}
