package dev.sallyport.domain.ladder;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.rendezvous.Strategy;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * Many dials of one rung, {@code external}, towards a side whose port is not known or from a side
 * whose port the other one does not know. They leave in the order of the list, at a pace.
 *
 * @param localPort the port to dial from; 0 for another ephemeral one each time, which makes a NAT
 *     take another port each time
 * @param targets where to; the same endpoint may be there many times. At most {@link
 *     Strategy#MAX_SYNS}
 * @param after how long to wait before the first
 * @param perSecond the pace, after {@code atOnce} of them
 * @param atOnce how many may leave in one moment
 * @param hold how long each may last; a computer sends its SYN once more after each full second
 * @param again how long after a dial failed it is repeated, each time twice as long; zero for never
 */
public record Burst(
    int localPort,
    List<Endpoint> targets,
    Duration after,
    int perSecond,
    int atOnce,
    Duration hold,
    Duration again) {

  public Burst {
    targets = List.copyOf(targets);
    if (targets.isEmpty() || targets.size() > Strategy.MAX_SYNS) {
      throw new IllegalArgumentException("a burst of " + targets.size() + " dials");
    }
    if (localPort < 0 || localPort > 65535 || perSecond < 1 || atOnce < 1) {
      throw new IllegalArgumentException("a burst that cannot be dialled");
    }
    if (after.isNegative() || again.isNegative() || !hold.isPositive()) {
      throw new IllegalArgumentException("a burst with a delay that is none");
    }
  }

  /** From ephemeral ports to one endpoint, so many times. */
  static Burst fromManyPorts(
      Endpoint remote,
      int times,
      Duration after,
      int perSecond,
      int atOnce,
      Duration hold,
      Duration again) {
    return new Burst(0, Collections.nCopies(times, remote), after, perSecond, atOnce, hold, again);
  }

  /** Whether any of its dials goes there. */
  public boolean dials(Endpoint remote) {
    return targets.contains(remote);
  }
}
