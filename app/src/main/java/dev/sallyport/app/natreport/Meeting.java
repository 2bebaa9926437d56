package dev.sallyport.app.natreport;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.ladder.StrategyRules;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatProfile;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What becomes of us and a certain peer. */
final class Meeting {
  private final Situation now;
  private final Prospects prospects;
  private final PeerNat peer;

  Meeting(Situation now, Prospects prospects, PeerNat peer) {
    this.now = now;
    this.prospects = prospects;
    this.peer = peer;
  }

  /** What is tried if we call: of several types the hardest counts. */
  Tactic tactic() {
    NatProfile theirs = peer.profile();
    if (theirs != null) {
      return StrategyRules.choose(now.profile(), theirs);
    }
    Tactic hardest = null;
    for (NatType type : peer.types()) {
      Tactic one = StrategyRules.choose(now.profile(), type.profile());
      if (hardest == null || one.kind().compareTo(hardest.kind()) > 0) {
        hardest = one;
      }
    }
    if (hardest == null) {
      throw new IllegalStateException("a peer of no type");
    }
    return hardest;
  }

  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("with", peer.words()));
    if (isSameNetwork()) {
      lines.add(
          Line.more(
              "it is behind the same outer address as you: you meet inside, by your own addresses,"
                  + " and no NAT is in the way"));
    }
    shortcut(
        c -> c.kind() == CandidateKind.ADVERTISED,
        "its user has opened a door for it, ",
        ": whatever your NAT, just call",
        lines);
    if (now.profile().globalIpv6()) {
      shortcut(
          c -> c.kind() == CandidateKind.HOST && isGlobalIpv6(c),
          "both of you have IPv6 (",
          "): no NAT there, and firewalls are opened from both sides",
          lines);
    }
    if (now.isUnknown()) {
      lines.add(
          Line.more("what to expect cannot be said as long as your own NAT's type is not known"));
      return lines;
    }
    lines.addAll(prospects.table(peer.types()));
    lines.add(Line.more(why(tactic())));
    return lines;
  }

  private void shortcut(
      Predicate<Candidate> which, String before, String after, List<Line> lines) {
    peer.candidates().stream()
        .filter(which)
        .findFirst()
        .ifPresent(c -> lines.add(Line.more(before + c.endpoint() + after)));
  }

  private static boolean isGlobalIpv6(Candidate candidate) {
    return candidate.endpoint().family() == AddressFamily.IPV6
        && candidate.endpoint().scope().isGlobal();
  }

  private boolean isSameNetwork() {
    List<InetAddress> ours = Situation.sure(now.diagnosis().externalAddresses());
    return ours != null
        && !now.isUntranslated()
        && peer.candidates().stream()
            .anyMatch(
                c ->
                    c.kind() == CandidateKind.REFLEXIVE && ours.contains(c.endpoint().address()));
  }

  private static String why(Tactic tactic) {
    return switch (tactic.kind()) {
      case OPEN ->
          tactic.rule() == 2
              ? "one side lets anybody in, so the other one just dials"
              : "both dial the other's known port at the same moment, and so each opens its own NAT"
                  + " for the other";
      case PREDICTED ->
          whose(tactic)
              + " ports go up in steps: the next ones are foretold from a sample, and the other side"
              + " dials those";
      case BIRTHDAY ->
          whose(tactic)
              + " ports cannot be foretold: it opens many, the other side dials many, and two of"
              + " them meet by chance; that takes seconds";
      case IMPOSSIBLE ->
          "nothing can be tried: both NATs take ports that nobody can foretell, and both sides would"
              + " have to guess right at once; one of you has to forward a port, or use another"
              + " network";
    };
  }

  private static String whose(Tactic tactic) {
    return tactic.callerIsHard() && tactic.serviceIsHard()
        ? "both NATs'"
        : tactic.callerIsHard() ? "your NAT's" : "the peer's NAT's";
  }
}
