package dev.sallyport.app.drawing;

import java.util.ArrayList;
import java.util.List;

/**
 * How wide text is, without a font at hand: for 12 pixels of any usual sans-serif, rather too wide
 * than too narrow. DejaVu Sans and Verdana, the widest ones, are the measure.
 */
final class Letters {
  private static final String NARROW = "iIjl|!.,:;'()[] ftr";
  private static final String WIDE = "mwMWQO@%—→←…";
  private static final int LAST_LATIN = 0x24F;

  /** Of the letters that nearly all words here are made of. */
  private static final double[] ASCII = new double[128];

  static {
    for (int letter = 0; letter < ASCII.length; letter++) {
      ASCII[letter] = lookUp(letter);
    }
  }

  private Letters() {}

  static double width(String text) {
    return text.codePoints().mapToDouble(Letters::width).sum();
  }

  private static double width(int codePoint) {
    return codePoint < ASCII.length ? ASCII[codePoint] : lookUp(codePoint);
  }

  private static double lookUp(int codePoint) {
    if (NARROW.indexOf(codePoint) >= 0) {
      return 5;
    }
    if (WIDE.indexOf(codePoint) >= 0) {
      return 12;
    }
    if (codePoint > LAST_LATIN) {
      // Full-width scripts and pictures take a square, and some more.
      return 16;
    }
    return Character.isUpperCase(codePoint) ? 9 : 7.7;
  }

  /** The text, cut with an ellipsis if it is wider than this. */
  static String cut(String text, double widest) {
    if (width(text) <= widest) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    double left = widest - width('…');
    for (int at = 0; at < text.length(); ) {
      int codePoint = text.codePointAt(at);
      left -= width(codePoint);
      if (left < 0) {
        break;
      }
      out.appendCodePoint(codePoint);
      at += Character.charCount(codePoint);
    }
    return out.toString().stripTrailing() + "…";
  }

  /** The text in lines not wider than this, broken at spaces; the last is cut if need be. */
  static List<String> wrap(String text, double widest, int most) {
    List<String> lines = new ArrayList<>();
    String line = "";
    // More than this cannot be seen, however it breaks.
    String visible = cut(text.strip(), widest * (most + 1));
    for (String word : visible.split("\\s+")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      boolean isLast = lines.size() == most - 1;
      if (line.isEmpty() || isLast || width(longer) <= widest) {
        line = longer;
      } else {
        lines.add(cut(line, widest));
        line = word;
      }
    }
    lines.add(cut(line, widest));
    return lines;
  }
}
