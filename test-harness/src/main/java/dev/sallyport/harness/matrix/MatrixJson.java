package dev.sallyport.harness.matrix;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A matrix as JSON, one object: {@code fabric}, {@code seed}, {@code oneWayMs}, {@code
 * lossPercent}, {@code repeat}, {@code command}, {@code generatedAt} (RFC 3339), {@code wallMs},
 * {@code kinds} ({@code word}, {@code difficulty}, {@code description}) and {@code cells} ({@code
 * client}, {@code server}, {@code runs}, {@code connected}, {@code low}, {@code high}, {@code
 * rungs}, {@code medianRtts}, {@code p95Rtts}, {@code failures}), in this order, a kind or a cell a
 * line. {@code low} and {@code high} are the ends of the {@linkplain Proportion interval}, and are
 * not read again. A time that was not measured is null. Only {@code generatedAt} and what starts
 * with {@code wall} may differ between two measurements with one seed. Fields that it does not know
 * are skipped. Stateless; any thread may call it.
 */
public final class MatrixJson {
  private static final int LONGEST = 32 * 1024 * 1024;
  private static final double DIGITS = 1e4;

  private MatrixJson() {}

  /** The matrix as text that ends with a line feed. */
  public static String write(Matrix matrix) {
    List<String> fields = new ArrayList<>();
    fields.add(field("fabric", matrix.fabric()));
    fields.add(field("seed", matrix.seed()));
    fields.add(field("oneWayMs", matrix.oneWay().toNanos() / 1e6));
    fields.add(field("lossPercent", matrix.lossPercent()));
    fields.add(field("conditions", matrix.conditions()));
    fields.add(field("repeat", matrix.repeat()));
    fields.add(field("command", matrix.command()));
    fields.add(field("generatedAt", matrix.generatedAt().toString()));
    fields.add(field("wallMs", matrix.wall().toMillis()));
    fields.add(lines("kinds", matrix.kinds().stream().map(MatrixJson::map).toList()));
    fields.add(lines("cells", matrix.cells().stream().map(MatrixJson::map).toList()));
    return "{\n" + String.join(",\n", fields) + "\n}\n";
  }

  private static String field(String name, Object value) {
    return text(name) + ":" + text(value);
  }

  private static String lines(String name, List<? extends Map<String, ?>> values) {
    return values.stream()
        .map(MatrixJson::text)
        .collect(Collectors.joining(",\n", text(name) + ":[\n", "\n]"));
  }

  private static String text(Object value) {
    try {
      return JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> map(Kind kind) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("word", kind.word());
    map.put("difficulty", kind.difficulty().word());
    map.put("description", kind.description());
    return map;
  }

  private static Map<String, @Nullable Object> map(Cell cell) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("client", cell.client());
    map.put("server", cell.server());
    map.put("runs", cell.runs());
    map.put("connected", cell.connected());
    map.put("low", Math.rint(cell.proportion().low() * DIGITS) / DIGITS);
    map.put("high", Math.rint(cell.proportion().high() * DIGITS) / DIGITS);
    map.put("rungs", cell.rungs());
    putTime(map, "medianRtts", cell.medianRtts());
    putTime(map, "p95Rtts", cell.p95Rtts());
    map.put("failures", cell.failures());
    return map;
  }

  private static void putTime(Map<String, @Nullable Object> map, String name, double rtts) {
    map.put(name, Double.isNaN(rtts) ? null : rtts);
  }

  /**
   * The matrix that {@link #write} made this text of.
   *
   * @throws MatrixFormatException if it is not that, saying what is wrong with it
   */
  public static Matrix read(String text) throws MatrixFormatException {
    if (text.length() > LONGEST) {
      throw new MatrixFormatException("it is longer than " + LONGEST + " characters");
    }
    Fields fields = new Fields("the matrix", parse(text));
    List<Kind> kinds = new ArrayList<>();
    for (Fields kind : fields.objects("kinds")) {
      kinds.add(kind.make(MatrixJson::kind));
    }
    List<Cell> cells = new ArrayList<>();
    for (Fields cell : fields.objects("cells")) {
      cells.add(cell.make(MatrixJson::cell));
    }
    return fields.make(
        f ->
            new Matrix(
                f.text("fabric"),
                f.whole("seed"),
                Duration.ofNanos(Math.round(f.number("oneWayMs") * 1e6)),
                f.number("lossPercent"),
                f.text("conditions"),
                f.count("repeat"),
                kinds,
                cells,
                f.text("command"),
                f.instant("generatedAt"),
                Duration.ofMillis(f.whole("wallMs"))));
  }

  private static Map<String, Object> parse(String text) throws MatrixFormatException {
    try {
      Map<String, Object> map = JSON.std.mapFrom(text);
      // The word null is read as one.
      if (map != null) {
        return map;
      }
    } catch (IOException e) {
      // Jackson's own words speak of tokens and lines of its source.
    }
    throw new MatrixFormatException("it is not one JSON object");
  }

  private static Kind kind(Fields fields) throws MatrixFormatException {
    String word = fields.text("difficulty");
    Difficulty difficulty =
        Difficulty.parse(word)
            .orElseThrow(() -> fields.wrong("\"difficulty\" is unknown: \"" + word + "\""));
    return new Kind(fields.text("word"), difficulty, fields.text("description"));
  }

  private static Cell cell(Fields fields) throws MatrixFormatException {
    return new Cell(
        fields.text("client"),
        fields.text("server"),
        fields.count("runs"),
        fields.count("connected"),
        fields.counts("rungs"),
        fields.numberOrNaN("medianRtts"),
        fields.numberOrNaN("p95Rtts"),
        fields.counts("failures"));
  }
}
