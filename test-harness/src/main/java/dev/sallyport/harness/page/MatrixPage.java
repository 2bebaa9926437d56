package dev.sallyport.harness.page;

import static dev.sallyport.app.drawing.Markup.escape;

import dev.sallyport.app.drawing.PacketLadder;
import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.matrix.Kind;
import dev.sallyport.harness.matrix.Matrix;
import dev.sallyport.harness.matrix.Proportion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes a matrix as one HTML file. Its content security policy forbids everything from elsewhere,
 * and every style and script that is not its own, by their hashes (CSP level 3, section 8.4). It is
 * also well-formed XML after its first line. Stateless; any thread may call it.
 */
public final class MatrixPage {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Matrix matrix;
  private final Function<Cell, Optional<Explained>> runs;

  private MatrixPage(Matrix matrix, Function<Cell, Optional<Explained>> runs) {
    this.matrix = matrix;
    this.runs = runs;
  }

  /**
   * The page, to be stored as UTF-8. Equal arguments give equal pages. The panel of a pair is at
   * the fragment {@code #client--server}.
   *
   * @param runs a run of a cell to draw, if there is one; asked once for each cell, in their order
   */
  public static String render(Matrix matrix, Function<Cell, Optional<Explained>> runs) {
    return new MatrixPage(matrix, runs).html();
  }

  private String html() {
    String style = "\n" + PacketLadder.style() + resource("page.css");
    String script = "\n" + resource("page.js");
    StringBuilder out = new StringBuilder();
    out.append(
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="referrer" content="no-referrer"/>
        <title>Sallyport: every NAT against every NAT</title>
        <style>%s</style>
        </head>
        <body>
        <main>
        <h1>Every NAT against every NAT</h1>
        """
            .formatted(hash(style), hash(script), style));
    out.append(introduction());
    out.append("<h2 class=\"quiet\">Who gets through to whom</h2>\n");
    out.append(new HeatMap(matrix).html());
    out.append("<h2>Against the rules of thumb</h2>\n").append(new Comparison(matrix).html());
    out.append("<h2>The kinds</h2>\n").append(kinds());
    out.append("<h2>How it was made</h2>\n").append(making());
    out.append("</main>\n");
    for (Cell cell : matrix.cells()) {
      out.append(new CellPanel(matrix, cell, runs.apply(cell)).html());
    }
    return out.append("<script>%s</script>\n</body>\n</html>\n".formatted(script)).toString();
  }

  private String introduction() {
    Proportion total = matrix.total();
    long perfect = matrix.cells().stream().filter(cell -> cell.connected() == cell.runs()).count();
    return """
        <p class="lead">Two computers, each behind a NAT, open a TCP connection straight to each \
        other: the row calls, the column serves. Each number says how many of 100 attempts ended in \
        a connection on which both ends had proved who they are.</p>
        <ul class="totals">
        <li><b>%s</b> of all attempts connected%s</li>
        <li><b>%s</b> pairs, %s attempts</li>
        <li><b>%s</b> pairs connected every time</li>
        </ul>
        """
        .formatted(
            total.trials() == 0 ? "–" : Words.percent(total) + "\u00a0%",
            total.trials() == 0 ? "" : ", 95\u00a0% interval " + Words.interval(total),
            Words.grouped(matrix.cells().size()),
            Words.grouped(total.trials()),
            Words.grouped(perfect));
  }

  private String kinds() {
    StringBuilder out = new StringBuilder("<dl class=\"kinds\">\n");
    for (Kind kind : matrix.kinds()) {
      String description =
          kind.description().isBlank() ? kind.difficulty().word() : kind.description();
      out.append(
          "<div><dt>%s</dt><dd>%s</dd></div>\n"
              .formatted(escape(kind.word()), escape(description)));
    }
    return out.append("</dl>\n").toString();
  }

  private String making() {
    return """
        <dl class="kinds">
        <div><dt>command</dt><dd><code>%s</code></dd></div>
        <div><dt>fabric</dt><dd>%s</dd></div>
        <div><dt>seed</dt><dd>%d</dd></div>
        <div><dt>path</dt><dd>%s ms one way, %s %% loss%s</dd></div>
        <div><dt>attempts</dt><dd>%d a pair</dd></div>
        <div><dt>date</dt><dd><time datetime="%s">%s</time>, took %s s</dd></div>
        </dl>
        """
        .formatted(
            escape(matrix.command()),
            escape(matrix.fabric()),
            matrix.seed(),
            Words.decimal(matrix.oneWay().toNanos() / 1e6),
            Words.decimal(matrix.lossPercent()),
            matrix.conditions().isEmpty() ? "" : escape(", " + matrix.conditions()),
            matrix.repeat(),
            matrix.generatedAt().truncatedTo(ChronoUnit.SECONDS),
            DATE.format(matrix.generatedAt()),
            Words.decimal(matrix.wall().toMillis() / 1000.0));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  static String resource(String name) {
    try (InputStream in = MatrixPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
