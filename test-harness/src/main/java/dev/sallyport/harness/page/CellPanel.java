package dev.sallyport.harness.page;

import static dev.sallyport.app.drawing.Markup.escape;

import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.matrix.Matrix;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a cell's number is made of, and one run of it. */
final class CellPanel {
  private final Matrix matrix;
  private final Cell cell;
  private final Optional<Explained> explained;

  CellPanel(Matrix matrix, Cell cell, Optional<Explained> explained) {
    this.matrix = matrix;
    this.cell = cell;
    this.explained = explained;
  }

  String html() {
    String id = Words.id(cell);
    return """
        <section class="panel" id="%s" tabindex="-1" aria-labelledby="%s--h">
        <header><h2 id="%s--h">%s <small>calls</small> %s</h2>\
        <a class="close" href="#closed" aria-label="Close">×</a></header>
        %s%s%s</section>
        """
        .formatted(
            id, id, id, escape(cell.client()), escape(cell.server()), numbers(), run(), reverse());
  }

  private String numbers() {
    StringBuilder out = new StringBuilder("<dl class=\"numbers\">\n");
    add(
        out,
        "connected",
        "<b>%d %%</b>, %s, 95 %% interval %s"
            .formatted(
                Words.percent(cell.proportion()),
                Words.counted(cell.proportion()),
                Words.interval(cell.proportion())));
    if (cell.connected() > 0) {
      add(out, "won by", counts(cell.rungs(), ", "));
      add(
          out,
          "took",
          "median %s, 95th percentile %s round trips"
              .formatted(Words.tenths(cell.medianRtts()), Words.tenths(cell.p95Rtts())));
    }
    if (cell.connected() < cell.runs()) {
      add(out, "failed by", counts(cell.failures(), "<br/>"));
    }
    return out.append("</dl>\n").toString();
  }

  private static void add(StringBuilder out, String name, String value) {
    out.append("<div><dt>").append(name).append("</dt><dd>").append(value).append("</dd></div>\n");
  }

  private static String counts(Map<String, Integer> counts, String between) {
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() > 0)
        .map(entry -> Words.grouped(entry.getValue()) + "\u00a0× " + escape(entry.getKey()))
        .collect(Collectors.joining(between));
  }

  private String run() {
    if (explained.isEmpty()) {
      return "<p class=\"hint\">No run of this pair was drawn.</p>\n";
    }
    StringBuilder out = new StringBuilder("<h3>One run, packet by packet</h3>\n");
    for (String sentence : explained.get().sentences()) {
      out.append("<p>").append(escape(sentence)).append("</p>\n");
    }
    return out.append(
            "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Packets\">")
        .append(explained.get().ladder().svgWithoutStyle())
        .append("</div>\n")
        .toString();
  }

  private String reverse() {
    boolean isThere =
        !cell.client().equals(cell.server())
            && matrix.cell(cell.server(), cell.client()).isPresent();
    return isThere
        ? "<p class=\"hint\"><a href=\"#%s\">The other way round: %s calls %s</a></p>\n"
            .formatted(
                Words.id(cell.server(), cell.client()),
                escape(cell.server()),
                escape(cell.client()))
        : "";
  }
}
