package dev.sallyport.app.cli;

import dev.sallyport.domain.ladder.Role;
import dev.sallyport.domain.ladder.Tactic;

/** What is tried where ports have to be guessed, without the words of the RFCs. */
final class TacticWords {
  private TacticWords() {}

  /** One word for programs. */
  static String word(Tactic tactic) {
    return switch (tactic.kind()) {
      case OPEN -> "open";
      case PREDICTED -> "predicted";
      case BIRTHDAY -> "birthday";
      case IMPOSSIBLE -> "impossible";
    };
  }

  /** What begins now, as the side in this role sees it. */
  static String begins(Tactic tactic, Role self) {
    return switch (tactic.kind()) {
      case OPEN -> "no port has to be guessed after all: both sides dial where the other one is";
      case PREDICTED ->
          hard(tactic, self) + ", in steps: the next ones are dialled" + guess(tactic);
      case BIRTHDAY ->
          hard(tactic, self)
              + ", at random: both sides dial many ports until two meet, which takes some seconds"
              + guess(tactic);
      case IMPOSSIBLE ->
          hard(tactic, self)
              + ", at random: neither side can know where to dial; what needs no luck is tried for"
              + " a few seconds";
    };
  }

  /** What was in the way and what was tried, after a call that failed. */
  static String failed(Tactic tactic) {
    return switch (tactic.kind()) {
      case OPEN -> "";
      case PREDICTED ->
          hard(tactic, Role.CALLER) + ", in steps; the next ones were dialled, and none was right";
      case BIRTHDAY ->
          hard(tactic, Role.CALLER)
              + ", at random; both sides dialled many ports, and no two of them met";
      case IMPOSSIBLE ->
          hard(tactic, Role.CALLER)
              + ", at random (symmetric NATs): neither side can know where to dial";
    };
  }

  private static String hard(Tactic tactic, Role self) {
    if (tactic.callerIsHard() && tactic.serviceIsHard()) {
      return "both routers take a new port for each connection";
    }
    Role hard = tactic.callerIsHard() ? Role.CALLER : Role.SERVICE;
    String whose =
        hard == self ? "this side's" : hard == Role.CALLER ? "the caller's" : "the service's";
    return whose + " router takes a new port for each connection";
  }

  private static String guess(Tactic tactic) {
    return tactic.sure() ? "" : "; that it does is a guess, so the known ports come first";
  }
}
