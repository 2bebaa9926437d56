package dev.sallyport.app.natreport;

import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.CarrierSign;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.Hairpin;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Each finding: the words of RFC 4787, how sure it is, and what it means. */
final class Details {
  private final Situation now;

  Details(Situation now) {
    this.now = now;
  }

  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("addresses", addresses()));
    if (now.result().isUnanswered()) {
      return lines;
    }
    if (!now.isUntranslated()) {
      both("mapping", now::mapping, NatMeaning::ofMapping, this::whyNoMapping, lines);
    }
    both("filtering", now::filtering, NatMeaning::ofFiltering, this::whyNoFiltering, lines);
    if (!now.isUntranslated()) {
      allocation(lines);
    }
    Finding<UnsolicitedSyn> answer = now.profile().unsolicitedSyn();
    if (answer.value() != null) {
      lines.add(new Line("strangers", guess(answer) + NatMeaning.of(answer.value())));
    }
    Hairpin hairpin = now.result().hairpin();
    if (hairpin != null) {
      lines.add(new Line("hairpin", "calling your own outer address " + NatMeaning.of(hairpin)));
    }
    if (!now.diagnosis().carrierSigns().isEmpty()) {
      lines.add(new Line("second NAT", "probably there is one, your provider's: " + signs()));
    }
    if (now.profile().globalIpv6()) {
      lines.add(
          new Line(
              "IPv6",
              "this computer has a global IPv6 address: no NAT between you and peers that have one,"
                  + " at most a firewall"));
    }
    return lines;
  }

  private String addresses() {
    String host = join(now.result().hostAddresses());
    Finding<List<InetAddress>> external = now.diagnosis().externalAddresses();
    if (external.value() == null) {
      return host + " on this computer; nobody told how it looks from outside";
    }
    if (now.isUntranslated()) {
      return host + " on this computer, and that is what others see";
    }
    return host
        + " on this computer; "
        + join(external.value())
        + " outside"
        + (external.confidence() < Situation.SURE
            ? ", a guess (" + external.confidence() + " %)"
            : "");
  }

  private static String join(List<InetAddress> addresses) {
    return addresses.stream().map(IpLiteral::format).collect(Collectors.joining(", "));
  }

  private static void both(
      String label,
      Function<Transport, Finding<Behavior>> finding,
      Function<Behavior, String> meaning,
      Function<Transport, String> whyNot,
      List<Line> lines) {
    Finding<Behavior> tcp = finding.apply(Transport.TCP);
    Finding<Behavior> udp = finding.apply(Transport.UDP);
    if (tcp.value() != null && tcp.value() == udp.value() && isSure(tcp) && isSure(udp)) {
      String sure =
          tcp.confidence() == udp.confidence()
              ? "TCP, UDP: " + tcp.confidence() + " % sure"
              : "TCP: %d %% sure, UDP: %d %%".formatted(tcp.confidence(), udp.confidence());
      lines.add(
          new Line(label, tcp.value().words() + " (" + sure + "): " + meaning.apply(tcp.value())));
      return;
    }
    if (!tcp.isKnown() && !udp.isKnown()) {
      String forTcp = whyNot.apply(Transport.TCP);
      String forUdp = whyNot.apply(Transport.UDP);
      lines.add(
          new Line(
              label,
              "not known"
                  + (forTcp.equals(forUdp)
                      ? ": " + forTcp
                      : "; TCP: " + forTcp + "; UDP: " + forUdp)));
      return;
    }
    lines.add(new Line(label, "TCP " + one(tcp, meaning, whyNot.apply(Transport.TCP))));
    lines.add(Line.more("UDP " + one(udp, meaning, whyNot.apply(Transport.UDP))));
  }

  private static String one(
      Finding<Behavior> finding, Function<Behavior, String> meaning, String whyNot) {
    Behavior value = finding.value();
    if (value == null) {
      return "not known: " + whyNot;
    }
    return isSure(finding)
        ? value.words() + " (" + finding.confidence() + " % sure): " + meaning.apply(value)
        : "a guess (" + finding.confidence() + " %): " + value.words();
  }

  private String whyNoMapping(Transport transport) {
    return switch (now.diagnosis().witnesses(transport)) {
      case 0 -> nobody(transport);
      case 1 ->
          "one observer cannot tell, it takes two with different addresses"
              + (transport == Transport.UDP && isOneDhtNetwork()
                  ? " (DHT nodes in one network count as one)"
                  : "");
      default -> "what those who answered saw cannot be compared, or is contradictory";
    };
  }

  private boolean isOneDhtNetwork() {
    return now.result().sources().stream()
        .anyMatch(s -> s.kind() == Observation.Source.DHT && s.answered() > 1);
  }

  private String whyNoFiltering(Transport transport) {
    if (!now.answered(transport)) {
      return nobody(transport);
    }
    return now.isTried(transport)
        ? "the tries to get in had no clear end; --thorough gives them more time"
        : "nobody who answered can try to get in from elsewhere";
  }

  private String nobody(Transport transport) {
    return now.asked(transport)
        ? "nobody answered over " + transport
        : "nobody could be asked over " + transport;
  }

  private void allocation(List<Line> lines) {
    Finding<PortAllocation> allocation = now.profile().allocation();
    PortAllocation value = allocation.value();
    if (value != null) {
      lines.add(
          new Line(
              "ports",
              isSure(allocation)
                  ? "%s (%d %% sure): %s"
                      .formatted(
                          NatMeaning.word(value), allocation.confidence(), NatMeaning.of(value))
                  : "a guess (%d %%): %s, %s"
                      .formatted(
                          allocation.confidence(), NatMeaning.word(value), NatMeaning.of(value))));
    }
  }

  private String signs() {
    return now.diagnosis().carrierSigns().stream()
        .map((CarrierSign sign) -> NatMeaning.of(sign))
        .collect(Collectors.joining("; "));
  }

  private static String guess(Finding<?> finding) {
    return isSure(finding) ? "" : "a guess (" + finding.confidence() + " %): they ";
  }

  private static boolean isSure(Finding<?> finding) {
    return finding.confidence() >= Situation.SURE;
  }
}
