package dev.sallyport.domain.ladder;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;
import java.util.List;

/**
 * What to dial, from where and when.
 *
 * @param rungs those that have something to dial, in the order they start
 * @param sameNetwork whether both ends seem to be behind the same public address
 */
public record Plan(List<PlannedRung> rungs, boolean sameNetwork) {
  /** Nothing to dial. */
  public static final Plan EMPTY = new Plan(List.of(), false);

  public Plan {
    rungs = List.copyOf(rungs);
  }

  /** One rung. */
  public record PlannedRung(Rung rung, Duration after, List<PlannedDial> dials) {
    public PlannedRung {
      dials = List.copyOf(dials);
    }
  }

  /**
   * One pair of endpoints.
   *
   * @param localPort the port to dial from; 0 for an ephemeral one
   * @param after how long after the rung's own start
   */
  public record PlannedDial(int localPort, Endpoint remote, Duration after) {}
}
