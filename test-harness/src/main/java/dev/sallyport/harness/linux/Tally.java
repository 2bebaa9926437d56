package dev.sallyport.harness.linux;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts for a {@link WireReport}. Safe for use by several threads. */
public final class Tally {
  private final LongAdder carried = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder overflowed = new LongAdder();
  private final LongAdder latenessNanos = new LongAdder();
  private final LongAccumulator maxLatenessNanos = new LongAccumulator(Math::max, 0);

  /** A packet is written back, so long after its time. */
  public void carried(long nanosLate) {
    carried.increment();
    latenessNanos.add(nanosLate);
    maxLatenessNanos.accumulate(nanosLate);
  }

  /** A packet is lost because loss was asked for. */
  public void lost() {
    lost.increment();
  }

  /** A packet is lost because too many are under way. */
  public void overflowed() {
    overflowed.increment();
  }

  /** All that was counted so far. */
  public WireReport report() {
    long count = carried.sum();
    return new WireReport(
        count,
        lost.sum(),
        overflowed.sum(),
        count == 0 ? 0 : latenessNanos.sum() / count / 1000,
        maxLatenessNanos.get() / 1000);
  }
}
