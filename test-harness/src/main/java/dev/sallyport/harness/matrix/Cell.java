package dev.sallyport.harness.matrix;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of one pair of NATs. Immutable; both maps keep their order.
 *
 * @param client the word of the kind that the caller stands behind
 * @param server the word of the kind that the service stands behind
 * @param runs how many attempts there were, at least 1
 * @param connected how many of them ended in an authenticated connection
 * @param rungs how many connections each rung won, in the ladder's order; {@code connected} in all
 * @param medianRtts from the punch's start to the connection, in round trips of the path, the
 *     median of the connections; NaN if there was none, and only then
 * @param p95Rtts the same, what 95 of 100 connections did not exceed
 * @param failures how many attempts failed for which reason, in words; {@code runs - connected} in
 *     all
 */
public record Cell(
    String client,
    String server,
    int runs,
    int connected,
    Map<String, Integer> rungs,
    double medianRtts,
    double p95Rtts,
    Map<String, Integer> failures) {

  public Cell {
    rungs = Collections.unmodifiableMap(new LinkedHashMap<>(rungs));
    failures = Collections.unmodifiableMap(new LinkedHashMap<>(failures));
    if (runs < 1 || connected < 0 || connected > runs) {
      throw new IllegalArgumentException(connected + " connected in " + runs + " runs");
    }
    checkSum("rungs", rungs, connected);
    checkSum("failures", failures, runs - connected);
    checkTime("median", medianRtts, connected);
    checkTime("95th percentile", p95Rtts, connected);
    if (medianRtts > p95Rtts) {
      throw new IllegalArgumentException(
          "a median of " + medianRtts + " above the 95th percentile, " + p95Rtts);
    }
  }

  private static void checkSum(String what, Map<String, Integer> counts, int sum) {
    if (counts.values().stream().anyMatch(count -> count < 0)
        || counts.values().stream().mapToLong(count -> count).sum() != sum) {
      throw new IllegalArgumentException("the " + what + " " + counts + " do not add up to " + sum);
    }
  }

  private static void checkTime(String what, double rtts, int connected) {
    boolean isTime = rtts >= 0 && rtts < Double.POSITIVE_INFINITY;
    if (connected > 0 ? !isTime : !Double.isNaN(rtts)) {
      throw new IllegalArgumentException(
          "a " + what + " of " + rtts + " round trips of " + connected + " connections");
    }
  }

  /** How many connected, as a share of the runs. */
  public Proportion proportion() {
    return new Proportion(connected, runs);
  }
}
