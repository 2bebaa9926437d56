package dev.sallyport.harness.internet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is drawn has the moments that the books say it has. */
final class WeightDrawTest {
  private static final int DRAWS = 40_000;
  private static final long SEED = 7;

  private final RandomGenerator random = new SplittableRandom(SEED);

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 1, 2.5, 40, 900})
  void aGammaVariable_hasItsShapeAsMean_andAsVariance(double shape) {
    double[] drawn = new double[DRAWS];
    Arrays.setAll(drawn, i -> WeightDraw.gamma(shape, random));
    double fiveSigmas = 5 * Math.sqrt(shape / DRAWS);
    assertThat(mean(drawn)).as("seed %d", SEED).isCloseTo(shape, within(fiveSigmas));
    // The variance of a sample variance: (mu4 - sigma^4) / n, with mu4 = 3 k^2 + 6 k.
    double sigmaOfVariance = Math.sqrt((2 * shape * shape + 6 * shape) / DRAWS);
    assertThat(variance(drawn)).as("seed %d", SEED).isCloseTo(shape, within(5 * sigmaOfVariance));
  }

  @Test
  void aDirichletDraw_hasTheMomentsOfACount() {
    double[] shares = {0.57, 0.3, 0.11, 0.02};
    int count = 100;
    double[][] drawn = new double[DRAWS][];
    Arrays.setAll(drawn, i -> WeightDraw.dirichlet(shares, count, random));
    assertThat(Stream.of(drawn)).allMatch(d -> Math.abs(Arrays.stream(d).sum() - 1) < 1e-9);
    for (int i = 0; i < shares.length; i++) {
      int part = i;
      double variance = shares[i] * (1 - shares[i]) / (count + 1);
      double fiveSigmas = 5 * Math.sqrt(variance / DRAWS);
      assertThat(mean(column(drawn, d -> d[part])))
          .as("seed %d", SEED)
          .isCloseTo(shares[i], within(fiveSigmas));
      assertThat(variance(column(drawn, d -> d[part])))
          .as("seed %d", SEED)
          .isCloseTo(variance, within(variance * 0.1));
    }
    double both = variance(column(drawn, d -> d[0] + d[1]));
    assertThat(both)
        .as("seed %d: the parts of a whole hang together", SEED)
        .isCloseTo(0.87 * 0.13 / (count + 1), within(0.1 * 0.87 * 0.13 / (count + 1)));
  }

  @Test
  void aRange_isLeftNowhere_andHalfOfItIsAboveTheBestGuess() {
    Mix mix = MixTexts.read("nat 10% (8-20) symmetric", "nat rest none");
    double[] drawn = new double[DRAWS];
    Arrays.setAll(drawn, i -> WeightDraw.ofHosts(mix, random)[0]);
    assertThat(Arrays.stream(drawn)).allMatch(share -> share >= 0.08 && share <= 0.2);
    assertThat((double) Arrays.stream(drawn).filter(share -> share > 0.1).count() / DRAWS)
        .as("seed %d", SEED)
        .isCloseTo(0.5, within(0.0125));
    assertThat(mean(drawn)).as("seed %d", SEED).isCloseTo(0.12, within(0.001));
  }

  @Test
  void whatHasNoRange_dividesWhatTheOthersLeave() {
    Mix mix = MixTexts.read("nat 40% (20-60) symmetric", "nat 15% full-cone", "nat 45% none");
    for (int i = 0; i < 1000; i++) {
      double[] drawn = WeightDraw.ofHosts(mix, random);
      assertThat(drawn[0] + drawn[1] + drawn[2]).isCloseTo(1, within(1e-9));
      assertThat(drawn[0]).isBetween(0.2, 0.6);
      assertThat(drawn[2] / drawn[1]).isCloseTo(3, within(1e-9));
    }
  }

  @Test
  void ranges_thatTogetherPassTheWhole_areScaled() {
    Mix mix = MixTexts.read("nat 50% (50-100) symmetric", "nat 50% (50-100) none");
    for (int i = 0; i < 1000; i++) {
      double[] drawn = WeightDraw.ofHosts(mix, random);
      assertThat(drawn[0] + drawn[1]).isCloseTo(1, within(1e-9));
    }
  }

  private static double[] column(double[][] drawn, ToDoubleFunction<double[]> of) {
    return Arrays.stream(drawn).mapToDouble(of).toArray();
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
  }
}
