package dev.sallyport.domain.wire;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A time as the formats carry it: whole milliseconds since the epoch in 48 bits, so from 1970 to
 * the year 10889.
 */
public final class WireTime {
  private static final long MAX_MILLIS = (1L << 48) - 1;

  private WireTime() {}

  /**
   * The time as it will be read back: without what is finer than a millisecond.
   *
   * @throws IllegalArgumentException if it lies before 1970 or does not fit in 48 bits
   */
  public static Instant of(Instant time) {
    if (time.isBefore(Instant.EPOCH) || time.isAfter(Instant.ofEpochMilli(MAX_MILLIS))) {
      throw new IllegalArgumentException("a time from 1970 to 10889 is needed, not " + time);
    }
    return time.truncatedTo(ChronoUnit.MILLIS);
  }
}
