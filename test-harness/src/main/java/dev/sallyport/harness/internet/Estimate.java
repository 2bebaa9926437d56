package dev.sallyport.harness.internet;

import dev.sallyport.harness.matrix.Proportion;

/**
 * An expected share of all calls, with what 95 % intervals say of it. Shares of one.
 *
 * @param rate as counted
 * @param byCalls what the number of calls leaves open: the counted share with Wilson's interval
 * @param mixLow lower end of what the weights of the mix leave open
 * @param mixHigh upper end of it
 */
record Estimate(double rate, Proportion byCalls, double mixLow, double mixHigh) {

  /** Lower end of both together: the two have nothing to do with each other, so squares add up. */
  double low() {
    return Math.max(0, rate - Math.hypot(rate - byCalls.low(), Math.max(0, rate - mixLow)));
  }

  /** Upper end of both together. */
  double high() {
    return Math.min(1, rate + Math.hypot(byCalls.high() - rate, Math.max(0, mixHigh - rate)));
  }

  /**
   * Whether the mix leaves more open than the number of calls, so that more calls would not help.
   */
  boolean isMixDominant() {
    return mixHigh - mixLow > byCalls.high() - byCalls.low();
  }
}
