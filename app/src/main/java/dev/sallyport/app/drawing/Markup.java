package dev.sallyport.app.drawing;

/** Text of others inside XML and HTML. Stateless; any thread may call it. */
public final class Markup {
  private static final int REPLACEMENT = 0xFFFD;

  private Markup() {}

  /**
   * The text as it may stand between tags and inside a quoted attribute. What XML 1.0 cannot carry
   * (section 2.2: control characters, lone surrogates), and what turns the reading direction of the
   * text after it, becomes U+FFFD.
   */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(codePoint -> append(out, codePoint));
    return out.toString();
  }

  private static void append(StringBuilder out, int codePoint) {
    switch (codePoint) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      case '\t', '\n', '\r' -> out.append(' ');
      default -> out.appendCodePoint(isFit(codePoint) ? codePoint : REPLACEMENT);
    }
  }

  private static boolean isFit(int codePoint) {
    return !Character.isISOControl(codePoint)
        && Character.getType(codePoint) != Character.SURROGATE
        && Character.getType(codePoint) != Character.FORMAT
        && (codePoint & 0xFFFE) != 0xFFFE;
  }
}
