package dev.sallyport.app.natreport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How many calls between two types of NAT get through, as the test harness has counted them in its
 * simulation. The table is checked in; the harness writes it anew by {@code ./lab rates}, and one
 * of its tests fails when the table no longer says what this code does.
 *
 * <p>The file: lines that begin with {@code #} are notes; {@code calls N}, the calls of each pair;
 * {@code path ...}, the line they were made over, in words; {@code serves} and the types of the
 * columns; then for each type that calls a line of its word and the counts. Immutable.
 */
public final class Rates {
  private static final String RESOURCE = "rates.txt";

  private final int calls;
  private final String path;
  private final Map<NatType, Map<NatType, Integer>> connected;

  private Rates(int calls, String path, Map<NatType, Map<NatType, Integer>> connected) {
    this.calls = calls;
    this.path = path;
    this.connected = connected;
  }

  /** The table that this program comes with. */
  public static Rates shipped() {
    return Shipped.RATES;
  }

  /** Read when it is first asked for. */
  private static final class Shipped {
    private static final Rates RATES = load();

    private static Rates load() {
      try (InputStream in = Rates.class.getResourceAsStream(RESOURCE)) {
        if (in == null) {
          throw new IllegalStateException("the table of rates is missing");
        }
        return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /**
   * Reads a table.
   *
   * @throws IllegalArgumentException if it is none, or lacks a pair
   */
  static Rates parse(String text) {
    int calls = 0;
    String path = "";
    List<NatType> columns = List.of();
    Map<NatType, Map<NatType, Integer>> connected = new EnumMap<>(NatType.class);
    for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
      List<String> words = List.of(line.strip().split("\\s+"));
      List<String> rest = words.subList(1, words.size());
      switch (words.getFirst()) {
        case "calls" -> calls = Integer.parseInt(String.join(" ", rest));
        case "path" -> path = String.join(" ", rest);
        case "serves" -> columns = rest.stream().map(Rates::type).toList();
        default -> connected.put(type(words.getFirst()), row(columns, rest, calls));
      }
    }
    int types = NatType.values().length;
    if (calls < 1
        || connected.size() != types
        || connected.values().stream().anyMatch(row -> row.size() != types)) {
      throw new IllegalArgumentException("a table of rates that lacks a pair");
    }
    return new Rates(calls, path, connected);
  }

  private static Map<NatType, Integer> row(List<NatType> columns, List<String> counts, int calls) {
    if (columns.size() != counts.size()) {
      throw new IllegalArgumentException(
          "a row of " + counts.size() + " rates below " + columns.size() + " columns");
    }
    Map<NatType, Integer> row = new EnumMap<>(NatType.class);
    for (int i = 0; i < columns.size(); i++) {
      int count = Integer.parseInt(counts.get(i));
      if (count < 0 || count > calls) {
        throw new IllegalArgumentException(count + " of " + calls + " calls");
      }
      row.put(columns.get(i), count);
    }
    return row;
  }

  private static NatType type(String word) {
    return Arrays.stream(NatType.values())
        .filter(type -> type.word().equals(word))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("\"" + word + "\" is no type of the table"));
  }

  /** How many calls of each pair were counted. */
  public int calls() {
    return calls;
  }

  /** The line that they were made over, in words. */
  public String path() {
    return path;
  }

  /**
   * What to expect where either end may be of several types.
   *
   * @param callers at least one
   * @param services at least one
   */
  public Range between(Collection<NatType> callers, Collection<NatType> services) {
    int least = calls;
    int most = 0;
    for (NatType caller : callers) {
      for (NatType service : services) {
        int count = connected.getOrDefault(caller, Map.of()).getOrDefault(service, 0);
        least = Math.min(least, count);
        most = Math.max(most, count);
      }
    }
    return new Range(percent(least), percent(most));
  }

  /** All and nothing only where it was all or nothing. */
  private int percent(int count) {
    long rounded = Math.round(100.0 * count / calls);
    return count == calls ? 100 : count == 0 ? 0 : Math.clamp(rounded, 1, 99);
  }

  /**
   * How many of 100 calls get through.
   *
   * @param least for the pair of types that fits worst
   * @param most for the pair that fits best; not less
   */
  public record Range(int least, int most) {
    public Range {
      if (least < 0 || most > 100 || least > most) {
        throw new IllegalArgumentException("from " + least + " to " + most + " of 100");
      }
    }

    /** Whether it is more than one number. */
    boolean isWide() {
      return least < most;
    }

    /** As {@code 98 %} or {@code 0-100 %}. */
    public String words() {
      return (least == most ? "" + least : least + "-" + most) + " %";
    }
  }
}
