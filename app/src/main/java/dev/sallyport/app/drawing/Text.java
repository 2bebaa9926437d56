package dev.sallyport.app.drawing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text, in lines; its box is what no other text's box may touch.
 *
 * @param y of the first line's foot
 * @param width of the longest line: kept, because a text is tried in many places
 * @param whole what it would say had it the room, if it was cut
 */
record Text(
    double x,
    double y,
    Anchor anchor,
    String cssClass,
    List<String> lines,
    double width,
    @Nullable String whole) {
  /** From line to line. */
  static final double LINE = 14;

  /** What stands whole in a tool tip, where its text is cut. */
  private static final double LONGEST = 2000;

  /** Where a line of text begins, ends, or has its middle. */
  enum Anchor {
    START,
    MIDDLE,
    END
  }

  Text {
    lines = List.copyOf(lines);
  }

  Text(
      double x,
      double y,
      Anchor anchor,
      String cssClass,
      List<String> lines,
      @Nullable String whole) {
    this(
        x,
        y,
        anchor,
        cssClass,
        lines,
        lines.stream().mapToDouble(Letters::width).max().orElse(0),
        whole);
  }

  /** The same, higher or lower. */
  Text at(double otherY) {
    return new Text(x, otherY, anchor, cssClass, lines, width, whole);
  }

  double left() {
    return switch (anchor) {
      case START -> x;
      case MIDDLE -> x - width / 2;
      case END -> x - width;
    };
  }

  double right() {
    return left() + width;
  }

  double top() {
    return y - 10;
  }

  double bottom() {
    return y + 3 + LINE * (lines.size() - 1);
  }

  boolean touches(Text other) {
    return left() < other.right()
        && other.left() < right()
        && top() < other.bottom()
        && other.top() < bottom();
  }

  /** What lines that were cut of a text leave out: the text itself, for a tool tip. */
  static @Nullable String whole(List<String> lines, String text) {
    return lines.stream().anyMatch(line -> line.endsWith("…")) ? Letters.cut(text, LONGEST) : null;
  }
}
