package dev.sallyport.app.cli;

import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.RungReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What one rung tried, in a line. */
final class RungWords {
  private RungWords() {}

  /** Where to, how often, when, and how it ended. */
  static String of(RungReport report) {
    return where(report)
        + ": "
        + Words.count(report.attempts(), "attempt")
        + (report.attempts() == 0 ? "" : when(report))
        + (report.failures().isEmpty() ? "" : " (" + endings(report) + ")");
  }

  static String where(RungReport report) {
    if (!report.remotes().isEmpty()) {
      return Words.endpoints(report.remotes());
    }
    return report.attempts() == 0 ? "nothing to try" : "guessed ports";
  }

  /** How many ended how; nothing if none has ended. */
  static String endings(RungReport report) {
    List<String> parts = new ArrayList<>();
    // In the order of the enum: that of a map is not the same in every run.
    for (DialFailure failure : DialFailure.values()) {
      int count = report.failures().getOrDefault(failure, 0);
      if (count > 0) {
        parts.add(count + " " + words(failure));
      }
    }
    return Words.join(parts);
  }

  /** One moment after the start of the call, or from one to another. */
  private static String when(RungReport report) {
    Duration took = report.last().minus(report.first());
    return took.toMillis() < 10
        ? " at " + Words.seconds(report.first())
        : " from " + Words.seconds(report.first()) + " to " + Words.seconds(report.last());
  }

  private static String words(DialFailure failure) {
    return switch (failure) {
      case REFUSED -> "refused";
      case UNREACHABLE -> "unreachable";
      case TIMED_OUT -> "unanswered";
      case TUPLE_IN_USE -> "port pair in use";
      case NO_ROUTE -> "no route from here";
      case NO_RESOURCES -> "out of sockets";
      case ABORTED -> "cut short";
    };
  }
}
