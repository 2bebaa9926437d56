package dev.sallyport.harness.linux;

import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** Counts for a {@link WireReport}. Safe for use by several threads. */
final class Tally {
  private final LongAdder carried = new LongAdder();
  private final LongAdder lost = new LongAdder();
  private final LongAdder overflowed = new LongAdder();
  private final LongAdder latenessNanos = new LongAdder();
  private final LongAccumulator maxLatenessNanos = new LongAccumulator(Math::max, 0);

  void carried(long nanosLate) {
    carried.increment();
    latenessNanos.add(nanosLate);
    maxLatenessNanos.accumulate(nanosLate);
  }

  void lost() {
    lost.increment();
  }

  void overflowed() {
    overflowed.increment();
  }

  WireReport report() {
    long count = carried.sum();
    return new WireReport(
        count,
        lost.sum(),
        overflowed.sum(),
        count == 0 ? 0 : latenessNanos.sum() / count / 1000,
        maxLatenessNanos.get() / 1000);
  }
}
