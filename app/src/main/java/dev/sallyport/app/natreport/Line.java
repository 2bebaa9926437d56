package dev.sallyport.app.natreport;

/**
 * A line of the report, however long; whoever shows it wraps it.
 *
 * @param label what it is about; empty if it goes on with what stands above
 * @param text the line
 * @param kept whether it is a row of a table, which is not wrapped
 */
public record Line(String label, String text, boolean kept) {
  Line(String label, String text) {
    this(label, text, false);
  }

  static Line more(String text) {
    return new Line("", text);
  }

  static Line row(String label, String text) {
    return new Line(label, text, true);
  }
}
