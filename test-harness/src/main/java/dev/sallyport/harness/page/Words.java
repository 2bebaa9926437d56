package dev.sallyport.harness.page;

import static dev.sallyport.app.drawing.Markup.escape;

import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.matrix.Proportion;
import java.util.Locale;

/** Numbers as this page writes them, and the addresses of its panels. */
final class Words {
  private static final int ALL = 100;

  private Words() {}

  /** Whole per cent; 0 and 100 only if it is none and all of them. */
  static int percent(Proportion proportion) {
    if (proportion.successes() == proportion.trials()) {
      return ALL;
    }
    int rounded = (int) Math.round(ALL * proportion.rate());
    return proportion.successes() == 0 ? 0 : Math.clamp(rounded, 1, ALL - 1);
  }

  /** For example {@code "86.5 to 98.9 %"}. */
  static String interval(Proportion proportion) {
    return "%s to %s %%".formatted(end(proportion.low()), end(proportion.high()));
  }

  private static String end(double share) {
    return share == 0 || share == 1 ? decimal(ALL * share) : tenths(ALL * share);
  }

  /** For example {@code "48 of 50"}. */
  static String counted(Proportion proportion) {
    return grouped(proportion.successes()) + " of " + grouped(proportion.trials());
  }

  /** With narrow spaces between thousands. */
  static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', '\u202f');
  }

  /** With one decimal, even if it is 0: for numbers to compare. */
  static String tenths(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }

  /** With at most one decimal. */
  static String decimal(double number) {
    String text = tenths(number);
    return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
  }

  /** The id of the panel of this pair. Words of kinds have no two hyphens in a row. */
  static String id(String client, String server) {
    return escape(client + "--" + server);
  }

  static String id(Cell cell) {
    return id(cell.client(), cell.server());
  }
}
