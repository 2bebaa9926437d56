package dev.sallyport.app.drawing;

import dev.sallyport.app.drawing.Layout.Break;
import dev.sallyport.app.drawing.Layout.Dot;
import dev.sallyport.app.drawing.Layout.Line;
import dev.sallyport.app.drawing.Text.Anchor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes a laid-out ladder as SVG, in few bytes, for a page has hundreds: no ids (drawings would
 * share them), one path an arrow, classes of one or two letters, one group for the texts of a class
 * that stand below each other.
 */
final class SvgWriter {
  /** Colours told apart without red and green (Okabe and Ito); words carry the meaning as well. */
  static final String STYLE =
      """
      .pl{--bg:#fff;--ink:#24292f;--dim:#6a737d;--rule:#e3e6ea;--lane:#b4bbc4;\
      --s:#0b63b5;--k:#00785a;--a:#5c6670;--r:#b3420a;--i:#9a3d7d;--d:#00785a;--o:#5c6670;\
      --g:#0b63b5;--b:#b3420a;--n:#5c6670;\
      font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;background:var(--bg);\
      fill:var(--ink)}
      @media(prefers-color-scheme:dark){.pl{--bg:#15181c;--ink:#e4e7eb;--dim:#98a2ad;\
      --rule:#262b31;--lane:#4b545e;--s:#6cb6ff;--k:#4fc9a4;--a:#a7b0ba;--r:#f79a5c;--i:#e29bcb;\
      --d:#4fc9a4;--o:#a7b0ba;--g:#6cb6ff;--b:#f79a5c;--n:#a7b0ba}}
      .pl path{fill:none;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}
      .pl text{stroke:var(--bg);stroke-width:3px;stroke-linejoin:round;\
      paint-order:stroke}
      .pl .h{font-weight:600;text-anchor:middle}
      .pl .x,.pl .l{fill:var(--dim)}
      .pl .x,.pl .e{text-anchor:end}
      .pl .c{text-anchor:middle}
      .pl .v{stroke:var(--lane)}
      .pl .w{stroke:var(--lane);stroke-dasharray:1 5}
      .pl .z{stroke:var(--rule);stroke-width:1}
      .pl .s{stroke:var(--s)}.pl .ts{fill:var(--s)}.pl .k{stroke:var(--k)}.pl .tk{fill:var(--k)}
      .pl .a{stroke:var(--a)}.pl .ta{fill:var(--a)}.pl .r{stroke:var(--r)}.pl .tr{fill:var(--r)}
      .pl .i{stroke:var(--i)}.pl .ti{fill:var(--i)}.pl .d{stroke:var(--d)}.pl .td{fill:var(--d)}
      .pl .o{stroke:var(--o)}.pl .to{fill:var(--o)}
      .pl .mg,.pl .mb{font-weight:600}
      .pl .mg{fill:var(--g)}.pl .mb{fill:var(--b)}.pl .mn{fill:var(--n)}
      .pl .pg{fill:var(--g);stroke:var(--bg)}.pl .pb{stroke:var(--b);stroke-width:2.4}
      .pl .pn{fill:var(--bg);stroke:var(--n)}
      """;

  private static final double LONGEST_SUMMARY = 2000;
  private static final double HEAD_LENGTH = 7;
  private static final double HEAD_HALF = 3.4;

  private final PacketLadder ladder;
  private final Layout layout;
  private final StringBuilder out = new StringBuilder();

  SvgWriter(PacketLadder ladder) {
    this.ladder = ladder;
    this.layout = new Layout(ladder);
  }

