package dev.sallyport.app.cli;

import dev.sallyport.domain.session.Failure;
import java.util.Arrays;

/** How a command ended, for whoever started it. */
enum ExitCode {
  OK(0, "it worked"),
  BUG(1, "a fault of Sallyport itself"),
  USAGE(2, "the command line makes no sense"),
  RENDEZVOUS_UNREACHABLE(3, "nobody at the rendezvous (the DHT) answers"),
  NOT_FOUND(4, "no service has registered this id"),
  NO_RUNG(5, "the service was found, but could not be reached"),
  WRONG_PEER(6, "the peer is not who it should be, or refused"),
  LOCAL_PROBLEM(7, "this computer: no network, port taken, identity not usable, already running"),
  INTERRUPTED(130, "ended by Ctrl+C before it was done");

  private final int code;
  private final String words;

  ExitCode(int code, String words) {
    this.code = code;
    this.words = words;
  }

  static ExitCode of(Failure.Kind kind) {
    return switch (kind) {
      case RENDEZVOUS_UNREACHABLE -> RENDEZVOUS_UNREACHABLE;
      case NOT_FOUND -> NOT_FOUND;
      case NO_RUNG -> NO_RUNG;
      case REFUSED, WRONG_PEER -> WRONG_PEER;
      case LOCAL_PROBLEM -> LOCAL_PROBLEM;
    };
  }

  /** The one with this number, as another process ended with it; a bug if there is none. */
  static ExitCode of(int code) {
    return Arrays.stream(values()).filter(exit -> exit.code == code).findFirst().orElse(BUG);
  }

  int code() {
    return code;
  }

  /** What it means, for the help. */
  String words() {
    return words;
  }
}
