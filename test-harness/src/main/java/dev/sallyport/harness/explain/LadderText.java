package dev.sallyport.harness.explain;

import dev.sallyport.app.drawing.PacketLadder;
import dev.sallyport.app.drawing.PacketLadder.Arrow;
import dev.sallyport.app.drawing.PacketLadder.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A packet ladder for terminals: a line for each packet and each decision, in their order. */
final class LadderText {
  private record Line(Duration at, int rank, String text) {}

  private LadderText() {}

  static List<String> of(PacketLadder ladder) {
    int width = ladder.lanes().stream().mapToInt(String::length).max().orElse(0);
    List<Line> lines = new ArrayList<>();
    for (Arrow arrow : ladder.arrows()) {
      lines.add(new Line(arrow.leaves(), 1, line(ladder, arrow, width)));
    }
    for (Mark mark : ladder.marks()) {
      String lane = pad(ladder.lanes().get(mark.lane()), width);
      lines.add(new Line(mark.at(), 0, line(mark.at(), lane + "   " + mark.text())));
    }
    return lines.stream()
        .sorted(Comparator.comparing(Line::at).thenComparingInt(Line::rank))
        .map(Line::text)
        .toList();
  }

  private static String line(PacketLadder ladder, Arrow arrow, int width) {
    String from = pad(ladder.lanes().get(arrow.from()), width);
    String to = pad(ladder.lanes().get(arrow.to()), width);
    Duration arrives = arrow.arrives();
    String when = arrives == null ? "  lost" : "  arrives at " + millis(arrives).strip();
    boolean instant = arrow.leaves().equals(arrives);
    return line(
        arrow.leaves(),
        from
            + " → "
            + to
            + "  "
            + (arrow.kind().name().replace("OTHER", "").replace('_', '+') + " " + arrow.label())
                .strip()
            + (instant ? "" : when));
  }

  private static String line(Duration at, String text) {
    return millis(at) + "  " + text;
  }

  private static String millis(Duration at) {
    return "%9.1f".formatted(at.toNanos() / 1e6);
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
