package dev.sallyport.app.natreport;

import dev.sallyport.domain.nat.Behavior;
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
    lines.add(new Line("NAT type", type()));
    if (now.udpBlocked()) {
      lines.add(Line.more("UDP is blocked, it seems: nobody answers over it, but over TCP they do"));
    }
    if (!now.isUnknown()) {
      lines.add(Line.more((now.isGuess() ? "If the guess is right: " : "") + prospects.sentence()));
    }
    return lines;
  }

  private String type() {
    NatName tcp = now.answered(Transport.TCP) ? now.name(Transport.TCP) : null;
    NatName udp = now.answered(Transport.UDP) ? now.name(Transport.UDP) : null;
    if (tcp == null && udp == null) {
      return unnamed();
    }
    if (tcp != null && udp != null && tcp != udp) {
      return "%s for TCP: %s. For UDP %s: %s%s"
          .formatted(
              tcp.words(), NatMeaning.of(tcp), udp.words(), NatMeaning.of(udp), consoles(udp));
    }
    if (tcp != null) {
      return tcp.words() + ": " + NatMeaning.of(tcp) + consoles(udp == null ? tcp : udp);
    }
    return "for UDP %s: %s%s. For TCP: %s"
        .formatted(udp.words(), NatMeaning.of(udp), consoles(udp), unnamed());
  }

  private static String consoles(NatName name) {
    return " (a game console's \"" + NatMeaning.onConsoles(name) + "\")";
  }

  /** What can be said of TCP where there is no name for it. */
  private String unnamed() {
    Boolean translated = Situation.sure(now.diagnosis().translated());
    if (translated != null && !translated) {
      return "no NAT: others see this computer's own address; whether a firewall keeps them out is"
          + " not known";
    }
    Behavior mapping = Situation.sure(now.profile().tcpMapping());
    if (mapping != null) {
      return "cone, the easy kind: "
          + NatMeaning.ofMapping(mapping)
          + "; which cone is not known, since nobody who answered can try to get in";
    }
    String there =
        translated == null
            ? "whether there is a NAT is not known for sure"
            : "there is a NAT; whether it is easy (cone) or hard (symmetric) is not known";
    return there + why() + guess();
  }

  private String why() {
    int tcp = now.diagnosis().tcpWitnesses();
    if (tcp == 0) {
      return now.asked(Transport.TCP)
          ? ": nobody answered over TCP"
          : ": only DHT nodes were asked, and they see UDP only";
    }
    return tcp == 1 ? ": one observer alone cannot tell" : ": those who answered disagree";
  }

  private String guess() {
    @Nullable Behavior guess = now.profile().tcpMapping().value();
    if (guess != null) {
      return "; a guess (" + now.profile().tcpMapping().confidence() + " %): " + kind(guess);
    }
    Behavior udp = now.profile().udpMapping().value();
    return udp == null
        ? ""
        : "; a guess, from how it treats UDP: " + kind(udp);
  }

  private static String kind(Behavior mapping) {
    return mapping == Behavior.ENDPOINT_INDEPENDENT ? "easy (cone)" : "hard (symmetric)";
  }
}
