package dev.sallyport.domain.ladder;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;

/**
 * How to climb.
 *
 * @param order the rungs to use, each at most once
 * @param stagger how long after a rung the next one starts, if the earlier is still trying
 * @param laneSpacing how long after a pair of ports the next pair starts: a stale half-open entry
 *     in a NAT on the way can spoil one pair for minutes, and only other ports get around it
 * @param turn how long each rung has for itself, if they go one after the other; zero if they race
 */
public record LadderPolicy(
    List<Rung> order, Duration stagger, Duration laneSpacing, Duration turn) {

  /** External, local, direct; 250 ms apart; the next pair of ports after 1.5 s. */
  public static final LadderPolicy DEFAULT =
      new LadderPolicy(
          List.of(Rung.EXTERNAL, Rung.LOCAL, Rung.DIRECT),
          Duration.ofMillis(250),
          Duration.ofMillis(1500),
          Duration.ZERO);

  public LadderPolicy {
    order = List.copyOf(order);
    if (order.isEmpty() || new HashSet<>(order).size() != order.size()) {
      throw new IllegalArgumentException("a ladder has each rung at most once and at least one");
    }
    if (stagger.isNegative() || laneSpacing.isNegative() || turn.isNegative()) {
      throw new IllegalArgumentException("a delay is not negative");
    }
  }

  /** The same delays with other rungs. */
  public LadderPolicy withOrder(List<Rung> rungs) {
    return new LadderPolicy(rungs, stagger, laneSpacing, turn);
  }

  /** The same with the rungs one after the other, each for so long at most. */
  public LadderPolicy withTurns(Duration each) {
    return new LadderPolicy(order, stagger, laneSpacing, each);
  }

  /** Whether the rungs go one after the other. */
  public boolean isSequential() {
    return !turn.isZero();
  }
}
