package dev.sallyport.harness.internet;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.matrix.Proportion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * What is to be expected of a mix.
 *
 * @param all of all calls, how many connect
 * @param byRung the same by each rung
 * @param pairs who calls whom, those first that lose the largest share of all calls
 * @param seed that all chance came from
 */
record Outcome(
    Mix mix, long calls, long seed, Estimate all, Map<Rung, Estimate> byRung, List<Pair> pairs) {
  /** How many possible truths behind the mix are looked at. */
  static final int MIXES_DRAWN = 4000;

  private static final double TAIL = 0.025;

  /**
   * One host calls another.
   *
   * @param connected how many of the calls between them connected
   * @param ofAll the share of all calls, of one, that were between these and failed
   * @param reason how the first of them that failed ended; empty without one
   */
  record Pair(Host caller, Host service, Proportion connected, double ofAll, String reason) {
    /** Why they fail, in a few words: what their NATs do, if no call ever connects. */
    String why() {
      return connected.successes() == 0 ? Obstacle.between(caller, service).orElse(reason) : reason;
    }
  }

  /** Works it out. The same tally and seed give the same. */
  static Outcome of(Mix mix, Tally tally, long seed) {
    double[][] drawn = reweighted(mix, tally, new SplittableRandom(~seed));
    Map<Rung, Estimate> byRung = new EnumMap<>(Rung.class);
    for (int i = 0; i < Tally.RUNGS.size(); i++) {
      Rung rung = Tally.RUNGS.get(i);
      byRung.put(rung, estimate(tally.connected(rung), drawn[i]));
    }
    Estimate all = estimate(tally.connected(), drawn[Tally.RUNGS.size()]);
    return new Outcome(mix, tally.calls(), seed, all, byRung, pairs(mix, tally));
  }

  /** For each rung, and then for all: what each possible truth behind the mix makes of it. */
  private static double[][] reweighted(Mix mix, Tally tally, RandomGenerator random) {
    double[][] drawn = new double[Tally.RUNGS.size() + 1][MIXES_DRAWN];
    double[] hosts = WeightDraw.shares(mix.hosts());
    double[] roundTrips = WeightDraw.shares(mix.roundTrips());
    for (int draw = 0; draw < MIXES_DRAWN; draw++) {
      double[] rates =
          tally.reweighted(
              ratios(WeightDraw.ofHosts(mix, random), hosts),
              ratios(WeightDraw.fromRanges(mix.roundTrips(), random), roundTrips));
      for (int i = 0; i < rates.length; i++) {
        drawn[i][draw] = rates[i];
      }
    }
    return drawn;
  }

  private static double[] ratios(double[] drawn, double[] shares) {
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] /= shares[i];
    }
    return drawn;
  }

  private static Estimate estimate(Proportion counted, double[] drawn) {
    Arrays.sort(drawn);
    return new Estimate(
        counted.rate(),
        counted,
        drawn[(int) (TAIL * (drawn.length - 1))],
        drawn[(int) Math.ceil((1 - TAIL) * (drawn.length - 1))]);
  }

  private static List<Pair> pairs(Mix mix, Tally tally) {
    List<Pair> pairs = new ArrayList<>();
    for (int caller = 0; caller < mix.hosts().size(); caller++) {
      for (int service = 0; service < mix.hosts().size(); service++) {
        Proportion connected = tally.connected(caller, service);
        pairs.add(
            new Pair(
                mix.hosts().get(caller).what(),
                mix.hosts().get(service).what(),
                connected,
                (double) (connected.trials() - connected.successes()) / tally.calls(),
                tally.reason(caller, service)));
      }
    }
    pairs.sort(Comparator.comparingDouble(Pair::ofAll).reversed());
    return pairs;
  }
}
