package dev.sallyport.harness.explain;

import dev.sallyport.app.drawing.PacketLadder.Kind;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.sim.TrialResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What went between two sites, for terminals: a line for each packet and for each decision. */
final class Steps {
  private static final int MOST = 120;
  private static final int WIDTH = "server carrier".length();

  private record Step(int order, String text) {}

  private Steps() {}

  static List<String> of(PeerTraffic traffic, TrialResult result) {
    List<Step> steps = new ArrayList<>();
    for (Crossing crossing : traffic.crossings()) {
      steps.add(new Step(crossing.order(), line(traffic, crossing)));
    }
    for (PeerTraffic.Decision decision : traffic.decisions()) {
      Trace.Judged judged = decision.judged();
      if (!Ladders.isTelling(judged)) {
        continue;
      }
      steps.add(
          new Step(
              decision.order(),
              line(traffic, judged.nanos(), judged.at(), judged.verdict().words())));
    }
    for (PeerTraffic.News news : traffic.links()) {
      Trace.Told told = news.told();
      steps.add(
          new Step(news.order(), line(traffic, told.nanos(), told.at(), Ladders.words(told))));
    }
    // What comes after the link is up is the link's business.
    int end =
        result.connected()
            ? traffic.links().stream().mapToInt(PeerTraffic.News::order).max().orElse(0)
            : Integer.MAX_VALUE;
    steps.removeIf(step -> step.order() > end);
    steps.sort(Comparator.comparingInt(Step::order));
    List<String> lines = new ArrayList<>(steps.stream().limit(MOST).map(Step::text).toList());
    if (steps.size() > MOST) {
      lines.add("           and " + (steps.size() - MOST) + " more lines like these");
    }
    if (!result.connected()) {
      lines.add("           in the end: " + result.reason());
    }
    return lines;
  }

  private static String line(PeerTraffic traffic, Crossing crossing) {
    Kind kind = Ladders.kind(crossing.packet());
    String word =
        switch (kind) {
          case OTHER -> "";
          case SYN_ACK -> "SYN+ACK ";
          case DATA -> kind.name().toLowerCase(Locale.ROOT) + " ";
          default -> kind + " ";
        };
    String end =
        crossing.lost()
            ? "  lost on the way"
            : crossing.arrives() == crossing.leaves()
                ? ""
                : "  arrives at " + millis(traffic, crossing.arrives()).strip();
    return line(
        traffic,
        crossing.leaves(),
        crossing.from(),
        "→ " + pad(crossing.to()) + "  " + word + Ladders.label(crossing.packet()) + end);
  }

  private static String line(PeerTraffic traffic, long nanos, Spot at, String text) {
    return millis(traffic, nanos) + "  " + pad(at) + " " + text;
  }

  private static String millis(PeerTraffic traffic, long nanos) {
    return "%9.1f".formatted((nanos - traffic.start()) / 1e6);
  }

  private static String pad(Spot spot) {
    return ("%-" + WIDTH + "s").formatted(spot.words());
  }
}
