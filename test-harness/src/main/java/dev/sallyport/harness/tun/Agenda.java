package dev.sallyport.harness.tun;

import dev.sallyport.harness.model.Scheduler;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;

/**
 * Real time for a model. The clock it shows stands still while something is done: at the time it
 * was to be done, so that what comes late does not make what follows from it later still. In
 * between it is set to the real time; it starts at 0. For one thread.
 */
final class Agenda implements Scheduler {
  private record Entry(long due, long number, Runnable action) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparingLong(Entry::due).thenComparingLong(Entry::number));
  private final LongSupplier ticker;
  private final long start;
  private long clock;
  private long added;

  /**
   * @param ticker as {@link System#nanoTime}
   */
  Agenda(LongSupplier ticker) {
    this.ticker = ticker;
    this.start = ticker.getAsLong();
  }

  @Override
  public long now() {
    return clock;
  }

  @Override
  public void at(long nanos, Runnable action) {
    entries.add(new Entry(Math.max(nanos, clock), added++, action));
  }

  /**
   * Does what is due by now, in order, and sets the clock to the real time.
   *
   * @return for how many nanoseconds nothing else is due
   */
  long catchUp() {
    long real = ticker.getAsLong() - start;
    Entry head = entries.peek();
    while (head != null && head.due <= real) {
      entries.remove();
      clock = head.due;
      head.action.run();
      head = entries.peek();
    }
    clock = Math.max(clock, real);
    return head == null ? Long.MAX_VALUE : head.due - clock;
  }

  /** How long ago the time was that the clock shows. */
  long lateness() {
    return ticker.getAsLong() - start - clock;
  }

  /** How much is still to be done. */
  int size() {
    return entries.size();
  }
}
