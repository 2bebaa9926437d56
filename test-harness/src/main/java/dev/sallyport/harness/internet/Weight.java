package dev.sallyport.harness.internet;

import java.util.random.RandomGenerator;

/**
 * How large a part something has, and between what and what it may be. Parts of one, not percent.
 *
 * @param share the best guess, above 0, at most 1
 * @param low the least it may be, 0 to {@code share}
 * @param high the most it may be, {@code share} to 1
 */
public record Weight(double share, double low, double high) {
  public Weight {
    if (!(share > 0 && low >= 0 && low <= share && share <= high && high <= 1)) {
      throw new IllegalArgumentException(
          "a share of " + share + " between " + low + " and " + high + " makes no sense");
    }
  }

  /** A part without a range. */
  static Weight of(double share) {
    return new Weight(share, share, share);
  }

  /** Whether a range was stated. */
  boolean hasRange() {
    return low < high;
  }

  /**
   * One value of the range: with the same chance below the best guess as above it, and on either
   * side any value is as likely as another.
   */
  double draw(RandomGenerator random) {
    double distance = random.nextDouble();
    return random.nextBoolean()
        ? share - distance * (share - low)
        : share + distance * (high - share);
  }
}
