package dev.sallyport.app.cli;

import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.RungReport;
import dev.sallyport.domain.session.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a call or a service ended, and what the user can do about it. */
final class FailureWords {
  /** A living service renews its record every 15 minutes. */
  private static final Duration RENEWED_BY = Duration.ofMinutes(20);

  private FailureWords() {}

  static Problem problem(Failure failure, Instant now) {
    return new Problem(
        ExitCode.of(failure.kind()),
        failure.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
        sentence(failure, now),
        advice(failure, now),
        failure);
  }

  private static String sentence(Failure failure, Instant now) {
    return switch (failure.kind()) {
      case RENDEZVOUS_UNREACHABLE ->
          failure.detail().isEmpty() ? "nobody at the rendezvous answers" : failure.detail();
      case NOT_FOUND -> "the rendezvous answers, but no service has registered this id";
      case NO_RUNG ->
          "the service was found, but no way to it opened; it was last seen "
              + lastSeen(failure, now)
              + (failure.answered() ? " and answered our knock" : " and did not answer our knock");
      case REFUSED -> "the service said no" + detail(failure);
      case WRONG_PEER ->
          "what answers at the service's address is not the service" + detail(failure);
      case LOCAL_PROBLEM ->
          failure.detail().isEmpty() ? "this computer cannot do it" : failure.detail();
    };
  }

  private static List<String> advice(Failure failure, Instant now) {
    return switch (failure.kind()) {
      case RENDEZVOUS_UNREACHABLE ->
          List.of(
              "is this computer online, and may it send UDP? the DHT needs it; `sallyport nat` tells",
              "with --bootstrap: does a DHT node run at that address?");
      case NOT_FOUND ->
          List.of(
              "is `sallyport serve` running there, and has it said \"registered\"?",
              "is the id complete, and were both sides given the same --bootstrap?");
      case NO_RUNG -> noRungAdvice(failure, now);
      case REFUSED ->
          List.of(
              "ask whoever runs the service; with `serve --allow` it lets in callers whose public"
                  + " key is on its list: yours is what `sallyport id` shows");
      case WRONG_PEER ->
          List.of(
              "the service may just have been started anew: try again in a few seconds",
              "if it stays, somebody else answers at its address");
      case LOCAL_PROBLEM -> List.of();
    };
  }

  private static List<String> noRungAdvice(Failure failure, Instant now) {
    Instant seen = failure.lastSeen();
    if (failure.answered()) {
      return List.of(
          "both sides are up; a NAT or firewall between them lets nothing through:"
              + " `sallyport nat --with ID` tells which",
          "what helps: forward a port on one side's router, and there"
              + " `sallyport serve --port N --advertise PUBLIC_ADDRESS:N`");
    }
    if (seen != null && Duration.between(seen, now).compareTo(RENEWED_BY) > 0) {
      return List.of("a living service renews its record every 15 min: it has probably ended");
    }
    return List.of(
        "it has probably ended, or lost its network: look there, and start it again",
        "if it runs: does it report our knock?");
  }

  /** What each rung tried: its name, and the rest of the line. */
  static List<Line> rungs(Failure failure) {
    List<Line> lines = new ArrayList<>();
    for (RungReport report : failure.rungs()) {
      String to = report.remotes().isEmpty() ? "nothing to try" : Words.endpoints(report.remotes());
      lines.add(
          new Line(
              report.rung().word(),
              to + ": " + Words.count(report.attempts(), "attempt") + endings(report)));
    }
    return lines;
  }

  /** A labelled line. */
  record Line(String label, String text) {}

  private static String endings(RungReport report) {
    List<String> parts = new ArrayList<>();
    // In the order of the enum: that of a map is not the same in every run.
    for (DialFailure failure : DialFailure.values()) {
      int count = report.failures().getOrDefault(failure, 0);
      if (count > 0) {
        parts.add(count + " " + words(failure));
      }
    }
    return parts.isEmpty() ? "" : " (" + Words.join(parts) + ")";
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

  private static String lastSeen(Failure failure, Instant now) {
    @Nullable Instant seen = failure.lastSeen();
    return seen == null ? "at an unknown time" : Words.ago(seen, now);
  }

  private static String detail(Failure failure) {
    return failure.detail().isEmpty() ? "" : ": " + failure.detail();
  }
}
