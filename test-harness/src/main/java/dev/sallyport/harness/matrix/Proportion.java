package dev.sallyport.harness.matrix;

/**
 * A share that was counted, with the interval that the true share lies in, in 95 of 100 such counts
 * (the score interval of E. B. Wilson, 1927): unlike the textbook one it stays between 0 and 1, and
 * is no point when all or none succeed. Immutable.
 *
 * @param successes 0 to {@code trials}
 * @param trials 0 or more
 */
public record Proportion(long successes, long trials) {
  /** The standard normal distribution's quantile at 0.975. */
  private static final double Z = 1.959963984540054;

  public Proportion {
    if (successes < 0 || successes > trials) {
      throw new IllegalArgumentException(successes + " successes in " + trials + " trials");
    }
  }

  /** From 0 to 1; NaN without a trial. */
  public double rate() {
    return trials == 0 ? Double.NaN : (double) successes / trials;
  }

  /** Lower end of the interval, from 0 to 1; 0 without a trial. */
  public double low() {
    return successes == 0 ? 0 : Math.max(0, centre() - halfWidth());
  }

  /** Upper end of the interval, from 0 to 1; 1 without a trial. */
  public double high() {
    return successes == trials ? 1 : Math.min(1, centre() + halfWidth());
  }

  /** Both counted as one. */
  public Proportion plus(Proportion other) {
    return new Proportion(successes + other.successes, trials + other.trials);
  }

  private double centre() {
    return (successes + Z * Z / 2) / (trials + Z * Z);
  }

  private double halfWidth() {
    return Z * Math.sqrt((1 - rate()) * successes + Z * Z / 4) / (trials + Z * Z);
  }
}
