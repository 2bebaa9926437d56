package dev.sallyport.domain.punch;

import java.time.Duration;

/**
 * The pace of punching.
 *
 * @param redialFloor the least time between two SYNs of one pair of endpoints. After a refusal the
 *     next one leaves at once, but never sooner: against NATs that refuse, meeting is a matter of
 *     trying often; on a loopback path an unpaced loop would make tens of thousands a second
 * @param redialJitter up to this much more, at random, so that two sides cannot lock in phase
 * @param dialTimeout how long a silent dial may last before a new socket replaces it: the kernel's
 *     own retransmissions come at 1, 3 and 7 s and leave long gaps
 * @param patience how many refusals on {@code local}, on {@code direct} and from private addresses
 *     before the pace slows down; an innocent neighbour may be at the other end
 * @param slowRedial the slowest pace there
 * @param dialsPerSecond for all pairs of one call together, with bursts of as many
 */
public record PunchPolicy(
    Duration redialFloor,
    Duration redialJitter,
    Duration dialTimeout,
    int patience,
    Duration slowRedial,
    int dialsPerSecond) {

  public static final PunchPolicy DEFAULT =
      new PunchPolicy(
          Duration.ofMillis(10),
          Duration.ofMillis(5),
          Duration.ofMillis(2000),
          5,
          Duration.ofSeconds(1),
          200);

  public PunchPolicy {
    if (redialFloor.isNegative()
        || redialJitter.isNegative()
        || !dialTimeout.isPositive()
        || slowRedial.compareTo(redialFloor) < 0
        || patience < 1
        || dialsPerSecond < 1) {
      throw new IllegalArgumentException("a pace that cannot be kept");
    }
  }
}
