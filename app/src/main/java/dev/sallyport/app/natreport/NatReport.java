package dev.sallyport.app.natreport;

import dev.sallyport.app.runner.NatRunner;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatName;
import dev.sallyport.domain.nat.NatNames;
import dev.sallyport.domain.nat.Transport;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was found out about our NATs, for a person: the verdict first, then each finding and what it
 * means, how it was found, what works with whom, and what to do. Immutable; pure.
 */
public final class NatReport {
  private final Situation now;
  private final Prospects prospects;

  public NatReport(NatRunner.Result result, Rates rates) {
    this.now = new Situation(result);
    this.prospects = new Prospects(now.profile(), now.types(), rates);
  }

  /** All but what concerns a certain peer. */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>(new Verdict(now, prospects).lines());
    lines.add(Line.more(""));
    lines.addAll(new Details(now).lines());
    lines.addAll(new Sources(now.result().sources()).lines());
    lines.add(Line.more(""));
    if (now.isUnknown()) {
      if (!now.result().isUnanswered()) {
        lines.add(
            new Line(
                "works with",
                now.tcpSilent()
                    ? "cannot be said as long as it is not known whether TCP gets out"
                    : "cannot be said as long as the NAT's type is not known: for a cone almost"
                        + " everything works, for a symmetric one less"));
        lines.add(Line.more(""));
      }
    } else {
      lines.addAll(prospects.table());
      lines.add(Line.more(""));
    }
    String label = "what to do";
    for (String sentence : new Advice(now, prospects).sentences()) {
      lines.add(new Line(label, "- " + sentence));
      label = "";
    }
    return lines;
  }

  /** What we may be behind; all of them if nothing is known. */
  public Set<NatType> types() {
    return EnumSet.copyOf(now.types());
  }

  /** Whether {@link #types} rests on a guess. */
  public boolean isGuess() {
    return now.isGuess();
  }

  /** What RFC 3489 calls it over one transport; null if it cannot be told. */
  public @Nullable NatName name(Transport transport) {
    return now.name(transport);
  }

  /** What is missing for a name; empty if there is one. */
  public List<NatNames.Missing> missing(Transport transport) {
    return NatNames.of(now.diagnosis(), transport, now.asked(transport)).missing();
  }

  /** What to expect of each type of peer, the easiest first. */
  public List<Outlook> outlooks() {
    List<Outlook> all = new ArrayList<>();
    for (NatType type : NatType.values()) {
      all.add(prospects.with(EnumSet.of(type)));
    }
    return all;
  }

  /** What to expect of a certain peer. */
  public Outlook outlook(PeerNat peer) {
    return prospects.with(peer.types());
  }

  /** The same for a person, with what will be tried, and why. */
  public List<Line> lines(PeerNat peer) {
    return new Meeting(now, prospects, peer).lines();
  }

  /** What will be tried with a certain peer if we call. */
  public Tactic tactic(PeerNat peer) {
    return new Meeting(now, prospects, peer).tactic();
  }

  /** What the user could do, the most useful first. */
  public List<String> advice() {
    return new Advice(now, prospects).sentences();
  }
}
