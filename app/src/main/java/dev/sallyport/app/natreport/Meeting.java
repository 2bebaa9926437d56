package dev.sallyport.app.natreport;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.ladder.StrategyRules;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatProfile;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
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
    return Collections.max(tactics(), Comparator.comparing(Tactic::kind));
  }

  /** One for each type, as in the table. */
  private List<Tactic> tactics() {
    return peer.types().stream()
        .map(type -> StrategyRules.choose(now.profile(), type.profile()))
        .toList();
  }

  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("with", peer.words()));
    if (isSameNetwork()) {
      lines.add(
          Line.more(
              "it is behind the same outer address as you: in the same network you meet by your own"
                  + " addresses, and no NAT is in the way"));
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
    if (Situation.isAnything(peer.types())) {
      if (lines.size() > 1) {
        return lines; // there is a way that needs no NAT's help
      }
      lines.add(
          Line.more(
              "its record does not say what NAT it is behind (it has just begun, or asks nobody); if"
                  + " a cone, as most, find it above"));
      return lines;
    }
    lines.addAll(prospects.table(peer.types()));
    // The rows differ in what is tried: each way is told once.
    Set<Tactic.Kind> told = EnumSet.noneOf(Tactic.Kind.class);
    for (Tactic tactic : tactics()) {
      if (told.add(tactic.kind())) {
        lines.add(Line.more(Prospects.how(tactic.kind()) + ": " + why(tactic)));
      }
    }
    return lines;
  }

  private void shortcut(Predicate<Candidate> which, String before, String after, List<Line> lines) {
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
                c -> c.kind() == CandidateKind.REFLEXIVE && ours.contains(c.endpoint().address()));
  }

  private static String why(Tactic tactic) {
    return switch (tactic.kind()) {
      case OPEN ->
          tactic.rule() == 2
              ? "one side lets anybody in, so the other one's ports do not matter"
              : "both dial the other's known port at the same moment, and so each opens its own NAT"
                  + " for the other";
      case PREDICTED ->
          whose(tactic)
              + " ports come in steps, so a sample foretells the next ones, and the other side dials"
              + " those";
      case BIRTHDAY ->
          whose(tactic)
              + " ports cannot be foretold, so many are opened and many are dialled until two meet by"
              + " chance; that takes seconds";
      case IMPOSSIBLE ->
          "both NATs take ports that nobody can foretell, and both sides would have to guess right"
              + " at once; one of you has to forward a port, or use another network";
    };
  }

  private static String whose(Tactic tactic) {
    return tactic.callerIsHard() && tactic.serviceIsHard()
        ? "the"
        : tactic.callerIsHard() ? "your NAT's" : "the peer's NAT's";
  }
}
