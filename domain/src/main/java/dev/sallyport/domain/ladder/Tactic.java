package dev.sallyport.domain.ladder;

/**
 * What two NATs leave us to try, by {@link StrategyRules}.
 *
 * @param kind what it is
 * @param callerIsHard whether the caller's NAT takes another port for each remote, and that is in
 *     the way
 * @param serviceIsHard the same of the service's
 * @param rule the number of the rule that says so
 * @param sure whether what it rests on is more than a guess; a guess is tried only after a plain
 *     simultaneous open had its chance, and never makes us give up
 */
public record Tactic(
    Kind kind, boolean callerIsHard, boolean serviceIsHard, int rule, boolean sure) {

  /** What is tried where nothing is known. */
  public static final Tactic PLAIN = new Tactic(Kind.OPEN, false, false, 1, true);

  /** The kinds, from the easiest to the hardest. */
  public enum Kind {
    /** Both dial the endpoints that the other one is known by. */
    OPEN,
    /** The next ports of a hard side are foreseen, and the other one dials those. */
    PREDICTED,
    /** A hard side opens many ports, and the other one dials many: they meet by chance. */
    BIRTHDAY,
    /** Nothing that is worth trying between the external addresses. */
    IMPOSSIBLE
  }

  public Tactic {
    boolean hard = callerIsHard || serviceIsHard;
    if ((kind == Kind.OPEN) == hard
        || (kind == Kind.BIRTHDAY && callerIsHard && serviceIsHard)
        || (kind == Kind.IMPOSSIBLE && !(callerIsHard && serviceIsHard && sure))) {
      throw new IllegalArgumentException(
          kind + " with hard sides " + callerIsHard + ", " + serviceIsHard);
    }
  }

  /** Whether it comes to the same, however sure we are of it. */
  public boolean isLike(Tactic other) {
    return kind == other.kind
        && callerIsHard == other.callerIsHard
        && serviceIsHard == other.serviceIsHard;
  }

  /** Whether the side in this role is one whose ports have to be guessed. */
  public boolean isHard(Role role) {
    return role == Role.CALLER ? callerIsHard : serviceIsHard;
  }
}
