package dev.sallyport.app.drawing;

import dev.sallyport.app.drawing.Layout.Break;
import dev.sallyport.app.drawing.Layout.Dot;
import dev.sallyport.app.drawing.Layout.Line;
import dev.sallyport.app.drawing.Text.Anchor;

/**
 * Writes a laid-out ladder as SVG, in few bytes: no ids (many drawings share a page), one path an
 * arrow, classes of one or two letters.
 */
final class SvgWriter {
  /** Colours told apart without red and green (Okabe and Ito); words carry the meaning as well. */
  static final String STYLE =
      """
      .pl{--bg:#fff;--ink:#24292f;--dim:#6a737d;--rule:#e3e6ea;--lane:#b4bbc4;\
      --s:#0b63b5;--k:#00785a;--a:#5c6670;--r:#b3420a;--i:#9a3d7d;--d:#00785a;--o:#5c6670;\
      --g:#0b63b5;--b:#b3420a;--n:#5c6670;\
      font:12px system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;background:var(--bg)}
      @media(prefers-color-scheme:dark){.pl{--bg:#15181c;--ink:#e4e7eb;--dim:#98a2ad;\
      --rule:#262b31;--lane:#4b545e;--s:#6cb6ff;--k:#4fc9a4;--a:#a7b0ba;--r:#f79a5c;--i:#e29bcb;\
      --d:#4fc9a4;--o:#a7b0ba;--g:#6cb6ff;--b:#f79a5c;--n:#a7b0ba}}
      .pl path{fill:none;stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}
      .pl text{fill:var(--ink);stroke:var(--bg);stroke-width:3px;stroke-linejoin:round;\
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
    layout.texts.forEach(this::writeText);
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
    path.append("M").append(point(line.x1(), line.y1()));
    path.append("L").append(point(line.x2(), line.y2()));
    if (line.arrow().arrives() == null) {
      path.append("m-4 -4l8 8m0 -8l-8 8");
    } else {
      double length = Math.hypot(line.x2() - line.x1(), line.y2() - line.y1());
      double alongX = (line.x2() - line.x1()) / length;
      double alongY = (line.y2() - line.y1()) / length;
      double backX = line.x2() - HEAD_LENGTH * alongX;
      double backY = line.y2() - HEAD_LENGTH * alongY;
      path.append("M")
          .append(point(backX - HEAD_HALF * alongY, backY + HEAD_HALF * alongX))
          .append("L")
          .append(point(line.x2(), line.y2()))
          .append("L")
          .append(point(backX + HEAD_HALF * alongY, backY - HEAD_HALF * alongX));
    }
    writePath(line.arrow().kind().cssClass(), path);
  }

  /** Good news is a full dot, bad news a cross, the rest a ring: colour is not all there is. */
  private void writeDot(Dot dot) {
    String tone = dot.mark().tone().cssClass();
    String shape =
        dot.mark().tone() == PacketLadder.Tone.BAD
            ? "M" + point(dot.x() - 4, dot.y() - 4) + "l8 8m0 -8l-8 8"
            : "M" + point(dot.x() - 4, dot.y()) + "a4 4 0 1 0 8 0a4 4 0 1 0 -8 0";
    writePath("p" + tone, new StringBuilder(shape));
  }

  private void writeText(Text text) {
    String anchor =
        text.anchor() == Anchor.END && !text.cssClass().equals("x")
            ? " e"
            : text.anchor() == Anchor.MIDDLE && !text.cssClass().equals("h") ? " c" : "";
    String x = number(text.x());
    out.append("<text class=\"").append(text.cssClass()).append(anchor);
    out.append("\" x=\"").append(x).append("\" y=\"").append(number(text.y())).append("\">");
    if (text.whole() != null) {
      out.append("<title>").append(Markup.escape(text.whole())).append("</title>");
    }
    if (text.lines().size() == 1) {
      out.append(Markup.escape(text.lines().get(0)));
    } else {
      for (int line = 0; line < text.lines().size(); line++) {
        out.append("<tspan x=\"").append(x).append(line == 0 ? "\">" : "\" dy=\"14\">");
        out.append(Markup.escape(text.lines().get(line))).append("</tspan>");
      }
    }
    out.append("</text>");
  }

  private static String point(double x, double y) {
    return number(x) + " " + number(y);
  }

  /** With at most one decimal. Not by a format: a drawing has a thousand numbers. */
  private static String number(double value) {
    long tenths = Math.round(value * 10);
    String whole = (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10;
    return tenths % 10 == 0 ? whole : whole + "." + Math.abs(tenths) % 10;
  }
}
