package dev.sallyport.harness.kit;

import dev.sallyport.harness.scenario.NatKind;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** What the client and what the server is behind: a cell of a table. */
public record NatPair(NatKind client, NatKind server) {
  /** Every ordered pair of these kinds, each also with itself, row by row. */
  public static List<NatPair> of(NatKind... kinds) {
    return Arrays.stream(kinds)
        .flatMap(client -> Arrays.stream(kinds).map(server -> new NatPair(client, server)))
        .toList();
  }

  /** Every ordered pair of all kinds. */
  public static List<NatPair> all() {
    return of(NatKind.values());
  }

  /** A network with this pair. */
  public TwoSites.Builder sites() {
    return TwoSites.between(client, server);
  }

  /** {@code full-cone calls symmetric}. */
  @Override
  public String toString() {
    return client.word() + " calls " + server.word();
  }

  /**
   * Tries every ordered pair and writes down what works, for people and for a comparison with what
   * is expected. Rows are the client's kinds; columns are the server's, by the numbers of the rows.
   */
  public static String table(Predicate<NatPair> works, NatKind... kinds) {
    int width = Arrays.stream(kinds).mapToInt(kind -> kind.word().length()).max().orElse(0);
    StringBuilder text = new StringBuilder(" ".repeat(width + 3));
    for (int column = 1; column <= kinds.length; column++) {
      text.append(cell("" + column));
    }
    for (int row = 0; row < kinds.length; row++) {
      text.append(String.format("\n%2d %-" + width + "s", row + 1, kinds[row].word()));
      for (NatKind server : kinds) {
        text.append(cell(works.test(new NatPair(kinds[row], server)) ? "yes" : "-"));
      }
    }
    return text.append('\n').toString();
  }

  private static String cell(String text) {
    return String.format("%5s", text);
  }
}
