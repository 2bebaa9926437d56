package dev.sallyport.harness.campaign;

import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.matrix.Difficulty;
import dev.sallyport.harness.matrix.Kind;
import dev.sallyport.harness.matrix.Matrix;
import dev.sallyport.harness.matrix.Proportion;
import dev.sallyport.harness.scenario.NatKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A matrix for terminals. */
public final class MatrixText {
  private MatrixText() {}

  /** How a kind of NAT is called in a matrix, and how hard it is. */
  public static Kind kind(NatKind kind) {
    return new Kind(kind.word(), Difficulty.of(kind.mapping(), kind.filtering()), kind.summary());
  }

  /** One line about a cell that is done. */
  public static String progress(Cell cell, int done, int of) {
    String times =
        cell.connected() == 0
            ? ""
            : ", median %.1f round trips, p95 %.1f".formatted(cell.medianRtts(), cell.p95Rtts());
    return "%4d/%d  %s calls %s: %d of %d%s%s"
        .formatted(
            done,
            of,
            cell.client(),
            cell.server(),
            cell.connected(),
            cell.runs(),
            times,
            cell.failures().isEmpty()
                ? ""
                : "; " + cell.failures().toString().replaceAll("[{}]", ""));
  }

  /** The table: who calls is to the left, who is called above, by number. */
  public static List<String> lines(Matrix matrix) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "How many of 100 calls got through; rows call, columns are called. %s, %d ms one way%s%s."
            .formatted(
                matrix.fabric(),
                matrix.oneWay().toMillis(),
                matrix.lossPercent() > 0 ? ", " + matrix.lossPercent() + " % loss" : "",
                matrix.conditions().isEmpty() ? "" : ", " + matrix.conditions()));
    lines.add("");
    int width = matrix.kinds().stream().mapToInt(k -> k.word().length()).max().orElse(0);
    StringBuilder head = new StringBuilder(" ".repeat(width + 4));
    for (int column = 1; column <= matrix.kinds().size(); column++) {
      head.append("%5d".formatted(column));
    }
    lines.add(head.toString());
    for (int row = 0; row < matrix.kinds().size(); row++) {
      String client = matrix.kinds().get(row).word();
      StringBuilder line = new StringBuilder("%2d  %s".formatted(row + 1, client));
      line.append(" ".repeat(width - client.length()));
      for (Kind server : matrix.kinds()) {
        line.append("%5s".formatted(percent(matrix.cell(client, server.word()))));
      }
      lines.add(line.toString());
    }
    lines.add("");
    Proportion total = matrix.total();
    lines.add(
        "In all %d of %d calls: %.2f %% (95 %% interval %.2f to %.2f). Seed %d, %.1f s."
            .formatted(
                total.successes(),
                total.trials(),
                100 * total.rate(),
                100 * total.low(),
                100 * total.high(),
                matrix.seed(),
                matrix.wall().toMillis() / 1000.0));
    return lines;
  }

  /** Never rounded up to 100 or down to 0. */
  private static String percent(Optional<Cell> cell) {
    if (cell.isEmpty()) {
      return "·";
    }
    double share = 100.0 * cell.get().connected() / cell.get().runs();
    if (share > 99 && share < 100) {
      return ">99";
    }
    return share > 0 && share < 1 ? "<1" : Long.toString(Math.round(share));
  }
}
