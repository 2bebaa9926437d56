package dev.sallyport.domain.ladder;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What to dial, from where and when.
 *
 * @param rungs those that have something to dial, in the order they start
 * @param bursts what to dial besides, on the rung {@code external}, where ports have to be guessed
 * @param sameNetwork whether both ends seem to be behind the same public address
 */
public record Plan(List<PlannedRung> rungs, List<Burst> bursts, boolean sameNetwork) {
  /** Nothing to dial. */
  public static final Plan EMPTY = new Plan(List.of(), false);

  /** A plan without bursts. */
  public Plan(List<PlannedRung> rungs, boolean sameNetwork) {
    this(rungs, List.of(), sameNetwork);
  }

  public Plan {
    rungs = List.copyOf(rungs);
    bursts = List.copyOf(bursts);
  }

  /** Both plans, this one's rungs first. */
  public Plan and(Plan other) {
    return new Plan(
        Stream.concat(rungs.stream(), other.rungs.stream()).toList(),
        Stream.concat(bursts.stream(), other.bursts.stream()).toList(),
        sameNetwork || other.sameNetwork);
  }

  /** The same with these bursts besides. */
  public Plan with(List<Burst> more) {
    return and(new Plan(List.of(), more, false));
  }

  /** The rungs alone. */
  public Plan withoutBursts() {
    return new Plan(rungs, List.of(), sameNetwork);
  }

  /** Where a rung dials to, each endpoint once; without bursts. */
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
            .anyMatch(dial -> dial.remote().equals(remote))
        || bursts.stream().anyMatch(burst -> burst.dials(remote));
  }

  /** Whether both plans dial some endpoint. */
  public boolean sharesRemote(Plan other) {
    return rungs.stream()
        .flatMap(planned -> planned.dials().stream())
        .anyMatch(dial -> other.dials(dial.remote()));
  }

  /**
   * One rung.
   *
   * @param until when it has had its turn, and no dial of it leaves any more; null for never
   */
  public record PlannedRung(
      Rung rung, Duration after, @Nullable Duration until, List<PlannedDial> dials) {
    public PlannedRung {
      dials = List.copyOf(dials);
    }

    /** One without an end. */
    public PlannedRung(Rung rung, Duration after, List<PlannedDial> dials) {
      this(rung, after, null, dials);
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