  String write(String style) {
    String width = number(layout.width());
    String height = number(layout.height());
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"pl\" role=\"img\" width=\"")
        .append(width)
        .append("\" height=\"")
        .append(height)
        .append("\" viewBox=\"0 0 ")
        .append(width)
        .append(' ')
        .append(height)
        .append("\" aria-label=\"")
        .append(Markup.escape(summary()))
        .append("\">");
    if (!style.isEmpty()) {
      out.append("<style>").append(style).append("</style>");
    }
    writeGround();
    layout.lines.forEach(this::writeArrow);
    layout.dots.forEach(this::writeDot);
    layout.texts.stream()
        .collect(Collectors.groupingBy(SvgWriter::column, LinkedHashMap::new, Collectors.toList()))
        .forEach(this::writeColumn);
    return out.append("</svg>").toString();
  }

  private String summary() {
    int packets = ladder.arrows().size();
    return "Packet ladder, "
        + Letters.cut(String.join(", ", ladder.lanes()), LONGEST_SUMMARY)
        + ": "
        + packets
        + (packets == 1 ? " packet" : " packets");
  }

  private void writeGround() {
    StringBuilder rules = new StringBuilder();
    for (double tick : layout.ticks) {
      rules.append("M").append(point(Layout.AXIS, tick));
      rules.append("H").append(number(layout.laneX(ladder.lanes().size() - 1)));
    }
    writePath("z", rules);
    StringBuilder solid = new StringBuilder();
    StringBuilder dotted = new StringBuilder();
    for (int lane = 0; lane < ladder.lanes().size(); lane++) {
      String x = number(layout.laneX(lane));
      double y = layout.top();
      for (Break silence : layout.breaks) {
        append(solid, x, y, silence.top());
        append(dotted, x, silence.top(), silence.bottom());
        y = silence.bottom();
      }
      append(solid, x, y, layout.bottom());
    }
    writePath("v", solid);
    writePath("w", dotted);
  }

  private static void append(StringBuilder path, String x, double from, double to) {
    path.append("M").append(x).append(' ').append(number(from));
    path.append("V").append(number(to));
  }

  private void writePath(String cssClass, StringBuilder path) {
    if (!path.isEmpty()) {
      out.append("<path class=\"").append(cssClass).append("\" d=\"").append(path).append("\"/>");
    }
  }

  private void writeArrow(Line line) {
    StringBuilder path = new StringBuilder();
    double acrossX = line.x2() - line.x1();
    double acrossY = line.y2() - line.y1();
    path.append("M").append(point(line.x1(), line.y1()));
    path.append("l").append(point(acrossX, acrossY));
    if (line.arrow().arrives() == null) {
      path.append("m-4 -4l8 8m0 -8l-8 8");
    } else {
      double length = Math.hypot(acrossX, acrossY);
      double backX = HEAD_LENGTH * acrossX / length;
      double backY = HEAD_LENGTH * acrossY / length;
      double sideX = HEAD_HALF * acrossY / length;
      double sideY = HEAD_HALF * acrossX / length;
      path.append("m").append(point(-backX - sideX, -backY + sideY));
      path.append("l").append(point(backX + sideX, backY - sideY));
      path.append(" ").append(point(-backX + sideX, -backY - sideY));
    }
    writePath(line.arrow().kind().cssClass(), path);
  }

  /** Good news is a full dot, bad news a cross, the rest a ring: colour is not all there is. */
  private void writeDot(Dot dot) {
    String tone = dot.mark().tone().cssClass();
    String shape =
        dot.mark().tone() == PacketLadder.Tone.BAD
            ? "M" + point(dot.x() - 4, dot.y() - 4) + "l8 8m0 -8l-8 8"
            : "M" + point(dot.x() - 4, dot.y()) + "a4 4 0 1 0 8 0 4 4 0 1 0-8 0";
    writePath("p" + tone, new StringBuilder(shape));
  }

  /** What the texts of a column have in common. */
  private record Column(String cssClass, double x) {}

  private static Column column(Text text) {
    String anchor =
        text.anchor() == Anchor.END && !text.cssClass().equals("x")
            ? " e"
            : text.anchor() == Anchor.MIDDLE && !text.cssClass().equals("h") ? " c" : "";
    return new Column(text.cssClass() + anchor, text.x());
  }

  private void writeColumn(Column column, List<Text> texts) {
    String x = number(column.x());
    String cssClass = " class=\"" + column.cssClass() + "\"";
    if (texts.size() == 1) {
      writeText(texts.get(0), cssClass + " x=\"" + x + "\"", x);
      return;
    }
    out.append("<g").append(cssClass).append(" transform=\"translate(").append(x).append(")\">");
    texts.forEach(text -> writeText(text, "", "0"));
    out.append("</g>");
  }

  private void writeText(Text text, String attributes, String x) {
    out.append("<text").append(attributes);
    out.append(" y=\"").append(number(text.y())).append("\">");
    if (text.whole() != null) {
      out.append("<title>").append(Markup.escape(text.whole())).append("</title>");
    }
    out.append(Markup.escape(text.lines().get(0)));
    for (String line : text.lines().subList(1, text.lines().size())) {
      out.append("<tspan x=\"").append(x).append("\" dy=\"14\">");
      out.append(Markup.escape(line)).append("</tspan>");
    }
    out.append("</text>");
  }

  private static String point(double x, double y) {
    String second = number(y);
    // A minus sign parts two numbers as well.
    return number(x) + (second.startsWith("-") ? "" : " ") + second;
  }

  /** With at most one decimal. Not by a format: a drawing has a thousand numbers. */
  private static String number(double value) {
    long tenths = Math.round(value * 10);
    String whole = (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10;
    return tenths % 10 == 0 ? whole : whole + "." + Math.abs(tenths) % 10;
  }
}
