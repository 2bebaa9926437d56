package dev.sallyport.app.natreport;

import dev.sallyport.domain.nat.NatInquiry.Ability;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.SourceReport;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How it was found: who answered, who did not, and who could test what. */
final class Sources {
  private final List<SourceReport> sources;

  Sources(List<SourceReport> sources) {
    this.sources = sources;
  }

  List<Line> lines() {
    if (sources.isEmpty()) {
      return List.of(new Line("how found", "nobody was asked"));
    }
    List<Line> lines = new ArrayList<>();
    for (SourceReport source : sources) {
      lines.add(new Line(lines.isEmpty() ? "how found" : "", one(source)));
    }
    return lines;
  }

  private static String one(SourceReport source) {
    if (source.kind() == Observation.Source.DHT) {
      String problem = problem(source.udp());
      return source.hasAnswered()
          ? "DHT: %d of %d nodes, which see UDP only".formatted(source.answered(), source.asked())
          : "DHT: no node answered" + (problem.isEmpty() ? "" : " (" + problem + ")");
    }
    String name = source.name();
    if (!source.hasAnswered()) {
      return name + ": " + noAnswer(source);
    }
    return name
        + ": "
        + contact("TCP", source.tcp())
        + ", "
        + contact("UDP", source.udp())
        + abilities(source);
  }

  private static String noAnswer(SourceReport source) {
    String tcp = problem(source.tcp());
    String udp = problem(source.udp());
    if (tcp.isEmpty() || udp.isEmpty() || tcp.equals(udp)) {
      return "no answer: " + (tcp.isEmpty() ? udp : tcp);
    }
    return "no answer over TCP: " + tcp + "; over UDP: " + udp;
  }

  private static String contact(String transport, SourceReport.@Nullable Contact contact) {
    if (contact == null) {
      return transport + " not asked";
    }
    return contact.roundTrip() == null
        ? "no " + transport + " (" + problem(contact) + ")"
        : transport + " " + contact.roundTrip().toMillis() + " ms";
  }

  private static String problem(SourceReport.@Nullable Contact contact) {
    return contact == null || contact.problem() == null ? "" : contact.problem();
  }

  private static String abilities(SourceReport source) {
    boolean tcp = source.abilities().contains(Ability.DIAL_BACK);
    boolean udp = source.abilities().contains(Ability.UDP_FILTERING);
    return tcp && udp
        ? "; tries to get in"
        : tcp ? "; tries to get in over TCP" : udp ? "; tries to get in over UDP" : "";
  }
}
