package dev.sallyport.harness.page;

import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.matrix.Difficulty;
import dev.sallyport.harness.matrix.Kind;
import dev.sallyport.harness.matrix.Matrix;
import dev.sallyport.harness.matrix.Proportion;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What the rules of thumb for hole punching promise, beside what was measured. */
final class Comparison {
  /** One line of the table, for the pairs whose two ends are of these classes. */
  private record Row(String name, String classic, Difficulty harder, boolean bothSymmetric) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("full cone or no NAT", "100 %", Difficulty.FULL_CONE, false),
          new Row("address-restricted", "90 % or more", Difficulty.ADDRESS_RESTRICTED, false),
          new Row("port-restricted", "80 % or more", Difficulty.PORT_RESTRICTED, false),
          new Row("symmetric at one end", "about 20 %", Difficulty.SYMMETRIC, false),
          new Row("symmetric at both ends", "about 20 %", Difficulty.SYMMETRIC, true));

  private final Matrix matrix;
  private final Map<String, Difficulty> difficulties;

  Comparison(Matrix matrix) {
    this.matrix = matrix;
    this.difficulties =
        matrix.kinds().stream().collect(Collectors.toMap(Kind::word, Kind::difficulty));
  }

  String html() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        <div class="scroll" role="region" tabindex="0" aria-label="Classic and measured">
        <table class="plain">
        <thead><tr><th scope="col">harder end of the pair</th><th scope="col">classic</th>\
        <th scope="col">measured</th><th scope="col">95 % interval</th>\
        <th scope="col">attempts</th></tr></thead>
        <tbody>
        """);
    for (Row row : ROWS) {
      Proportion share = share(row);
      out.append("<tr><th scope=\"row\">%s</th><td>%s</td>".formatted(row.name(), row.classic()));
      out.append(
          share.trials() == 0
              ? "<td class=\"un\" colspan=\"3\">not measured</td></tr>\n"
              : "<td><b>%d %%</b></td><td>%s</td><td>%s</td></tr>\n"
                  .formatted(
                      Words.percent(share), Words.interval(share), Words.grouped(share.trials())));
    }
    return out.append("</tbody></table></div>\n").toString();
  }

  private Proportion share(Row row) {
    return matrix.cells().stream()
        .filter(cell -> isIn(row, difficulty(cell, Cell::client), difficulty(cell, Cell::server)))
        .map(Cell::proportion)
        .reduce(new Proportion(0, 0), Proportion::plus);
  }

  private Difficulty difficulty(Cell cell, Function<Cell, String> end) {
    // A matrix has no cell of a kind that it does not list.
    return difficulties.getOrDefault(end.apply(cell), Difficulty.SYMMETRIC);
  }

  private static boolean isIn(Row row, Difficulty client, Difficulty server) {
    boolean bothSymmetric = client == Difficulty.SYMMETRIC && server == Difficulty.SYMMETRIC;
    return client.or(server) == row.harder() && bothSymmetric == row.bothSymmetric();
  }
}
