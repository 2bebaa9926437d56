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
      return source.hasAnswered()
          ? "DHT: %d of %d nodes, which see UDP only".formatted(source.answered(), source.asked())
          : "DHT: " + problem(source, source.udp());
    }
    if (source.endpoint() == null) {
      return source.name() + ": " + problem(source, source.tcp());
    }
    return source.name()
        + ": "
        + contact("TCP", source, source.tcp())
        + ", "
        + contact("UDP", source, source.udp())
        + abilities(source);
  }

  private static String contact(
      String transport, SourceReport source, SourceReport.@Nullable Contact contact) {
    if (contact == null) {
      return transport + " not asked";
    }
    return contact.roundTrip() == null
        ? "no " + transport + " (" + problem(source, contact) + ")"
        : transport + " " + contact.roundTrip().toMillis() + " ms";
  }

  /** What is wrong; who it was about stands before it already. */
  private static String problem(SourceReport source, SourceReport.@Nullable Contact contact) {
    String problem = contact == null || contact.problem() == null ? "no answer" : contact.problem();
    if (!problem.contains(source.name())) {
      return problem;
    }
    int reason = problem.lastIndexOf(": ");
    String last = reason < 0 ? "" : problem.substring(reason + 2);
    return last.isEmpty() || last.contains(source.name()) ? "no answer" : last;
  }

  private static String abilities(SourceReport source) {
    boolean tcp = source.abilities().contains(Ability.DIAL_BACK);
    boolean udp = source.abilities().contains(Ability.UDP_FILTERING);
    return tcp && udp
        ? "; also tried to get in"
        : tcp ? "; also tried to get in over TCP" : udp ? "; also tried to get in over UDP" : "";
  }
}
