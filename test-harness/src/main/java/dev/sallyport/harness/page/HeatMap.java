package dev.sallyport.harness.page;

import static dev.sallyport.app.drawing.Markup.escape;

import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.matrix.Kind;
import dev.sallyport.harness.matrix.Matrix;
import dev.sallyport.harness.matrix.Proportion;
import java.util.Optional;
import java.util.function.Predicate;

/** The table of all pairs: a row for each kind that calls, a column for each that serves. */
final class HeatMap {
  /** A class of colour for each tenth; the first and the last are for none and all. */
  static final int STEPS = 11;

  private final Matrix matrix;
  private final StringBuilder out = new StringBuilder();

  HeatMap(Matrix matrix) {
    this.matrix = matrix;
  }

  static int step(Proportion proportion) {
    return Math.clamp(
        Math.round(proportion.rate() * (STEPS - 1)),
        proportion.successes() == 0 ? 0 : 1,
        proportion.successes() == proportion.trials() ? STEPS - 1 : STEPS - 2);
  }

  String html() {
    out.append(
        """
        <div class="scroll" role="region" tabindex="0" aria-label="Success by pair">
        <table class="map">
        <caption><span>Connections in per cent of the attempts. Rows call, columns serve.</span></caption>
        <thead><tr><td class="corner"><span>calls ↓</span> <span>serves →</span></td>
        """);
    for (Kind kind : matrix.kinds()) {
      out.append("<th scope=\"col\"%s><span>%s</span></th>".formatted(title(kind), word(kind)));
    }
    out.append("<th scope=\"col\" class=\"all\"><span>all</span></th></tr></thead>\n<tbody>\n");
    for (Kind client : matrix.kinds()) {
      out.append("<tr><th scope=\"row\"%s>%s</th>".formatted(title(client), word(client)));
      for (Kind server : matrix.kinds()) {
        writeCell(client, server);
      }
      writeSum(cell -> cell.client().equals(client.word()));
      out.append("</tr>\n");
    }
    out.append("<tr class=\"all\"><th scope=\"row\">all</th>");
    for (Kind server : matrix.kinds()) {
      writeSum(cell -> cell.server().equals(server.word()));
    }
    writeSum(cell -> true);
    out.append("</tr>\n</tbody></table></div>\n");
    writeLegend();
    return out.toString();
  }

  private static String word(Kind kind) {
    return escape(kind.word());
  }

  private static String title(Kind kind) {
    return kind.description().isBlank() ? "" : " title=\"" + escape(kind.description()) + "\"";
  }

  private void writeCell(Kind client, Kind server) {
    Optional<Cell> cell = matrix.cell(client.word(), server.word());
    if (cell.isEmpty()) {
      out.append("<td class=\"un\"><span title=\"not measured\">–</span></td>");
      return;
    }
    Proportion share = cell.get().proportion();
    out.append(
        "<td><a class=\"h%d\" href=\"#%s\" aria-label=\"%s calls %s: %d %%, %s connected\">%d</a></td>"
            .formatted(
                step(share),
                Words.id(cell.get()),
                word(client),
                word(server),
                Words.percent(share),
                Words.counted(share),
                Words.percent(share)));
  }

  private void writeSum(Predicate<Cell> isMeant) {
    Proportion sum =
        matrix.cells().stream()
            .filter(isMeant)
            .map(Cell::proportion)
            .reduce(new Proportion(0, 0), Proportion::plus);
    out.append(
        sum.trials() == 0
            ? "<td class=\"un\">–</td>"
            : "<td class=\"sum\" title=\"%s\">%d</td>"
                .formatted(Words.counted(sum), Words.percent(sum)));
  }

  private void writeLegend() {
    out.append("<p class=\"legend\" aria-hidden=\"true\"><span>none</span>");
    for (int step = 0; step < STEPS; step++) {
      out.append("<i class=\"h%d\"></i>".formatted(step));
    }
    out.append(
        "<span>every attempt</span></p>\n<p class=\"hint\">Choose a cell to see how often it gets"
            + " through, how, and one of its runs, packet by packet.</p>\n");
  }
}
