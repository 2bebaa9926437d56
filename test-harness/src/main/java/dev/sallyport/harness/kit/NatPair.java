package dev.sallyport.harness.kit;

import dev.sallyport.harness.scenario.NatKind;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** What the client and what the server is behind: a cell of a table. */
public record NatPair(NatKind client, NatKind server) {
  private static final String YES = "yes";
  private static final String NO = "-";

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
   * is expected. Rows are the client's kinds, columns the server's.
   */
  public static String table(Predicate<NatPair> works, NatKind... kinds) {
    int width = Arrays.stream(kinds).mapToInt(kind -> kind.word().length()).max().orElse(0);
    StringBuilder text = new StringBuilder(" ".repeat(width));
    Arrays.stream(kinds).forEach(kind -> text.append("  ").append(kind.word()));
    for (NatKind client : kinds) {
      text.append('\n').append(padded(client.word(), width));
      for (NatKind server : kinds) {
        String result = works.test(new NatPair(client, server)) ? YES : NO;
        text.append("  ").append(padded(result, server.word().length()));
      }
    }
    return text.append('\n').toString().replaceAll(" +\n", "\n");
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }
}
