package dev.sallyport.app.drawing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where there is room for one more text among those that stand. For one thread. */
final class FreeSpace {
  private static final double STEP = 2;

  private final List<Text> standing;

  /**
   * @param standing grows while this is in use
   */
  FreeSpace(List<Text> standing) {
    this.standing = standing;
  }

  /** Below this height there is none; 0 without any. */
  double bottom() {
    return standing.stream().mapToDouble(Text::bottom).max().orElse(0);
  }

  /**
   * The first of the heights y, y + {@link #STEP}, and so on, where a text whose foot is this far
   * below touches no other. What it touches it goes on touching until it is below, so one look at a
   * text in the way spares all steps past it.
   */
  double below(Text text, double y, double foot) {
    double free = y;
    Text tried = text;
    for (Text inTheWay = touched(tried); inTheWay != null; inTheWay = touched(tried)) {
      while (tried.top() < inTheWay.bottom()) {
        free += STEP;
        tried = text.at(free + foot);
      }
    }
    return free;
  }

  /** A text that this one touches: the newest, which tends to be the lowest; or null. */
  private @Nullable Text touched(Text text) {
    for (int i = standing.size() - 1; i >= 0; i--) {
      if (standing.get(i).touches(text)) {
        return standing.get(i);
      }
    }
    return null;
  }
}
