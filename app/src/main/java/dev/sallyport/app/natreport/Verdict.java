package dev.sallyport.app.natreport;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatName;
import dev.sallyport.domain.nat.Transport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first lines: what it is, in words that people know, and what it means. */
final class Verdict {
  private final Situation now;
  private final Prospects prospects;

  Verdict(Situation now, Prospects prospects) {
    this.now = now;
    this.prospects = prospects;
  }

  List<Line> lines() {
    if (now.result().isUnanswered()) {
      return List.of(
          new Line("NAT type", "not known: nobody outside answers, over TCP or UDP"),
          Line.more("no Internet here, or a firewall that lets nothing out to those asked"));
    }
    List<Line> lines = new ArrayList<>();
    for (String sentence : type()) {
      lines.add(new Line(lines.isEmpty() ? "NAT type" : "", sentence));
    }
    if (now.udpBlocked()) {
      lines.add(Line.more("UDP seems blocked: they answer over TCP, but nobody over UDP"));
    }
    if (!now.isUnknown()) {
      lines.add(Line.more((now.isGuess() ? "If the guess is right: " : "") + prospects.sentence()));
    }
    return lines;
  }

  private List<String> type() {
    NatName tcp = now.answered(Transport.TCP) ? now.name(Transport.TCP) : null;
    NatName udp = now.answered(Transport.UDP) ? now.name(Transport.UDP) : null;
    if (tcp != null && (udp == null || udp == tcp)) {
      return List.of(tcp.words() + consoles(tcp) + ": " + NatMeaning.of(tcp));
    }
    if (udp == null) {
      return List.of(unnamed());
    }
    if (tcp != null) {
      return List.of(
          "for TCP " + tcp.words() + ": " + NatMeaning.of(tcp),
          "for UDP " + udp.words() + consoles(udp) + ": " + NatMeaning.of(udp));
    }
    return List.of(
        "for UDP " + udp.words() + consoles(udp) + ": " + NatMeaning.of(udp),
        now.tcpSilent() ? unnamed() : "for TCP: " + unnamed());
  }

  private static String consoles(NatName name) {
    return ", \"" + NatMeaning.onConsoles(name) + "\" on a game console";
  }

  /** What can be said of TCP where there is no name for it. */
  private String unnamed() {
    if (now.tcpSilent()) {
      return "over TCP nobody answered: it is blocked, or those asked speak UDP only; Sallyport"
          + " connects over TCP";
    }
    Boolean translated = Situation.sure(now.diagnosis().translated());
    if (translated != null && !translated) {
      return "no NAT: others see this computer's own address; whether a firewall keeps them out is"
          + " not known";
    }
    Behavior mapping = Situation.sure(now.profile().tcpMapping());
    if (mapping != null) {
      Finding<Behavior> filtering = now.profile().tcpFiltering();
      return "cone, the easy kind: "
          + NatMeaning.ofMapping(mapping)
          + (filtering.value() == null
              ? "; which cone is not known, since nobody "
                  + (now.isTried(Transport.TCP)
                      ? "was through with trying to get in"
                      : "who answered can try to get in")
              : "; who gets in is a guess (%d %%): %s"
                  .formatted(filtering.confidence(), NatMeaning.ofFiltering(filtering.value())));
    }
    String there =
        translated == null
            ? perhaps() + "; whether easy (cone) or hard (symmetric) is not known"
            : "there is a NAT; whether it is easy (cone) or hard (symmetric) is not known";
    return there + (now.profile().tcpMapping().isKnown() ? "" : why()) + guess();
  }

  private String perhaps() {
    Boolean guess = now.diagnosis().translated().value();
    return guess == null
        ? "whether there is a NAT is not known"
        : guess ? "there seems to be a NAT, a guess" : "there seems to be no NAT, a guess";
  }

  private String why() {
    int tcp = now.diagnosis().tcpWitnesses();
    if (tcp == 0) {
      return ": only DHT nodes were asked, and they see UDP only";
    }
    return tcp == 1
        ? ": one observer alone cannot tell"
        : ": what those who answered saw cannot be compared, or is contradictory";
  }

  private String guess() {
    @Nullable Behavior guess = now.profile().tcpMapping().value();
    if (guess != null) {
      return "; a guess (%d %%): %s"
          .formatted(now.profile().tcpMapping().confidence(), kind(guess));
    }
    Behavior udp = now.profile().udpMapping().value();
    return udp == null ? "" : "; a guess, from how it treats UDP: " + kind(udp);
  }

  private static String kind(Behavior mapping) {
    return mapping == Behavior.ENDPOINT_INDEPENDENT ? "easy (cone)" : "hard (symmetric)";
  }
}
