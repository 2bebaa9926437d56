package dev.sallyport.app.natreport;

import static dev.sallyport.app.natreport.NatType.FULL_CONE;
import static dev.sallyport.app.natreport.NatType.OPEN;
import static dev.sallyport.app.natreport.NatType.PORT_RESTRICTED;
import static dev.sallyport.app.natreport.NatType.PORT_RESTRICTED_REFUSING;
import static dev.sallyport.app.natreport.NatType.RESTRICTED_CONE;
import static dev.sallyport.app.natreport.NatType.SYMMETRIC_BLOCK;
import static dev.sallyport.app.natreport.NatType.SYMMETRIC_RANDOM;
import static dev.sallyport.app.natreport.NatType.SYMMETRIC_SEQUENTIAL;

import dev.sallyport.domain.ladder.StrategyRules;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatProfile;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What works with whom, in one sentence and as a table. */
final class Prospects {
  /** Names for types that are best told together, before those for less of them. */
  private static final List<Named> NAMES =
      List.of(
          new Named(EnumSet.of(OPEN), "no NAT"),
          new Named(EnumSet.range(FULL_CONE, PORT_RESTRICTED_REFUSING), "any cone NAT"),
          new Named(EnumSet.of(FULL_CONE), "a full cone"),
          new Named(EnumSet.of(RESTRICTED_CONE), "a restricted cone"),
          new Named(
              EnumSet.of(PORT_RESTRICTED, PORT_RESTRICTED_REFUSING), "a port restricted cone"),
          new Named(EnumSet.of(PORT_RESTRICTED), "a silent port restricted cone"),
          new Named(
              EnumSet.of(PORT_RESTRICTED_REFUSING),
              "a port restricted cone that refuses strangers"),
          new Named(EnumSet.range(SYMMETRIC_SEQUENTIAL, SYMMETRIC_RANDOM), "a symmetric NAT"),
          new Named(EnumSet.of(SYMMETRIC_SEQUENTIAL), "a symmetric NAT with predictable ports"),
          new Named(EnumSet.of(SYMMETRIC_BLOCK), "a symmetric NAT with a block of ports"),
          new Named(EnumSet.of(SYMMETRIC_RANDOM), "a symmetric NAT with random ports"));

  /** One is enough for both: who lets anybody in needs no NAT's help. */
  private static final Set<NatType> ANYBODY_GETS_IN = EnumSet.of(OPEN, FULL_CONE);

  private static final int NAME_WIDTH = 29;
  private static final String HEAD = pad("peer's NAT") + "you call  they call  how";

  private final NatProfile profile;
  private final Set<NatType> own;
  private final Rates rates;

  private record Named(Set<NatType> types, String name) {}

  /**
   * @param profile what is known of us
   * @param own what we may be behind
   */
  Prospects(NatProfile profile, Set<NatType> own, Rates rates) {
    this.profile = profile;
    this.own = own;
    this.rates = rates;
  }

  Outlook with(Set<NatType> peer) {
    return Outlook.of(own, peer, rates);
  }

  /** Whether there is a type of peer that we do not always get through to. */
  boolean leavesSomebodyOut() {
    return !types(Outlook::works).containsAll(EnumSet.allOf(NatType.class));
  }

  /** In one sentence, without a full stop. */
  String sentence() {
    Set<NatType> works = types(Outlook::works);
    Set<NatType> fails = types(Outlook::fails);
    Set<NatType> rest = EnumSet.allOf(NatType.class);
    rest.removeAll(works);
    rest.removeAll(fails);
    if (rest.isEmpty() && fails.isEmpty()) {
      return "Sallyport gets you through to everybody, whoever calls";
    }
    List<String> parts = new ArrayList<>();
    if (!works.isEmpty()) {
      parts.add("Sallyport gets you through to peers with " + names(works));
    }
    if (!fails.isEmpty()) {
      parts.add(
          (works.isEmpty() ? "Sallyport gets you not through" : "not")
              + " to peers with "
              + names(fails));
    }
    if (!rest.isEmpty()) {
      parts.add("with " + names(rest) + " it depends, see below");
    }
    return String.join("; ", parts);
  }

  private Set<NatType> types(Predicate<Outlook> which) {
    Set<NatType> types = EnumSet.noneOf(NatType.class);
    Outlook.all(own, rates).stream().filter(which).forEach(o -> types.addAll(o.peer()));
    return types;
  }

  private static String names(Set<NatType> types) {
    Set<NatType> left = EnumSet.copyOf(types);
    List<String> names = new ArrayList<>();
    for (Named named : NAMES) {
      if (left.containsAll(named.types)) {
        left.removeAll(named.types);
        names.add(named.name);
      }
    }
    return names.size() < 2
        ? String.join("", names)
        : String.join(", ", names.subList(0, names.size() - 1)) + " or " + names.getLast();
  }

  /** A row for each type of peer, and what it says. */
  List<Line> table() {
    List<Line> lines = new ArrayList<>();
    lines.add(Line.row("works with", HEAD));
    lines.add(row("open, or full cone", ANYBODY_GETS_IN));
    for (NatType type : EnumSet.range(RESTRICTED_CONE, SYMMETRIC_RANDOM)) {
      lines.add(row(type.words(), EnumSet.of(type)));
    }
    lines.add(Line.more(note()));
    return lines;
  }

  /** The same for the types that one peer may be. */
  List<Line> table(Set<NatType> peer) {
    List<Line> lines = new ArrayList<>();
    lines.add(Line.row("", HEAD));
    for (NatType type : peer) {
      String name =
          type == PORT_RESTRICTED_REFUSING && !peer.contains(PORT_RESTRICTED)
              ? "port restricted, refusing"
              : type.words();
      lines.add(row(name, EnumSet.of(type)));
    }
    return lines;
  }

  private Line row(String name, Set<NatType> types) {
    Outlook outlook = with(types);
    NatType one = types.iterator().next();
    return Line.row(
        "",
        pad(name)
            + "%8s  %9s  ".formatted(outlook.youCall().words(), outlook.theyCall().words())
            + how(StrategyRules.choose(profile, one.profile()).kind()));
  }

  /** What is tried, in a word or two. */
  static String how(Tactic.Kind kind) {
    return switch (kind) {
      case OPEN -> "dial each other";
      case PREDICTED -> "foretell the port";
      case BIRTHDAY -> "many ports at once";
      case IMPOSSIBLE -> "nothing to try";
    };
  }

  /** What the numbers are, and where a range comes from. */
  private String note() {
    boolean isRange =
        Outlook.all(own, rates).stream()
            .anyMatch(o -> o.youCall().isWide() || o.theyCall().isWide());
    return "simulated: "
        + rates.calls()
        + " calls each, "
        + rates.path()
        + (isRange ? "; a range, as your own type is not known exactly" : "");
  }

  private static String pad(String name) {
    return name + " ".repeat(Math.max(1, NAME_WIDTH - name.length()));
  }
}
