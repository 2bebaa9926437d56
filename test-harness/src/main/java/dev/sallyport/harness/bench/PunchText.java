package dev.sallyport.harness.bench;

import dev.sallyport.harness.bench.PunchBench.Bound;
import dev.sallyport.harness.bench.PunchBench.Call;
import dev.sallyport.harness.bench.PunchBench.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table of {@link PunchBench}, for people: a line for each group. */
public record PunchText(PunchBench bench) {
  private static final List<Double> SHARES = List.of(0.5, 0.95, 0.99);

  /** What it is about, and what the columns are. */
  public List<String> head() {
    return List.of(
        String.format(
            Locale.ROOT,
            "TCP at both ends, from the later side's start; %d ms one way, %d calls of each pair",
            bench.path().oneWayDelay().toMillis(),
            bench.repeat()),
        String.format(
            Locale.ROOT,
            "%-24s %5s %6s %9s  %-20s  %-20s  %s",
            "",
            "pairs",
            "calls",
            "connected",
            " RTT median  p95  p99",
            "  ms median  p95  p99",
            "promised"));
  }

  /** One group. */
  public String line(Row row) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%-24s %5d %6d %9d  ",
            row.group().name(),
            row.group().pairs().size(),
            row.calls(),
            row.connected().size()));
    for (double share : SHARES) {
      line.append(String.format(Locale.ROOT, "%7.2f", row.millis(share) / bench.roundTripMillis()));
    }
    line.append("  ");
    for (double share : SHARES) {
      line.append(String.format(Locale.ROOT, "%7.0f", row.millis(share)));
    }
    return line.append("  ").append(promise(row)).toString();
  }

  /** How to look at the slowest call of each group that takes longer than promised. */
  public List<String> tail(List<Row> rows) {
    List<String> lines = new ArrayList<>();
    for (Row row : rows) {
      Call slowest = row.slowest();
      if (slowest != null && !bench.isWithin(row)) {
        lines.add(
            String.format(
                Locale.ROOT,
                "slowest of %s, %.0f ms: ./lab explain --client=%s --server=%s --delay=%d --seed=%d",
                row.group().name(),
                slowest.millis(),
                slowest.pair().client().word(),
                slowest.pair().server().word(),
                bench.path().oneWayDelay().toMillis(),
                slowest.seed()));
      }
    }
    return lines;
  }

  private String promise(Row row) {
    Bound bound = row.group().bound();
    double roundTrip = bench.roundTripMillis();
    String words = String.format(Locale.ROOT, "p95 <= %.0f ms", bound.p95(roundTrip));
    if (Double.isFinite(bound.p99Millis())) {
      words += String.format(Locale.ROOT, ", p99 <= %.0f ms", bound.p99(roundTrip));
    } else {
      words += String.format(Locale.ROOT, " (%.1f RTT", bound.roundTrips());
      words +=
          bound.millis() == 0 ? ")" : String.format(Locale.ROOT, " + %.0f ms)", bound.millis());
    }
    return words + (bench.isWithin(row) ? ": ok" : ": exceeded");
  }
}
