package dev.sallyport.harness.scenario;

import java.time.Duration;

/**
 * The way between two hosts that are apart. The middle lies half-way: a packet between a host and a
 * server there travels for half of the delay, and is exposed to half of the loss.
 *
 * @param oneWayDelay from host to host, 0 to 10 s
 * @param lossPercent how many of 100 one-way trips from host to host fail, 0 to 90
 * @param jitter how much longer than the delay a trip from host to host may take, 0 to 10 s;
 *     packets of one direction stay in order all the same
 * @param reorderPercent how many of 100 packets wait for those after them to pass, 0 to 90
 * @param seed of the generator that picks the jitter and the packets that are lost
 */
public record NetworkPath(
    Duration oneWayDelay, double lossPercent, Duration jitter, double reorderPercent, long seed) {
  private static final Duration MAX_DELAY = Duration.ofSeconds(10);
  private static final double MAX_SHARE = 90;

  public NetworkPath {
    check("delay", oneWayDelay);
    check("jitter", jitter);
    check("loss", lossPercent);
    check("reordering", reorderPercent);
  }

  private static void check(String what, Duration time) {
    if (time.isNegative() || time.compareTo(MAX_DELAY) > 0) {
      throw new IllegalArgumentException(
          "a " + what + " of " + time.toMillis() + " ms is not between 0 and 10000");
    }
  }

  private static void check(String what, double share) {
    if (!(share >= 0 && share <= MAX_SHARE)) {
      throw new IllegalArgumentException(
          "a " + what + " of " + share + " % is not between 0 and " + (int) MAX_SHARE);
    }
  }

  /** An even path: no jitter, no reordering. */
  public NetworkPath(Duration oneWayDelay, double lossPercent, long seed) {
    this(oneWayDelay, lossPercent, Duration.ZERO, 0, seed);
  }

  /** The same with this jitter and reordering. */
  public NetworkPath uneven(Duration otherJitter, double otherReorderPercent) {
    return new NetworkPath(oneWayDelay, lossPercent, otherJitter, otherReorderPercent, seed);
  }

  /** The same with another seed. */
  public NetworkPath seeded(long otherSeed) {
    return new NetworkPath(oneWayDelay, lossPercent, jitter, reorderPercent, otherSeed);
  }

  /** The time a packet takes there and back, without jitter. */
  public Duration roundTrip() {
    return oneWayDelay.multipliedBy(2);
  }

  /** No delay and no loss. */
  public static NetworkPath ideal() {
    return new NetworkPath(Duration.ZERO, 0, 0);
  }

  /** What each of the two uplinks may hold a packet for in addition. */
  public Duration jitterPerUplink() {
    return jitter.dividedBy(2);
  }

  /** The share of packets, 0 to 1, that wait for others to pass on each of the two uplinks. */
  public double reorderPerUplink() {
    return 1 - Math.sqrt(1 - reorderPercent / 100);
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
