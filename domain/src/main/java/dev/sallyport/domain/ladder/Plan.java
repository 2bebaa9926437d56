package dev.sallyport.domain.ladder;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

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

  /** Both plans, this one's rungs first. */
  public Plan and(Plan other) {
    return new Plan(
        Stream.concat(rungs.stream(), other.rungs.stream()).toList(),
        sameNetwork || other.sameNetwork);
  }

  /** Where a rung dials to, each endpoint once. */
  public List<Endpoint> remotes(Rung rung) {
    return rungs.stream()
        .filter(planned -> planned.rung() == rung)
        .flatMap(planned -> planned.dials().stream())
        .map(PlannedDial::remote)
        .distinct()
        .toList();
  }

  /** Whether any rung dials this endpoint. */
  public boolean dials(Endpoint remote) {
    return rungs.stream()
        .flatMap(planned -> planned.dials().stream())
        .anyMatch(dial -> dial.remote().equals(remote));
  }

  /** Whether both plans dial some endpoint. */
  public boolean sharesRemote(Plan other) {
    return rungs.stream()
        .flatMap(planned -> planned.dials().stream())
        .anyMatch(dial -> other.dials(dial.remote()));
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
