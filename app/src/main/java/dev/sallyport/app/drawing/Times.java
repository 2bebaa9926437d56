package dev.sallyport.app.drawing;

import java.time.Duration;
import java.util.Locale;

/** Lengths of time in few letters. */
final class Times {
  private static final double NANOS_A_MILLI = 1e6;

  private Times() {}

  /** A number of milliseconds; in a short ladder with one decimal, unless that is 0. */
  static String millis(long nanos, boolean isShort) {
    String exact = String.format(Locale.ROOT, isShort ? "%.1f" : "%.0f", nanos / NANOS_A_MILLI);
    return exact.endsWith(".0") ? exact.substring(0, exact.length() - 2) : exact;
  }

  /** For example {@code "950 ms"}, {@code "2.4 s"}. */
  static String words(Duration time) {
    return time.compareTo(Duration.ofSeconds(1)) < 0
        ? millis(time.toNanos(), time.toMillis() < 10) + " ms"
        : String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
  }
}
