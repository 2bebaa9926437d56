package dev.sallyport.app.callreport;

import static dev.sallyport.app.drawing.Markup.escape;

import dev.sallyport.app.drawing.PacketLadder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call as a page that stands alone: no script, nothing from elsewhere, light or dark as the
 * reader prefers. Whatever is handed in is text; it is escaped here. Immutable.
 *
 * @param good whether the call came through
 * @param verdict one sentence
 * @param advice what the reader can do, a line each; may be empty
 * @param facts what is known of the call, the two sides and what was tried
 * @param rungs what each rung tried; may be empty
 * @param ladder null if nothing was dialled
 * @param footer a sentence on where this comes from
 */
public record CallPage(
    String title,
    boolean good,
    String verdict,
    List<String> advice,
    List<Fact> facts,
    List<Rung> rungs,
    @Nullable PacketLadder ladder,
    String footer) {

  /** A labelled text. */
  public record Fact(String label, String text) {}

  /** A row of the table, as text. */
  public record Rung(
      String name, String to, String attempts, String from, String until, String outcome) {}

  private static final String STYLE =
      """
      :root{--bg:#fff;--ink:#24292f;--dim:#6a737d;--rule:#e3e6ea;--good:#0b63b5;--bad:#b3420a}
      @media(prefers-color-scheme:dark){:root{--bg:#15181c;--ink:#e4e7eb;--dim:#98a2ad;\
      --rule:#262b31;--good:#6cb6ff;--bad:#f79a5c}}
      *{box-sizing:border-box}
      body{margin:0 auto;padding:1.5rem 1rem;max-width:76rem;background:var(--bg);color:var(--ink);\
      font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
      h1{font-size:1.15rem;margin:0 0 .5rem}
      h2{font-size:1rem;margin:2rem 0 .5rem}
      .verdict{font-size:1.25rem;margin:0;border-left:4px solid;padding:.1rem 0 .1rem .8rem}
      .good{border-color:var(--good)}.bad{border-color:var(--bad)}
      dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.3rem 1.2rem;\
      margin:1.5rem 0}
      dt{color:var(--dim)}dd{margin:0}
      .wide{overflow-x:auto}
      table{border-collapse:collapse;width:100%;min-width:44rem;font-variant-numeric:tabular-nums}
      th,td{text-align:left;vertical-align:top;padding:.35rem 1rem .35rem 0;\
      border-bottom:1px solid var(--rule);overflow-wrap:normal}
      td:nth-child(2){min-width:9rem;overflow-wrap:anywhere}
      td:nth-child(4),td:nth-child(5){white-space:nowrap}
      th{color:var(--dim);font-weight:500}
      p.note,footer{color:var(--dim);font-size:.9rem}
      .pl{--bg:inherit}
      @media(max-width:32rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}}
      """;

  public CallPage {
    advice = List.copyOf(advice);
    facts = List.copyOf(facts);
    rungs = List.copyOf(rungs);
  }

  /** The page, in HTML 5, well-formed XML as well. */
  public String html() {
    StringBuilder out = new StringBuilder(1 << 14);
    out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>");
    out.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    out.append("<meta name=\"color-scheme\" content=\"light dark\"/>");
    out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    out.append("style-src 'unsafe-inline'\"/>");
    out.append("<title>").append(escape(title)).append("</title>");
    out.append("<style>").append(PacketLadder.style()).append(STYLE).append("</style></head>\n");
    out.append("<body><h1>").append(escape(title)).append("</h1>\n");
    out.append("<p class=\"verdict ").append(good ? "good" : "bad").append("\">");
    out.append(escape(verdict)).append("</p>\n");
    writeAdvice(out);
    writeFacts(out);
    writeRungs(out);
    writeLadder(out);
    return out.append("<footer><p>")
        .append(escape(footer))
        .append("</p></footer></body></html>\n")
        .toString();
  }

  private void writeAdvice(StringBuilder out) {
    if (!advice.isEmpty()) {
      out.append("<ul>");
      advice.forEach(line -> out.append("<li>").append(escape(line)).append("</li>"));
      out.append("</ul>\n");
    }
  }

  private void writeFacts(StringBuilder out) {
    out.append("<dl>");
    for (Fact fact : facts) {
      out.append("<dt>").append(escape(fact.label())).append("</dt>");
      out.append("<dd>").append(escape(fact.text())).append("</dd>");
    }
    out.append("</dl>\n");
  }

  private void writeRungs(StringBuilder out) {
    if (rungs.isEmpty()) {
      return;
    }
    out.append("<h2>What each rung tried</h2>\n<div class=\"wide\"><table><thead><tr>");
    for (String head : List.of("rung", "to", "attempts", "from", "until", "outcome")) {
      out.append("<th>").append(head).append("</th>");
    }
    out.append("</tr></thead><tbody>");
    for (Rung rung : rungs) {
      out.append("<tr>");
      for (String cell :
          List.of(
              rung.name(), rung.to(), rung.attempts(), rung.from(), rung.until(), rung.outcome())) {
        out.append("<td>").append(escape(cell)).append("</td>");
      }
      out.append("</tr>");
    }
    out.append("</tbody></table></div>\n");
  }

  private void writeLadder(StringBuilder out) {
    out.append("<h2>Packets, as this side saw them</h2>\n");
    if (ladder == null) {
      out.append("<p class=\"note\">Nothing was dialled.</p>\n");
      return;
    }
    out.append("<p class=\"note\">Time flows down, from the start of the call. Only this ");
    out.append("computer's clock is known: what happens at the other end is drawn half-way. ");
    out.append("Of many dials the first few are drawn, and the number of the others.</p>\n");
    out.append("<div class=\"wide\">").append(ladder.svgWithoutStyle()).append("</div>\n");
  }
}
