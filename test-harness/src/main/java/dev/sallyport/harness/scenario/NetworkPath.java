package dev.sallyport.harness.scenario;

import java.time.Duration;

/**
 * The way between two hosts that are apart. The middle lies half-way: a packet between a host and a
 * server there travels for half of the delay, and is exposed to half of the loss.
 *
 * @param oneWayDelay from host to host, 0 to 10 s
 * @param lossPercent how many of 100 one-way trips from host to host fail, 0 to 90
 * @param seed of the generator that picks the jitter and the packets that are lost
 */
public record NetworkPath(Duration oneWayDelay, double lossPercent, long seed) {
  private static final Duration MAX_DELAY = Duration.ofSeconds(10);
  private static final double MAX_LOSS = 90;

  public NetworkPath {
    if (oneWayDelay.isNegative() || oneWayDelay.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException(
          "a delay of " + oneWayDelay.toMillis() + " ms is not between 0 and 10000");
    }
    if (!(lossPercent >= 0 && lossPercent <= MAX_LOSS)) {
      throw new IllegalArgumentException(
          "a loss of " + lossPercent + " % is not between 0 and " + (int) MAX_LOSS);
    }
  }

  /** No delay and no loss. */
  public static NetworkPath ideal() {
    return new NetworkPath(Duration.ZERO, 0, 0);
  }

  /** What each of the two uplinks holds a packet for. */
  public Duration delayPerUplink() {
    return oneWayDelay.dividedBy(2);
  }

  /** The share of packets, 0 to 1, that each of the two uplinks loses. */
  public double lossPerUplink() {
    return 1 - Math.sqrt(1 - lossPercent / 100);
  }
}
