package dev.sallyport.app.cli;

import dev.sallyport.domain.ladder.Tactic;
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

  private static final String FORWARD =
      "what helps: forward a port on one side's router, and there"
          + " `sallyport serve --port N --advertise PUBLIC_ADDRESS:N`";

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
          "the service was found, but no way to it opened"
              + why(failure)
              + "; it was last seen "
              + lastSeen(failure, now)
              + (failure.answered() ? " and answered our knock" : " and did not answer our knock");
      case REFUSED -> "the service said no" + detail(failure);
      case WRONG_PEER ->
          "what answers at the service's address is not the service" + detail(failure);
      case LOCAL_PROBLEM ->
          failure.detail().isEmpty() ? "this computer cannot do it" : failure.detail();
    };
  }

  private static String why(Failure failure) {
    if (failure.answered() && failure.sameNetwork()) {
      return ", though you both come from the same public address";
    }
    return isOpen(failure) ? "" : ": " + TacticWords.failed(failure.tactic());
  }

  private static List<String> advice(Failure failure, Instant now) {
    return switch (failure.kind()) {
      case RENDEZVOUS_UNREACHABLE ->
          List.of(
              "is this computer online, and may it send UDP? the DHT needs it; `sallyport nat` tells",
              "with --bootstrap: does a DHT node run at that address?",
              "with --rendezvous: is that place there, and do both sides name the same?");
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
    if (failure.answered() && failure.sameNetwork()) {
      return behindOneAddress();
    }
    if (failure.tactic().kind() == Tactic.Kind.IMPOSSIBLE) {
      return againstChance();
    }
    if (failure.answered() && !isOpen(failure)) {
      return guessAgain(failure.tactic());
    }
    if (failure.answered()) {
      return List.of(
          "both sides are up; a NAT or firewall between them lets nothing through:"
              + " `sallyport nat --with ID` tells which",
          FORWARD);
    }
    if (seen != null && Duration.between(seen, now).compareTo(RENEWED_BY) > 0) {
      return List.of("a living service renews its record every 15 min: it has probably ended");
    }
    return List.of(
        "it has probably ended, or lost its network: look there, and start it again",
        "if it runs: does it report our knock?");
  }

  private static List<String> guessAgain(Tactic tactic) {
    List<String> advice = new ArrayList<>();
    advice.add("call again: the next try guesses anew, and may meet");
    if (tactic.kind() == Tactic.Kind.BIRTHDAY) {
      advice.add(
          "if that fails, too, wait two minutes: such calls fill a router with half-open"
              + " connections, and a small one has no room until it forgets them");
    }
    advice.add(FORWARD);
    return advice;
  }

  /** Whatever makes one of the two sides findable; one is enough. */
  private static List<String> againstChance() {
    return List.of(
        "calling again does not help; one of these does, and on one side is enough:",
        "forward TCP port 8765 on a router to its computer, and serve there: `sallyport serve"
            + " --port 8765 --advertise PUBLIC_ADDRESS:8765`",
        "let a router's NAT be \"full cone\", \"endpoint-independent\" or \"static port\", as"
            + " some call it",
        "move one side to another network, such as a phone's hotspot; `sallyport nat` tells how"
            + " hard it is",
        "or use IPv6, if both sides can have it: there is no port to guess");
  }

  /** One house with something between its computers, or two houses below one carrier's NAT. */
  private static List<String> behindOneAddress() {
    return List.of(
        "in one house: guest Wi-Fi and host firewalls keep computers apart; try another Wi-Fi or a"
            + " cable, and let TCP in to the port that `serve` names",
        "in two houses: your provider puts both behind one NAT of its own, which does not turn"
            + " packets back (no hairpinning); nothing that either of you sends can get through",
        "then use IPv6, if both sides can have it; or ask the provider for a public IPv4 address"
            + " for one side",
        "or move one side to another network, such as a phone's hotspot of another provider");
  }

  private static boolean isOpen(Failure failure) {
    return failure.tactic().kind() == Tactic.Kind.OPEN;
  }

  private static String lastSeen(Failure failure, Instant now) {
    @Nullable Instant seen = failure.lastSeen();
    return seen == null ? "at an unknown time" : Words.ago(seen, now);
  }

  private static String detail(Failure failure) {
    return failure.detail().isEmpty() ? "" : ": " + failure.detail();
  }
}
