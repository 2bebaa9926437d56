package dev.sallyport.harness.internet;

import java.util.List;
import java.util.random.RandomGenerator;

/** One possible truth behind the weights of a mix: what they may be, as far as is known. */
final class WeightDraw {
  private WeightDraw() {}

  /**
   * Shares of hosts that could have led to the mix. If it is a count of {@code n}, they come from
   * the Dirichlet distribution with the parameters {@code n} times each share (what one believes
   * after such a count, who believed nothing before); otherwise each from its range.
   */
  static double[] ofHosts(Mix mix, RandomGenerator random) {
    return mix.sample().isPresent()
        ? dirichlet(shares(mix.hosts()), (double) mix.sample().getAsLong(), random)
        : fromRanges(mix.hosts(), random);
  }

  /** The shares themselves, in the order of the parts. */
  static <T> double[] shares(List<Mix.Part<T>> parts) {
    return parts.stream().mapToDouble(part -> part.weight().share()).toArray();
  }

  /**
   * Each share from its range. The parts without a range divide what these leave, in proportion.
   */
  static <T> double[] fromRanges(List<Mix.Part<T>> parts, RandomGenerator random) {
    double[] drawn = shares(parts);
    double left = 1;
    double fixed = 0;
    for (int i = 0; i < drawn.length; i++) {
      Weight weight = parts.get(i).weight();
      if (weight.hasRange()) {
        drawn[i] = weight.draw(random);
        left -= drawn[i];
      } else {
        fixed += drawn[i];
      }
    }
    for (int i = 0; i < drawn.length; i++) {
      if (!parts.get(i).weight().hasRange()) {
        drawn[i] *= Math.max(0, left) / fixed;
      }
    }
    return scaled(drawn);
  }

  /** A draw from the Dirichlet distribution: independent gamma variables, scaled to add up to 1. */
  static double[] dirichlet(double[] shares, double count, RandomGenerator random) {
    double[] drawn = new double[shares.length];
    for (int i = 0; i < shares.length; i++) {
      drawn[i] = gamma(shares[i] * count, random);
    }
    return scaled(drawn);
  }

  /**
   * A gamma variable of this shape and of scale 1, by G. Marsaglia and W. W. Tsang, "A Simple
   * Method for Generating Gamma Variables", ACM TOMS 26 (2000).
   */
  static double gamma(double shape, RandomGenerator random) {
    if (shape < 1) {
      // Their section 6: a variable of a larger shape, times a power of a uniform one.
      return gamma(shape + 1, random) * Math.pow(random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < x * x / 2 + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  private static double[] scaled(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] /= sum;
    }
    return values;
  }
}
