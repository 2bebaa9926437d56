package dev.sallyport.domain.nat;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether ports were given out one after the other: rule 11 of {@link NatClassifier}. Looks at
 * which ports there are rather than at their order, since packets are lost and overtake each other;
 * the order only gives the sign.
 *
 * @param step with its sign
 * @param signKnown whether the times tell the direction
 */
record SequenceFit(int step, boolean signKnown) {
  static final int FEWEST = 3;

  private static final int MAX_STEP = 256;

  /** Random ports of one block happen to be equally far apart, if they are few. */
  private static final int FEW = 6;

  private static final int MAX_STEP_OF_FEW = 16;

  /** Of eight samples at random, two orders of 40,320 are monotone. */
  private static final int ENOUGH_FOR_TREND = 8;

  /** So many steps other hosts may take between two of ours. */
  private static final int MAX_SKIPPED = 64;

  /** Null if they were not. */
  static @Nullable SequenceFit of(Samples samples) {
    if (samples.size() < FEWEST) {
      return null;
    }
    List<Integer> gaps = samples.gaps();
    Samples.Trend trend = samples.trend();
    int step = regular(gaps, samples.size() < FEW ? MAX_STEP_OF_FEW : MAX_STEP);
    if (step == 0 && samples.size() >= ENOUGH_FOR_TREND && isMonotone(trend, gaps.size())) {
      step = common(gaps);
    }
    if (step == 0) {
      return null;
    }
    return new SequenceFit(trend.down() > trend.up() ? -step : step, trend.up() != trend.down());
  }

  /** The gap that most have and that all are multiples of; 0 if there is none. */
  private static int regular(List<Integer> gaps, int most) {
    Map<Integer, Integer> counts = new HashMap<>();
    gaps.forEach(gap -> counts.merge(gap, 1, Integer::sum));
    for (Map.Entry<Integer, Integer> count : counts.entrySet()) {
      int step = count.getKey();
      if (2 * count.getValue() > gaps.size()
          && step <= most
          && gaps.stream().allMatch(gap -> gap % step == 0 && gap / step <= MAX_SKIPPED)) {
        return step;
      }
    }
    return 0;
  }

  private static boolean isMonotone(Samples.Trend trend, int steps) {
    return Math.min(trend.up(), trend.down()) == 0 && trend.up() + trend.down() == steps;
  }

  /** What all gaps are multiples of. */
  private static int common(Collection<Integer> gaps) {
    int common = 0;
    for (int gap : gaps) {
      int a = gap;
      while (common != 0) {
        int rest = a % common;
        a = common;
        common = rest;
      }
      common = a;
    }
    return common <= MAX_STEP ? common : 0;
  }
}
