package dev.sallyport.harness.internet;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.matrix.Proportion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What came of the calls of a mix, counted by who called whom over which round trip. Not
 * thread-safe; the order in which calls are added changes nothing but whose reason is kept.
 */
final class Tally {
  /** All rungs, in the order of what {@link #reweighted} returns. */
  static final List<Rung> RUNGS = List.of(Rung.values());

  private final int hosts;
  private final int roundTrips;
  private final long[] calls;
  private final long[][] connectedBy;
  private final Map<Integer, String> reasons = new HashMap<>();
  private long allCalls;

  Tally(Mix mix) {
    this.hosts = mix.hosts().size();
    this.roundTrips = mix.roundTrips().size();
    this.calls = new long[hosts * hosts * roundTrips];
    this.connectedBy = new long[RUNGS.size()][calls.length];
  }

  /** How a call ended: the rung that connected it, or null and why none did. */
  record Ending(@Nullable Rung rung, String reason) {}

  void add(CallDraw draw, Ending ending) {
    int cell = pair(draw.caller(), draw.service()) * roundTrips + draw.roundTrip();
    calls[cell]++;
    allCalls++;
    if (ending.rung() != null) {
      connectedBy[RUNGS.indexOf(ending.rung())][cell]++;
    } else {
      reasons.putIfAbsent(pair(draw.caller(), draw.service()), ending.reason());
    }
  }

  /** How many calls there were. */
  long calls() {
    return allCalls;
  }

  /** How many of all calls connected, by any rung. */
  Proportion connected() {
    long sum = 0;
    for (Rung rung : RUNGS) {
      sum += connected(rung).successes();
    }
    return new Proportion(sum, allCalls);
  }

  /** How many of all calls connected by this rung. */
  Proportion connected(Rung rung) {
    return new Proportion(sum(connectedBy[RUNGS.indexOf(rung)], cell -> true), allCalls);
  }

  /** How many of the calls between these two connected. */
  Proportion connected(int caller, int service) {
    IntPredicate ofPair = cell -> cell / roundTrips == pair(caller, service);
    long sum = 0;
    for (long[] counts : connectedBy) {
      sum += sum(counts, ofPair);
    }
    return new Proportion(sum, sum(calls, ofPair));
  }

  /** Why the first call between these two that failed did so; empty if none failed. */
  String reason(int caller, int service) {
    return reasons.getOrDefault(pair(caller, service), "");
  }

  /**
   * How often each rung would have connected, and after them all together, if the shares had been
   * others: each call counts as much more or less as it would have been drawn more or less often.
   *
   * @param hostRatios how much larger each host's share is than in the mix
   * @param roundTripRatios the same for each round trip
   */
  double[] reweighted(double[] hostRatios, double[] roundTripRatios) {
    double all = 0;
    double[] rates = new double[connectedBy.length + 1];
    for (int cell = 0; cell < calls.length; cell++) {
      int pair = cell / roundTrips;
      double ratio =
          hostRatios[pair / hosts] * hostRatios[pair % hosts] * roundTripRatios[cell % roundTrips];
      all += ratio * calls[cell];
      for (int rung = 0; rung < connectedBy.length; rung++) {
        rates[rung] += ratio * connectedBy[rung][cell];
      }
    }
    for (int rung = 0; rung < connectedBy.length; rung++) {
      rates[rung] /= all;
      rates[connectedBy.length] += rates[rung];
    }
    return rates;
  }

  private int pair(int caller, int service) {
    return caller * hosts + service;
  }

  private static long sum(long[] counts, IntPredicate which) {
    long sum = 0;
    for (int cell = 0; cell < counts.length; cell++) {
      sum += which.test(cell) ? counts[cell] : 0;
    }
    return sum;
  }
}
