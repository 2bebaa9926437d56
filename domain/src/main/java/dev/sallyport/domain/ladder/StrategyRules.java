package dev.sallyport.domain.ladder;

import dev.sallyport.domain.ladder.Tactic.Kind;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;

/**
 * Two profiles in, a tactic out: a pure function, so both ends come to the same. A side is
 * <em>hard</em> if its NAT takes another port for each remote (RFC 4787: mapping that is not
 * endpoint-independent) and does not keep the host's port: then nobody can know beforehand where
 * its packets to a new peer will come from. The rules, by the numbers in the code; the first that
 * fits counts:
 *
 * <ol>
 *   <li>No side is hard: {@code OPEN}. Each endpoint is known, so both dial it at the same moment
 *       (RFC 5382 REQ-2).
 *   <li>One side is hard, and the other lets everybody in (filtering is endpoint-independent, or
 *       there is no NAT): {@code OPEN}. The hard side's SYN goes straight in, wherever it comes
 *       from.
 *   <li>One side is hard and takes ports in steps: {@code PREDICTED}. A sample says where it
 *       stands, its next few connections are a step further each, and the other side dials all of
 *       them.
 *   <li>One side is hard otherwise: {@code BIRTHDAY}. It opens N ports towards the one endpoint of
 *       the easy side, which dials M others out of R: nobody meets with (1 - N/R)^M, which is 0.03
 *       % for 256, 2048 and 64512.
 *   <li>Both are hard, and one of them filters by address at most, or lets everybody in: the other
 *       one's ports do not matter to it. As rule 3 or 4, with only that one as the hard side.
 *   <li>Both are hard and take ports in steps: {@code PREDICTED} both ways. Each knows the other's
 *       next ports, so the n-th dial of one goes to where the n-th of the other comes from.
 *   <li>Both are hard otherwise: {@code IMPOSSIBLE}. A connection needs the right port on both ends
 *       at once. Even if one side is foreseen, each dial of the other leaves from one of R ports at
 *       random and has to be met there: 1 in R, so 45,000 dials for even odds at R = 64512. No
 *       trick with holes opened beforehand changes that, for a hole is for one port of the peer. As
 *       long as that is a guess, {@code OPEN}: more may be known soon.
 * </ol>
 *
 * <p>What is known of TCP counts; where nothing is, what is known of UDP. What is not known counts
 * as easy: most are.
 */
public final class StrategyRules {
  /** Less is a guess, as everywhere ({@link Finding}). */
  private static final int SURE = 50;

  private static final PortAllocation ANY_PORT = new PortAllocation.Random(1024, 65535);

  private StrategyRules() {}

  /** What to try between two sides with these profiles. */
  public static Tactic choose(NatProfile caller, NatProfile service) {
    boolean callerIsHard = isHard(caller);
    boolean serviceIsHard = isHard(service);
    if (!callerIsHard && !serviceIsHard) {
      return Tactic.PLAIN;
    }
    boolean sure =
        (!callerIsHard || confidence(caller) >= SURE)
            && (!serviceIsHard || confidence(service) >= SURE);
    if (callerIsHard != serviceIsHard) {
      if (filters(callerIsHard ? service : caller, Behavior.ENDPOINT_INDEPENDENT)) {
        return new Tactic(Kind.OPEN, false, false, 2, sure);
      }
      return towardsOneHard(callerIsHard, callerIsHard ? caller : service, sure, 3);
    }
    if (isLax(caller) || isLax(service)) {
      boolean towardsCaller =
          isLax(caller) && !(isLax(service) && steps(service) && !steps(caller));
      return towardsOneHard(towardsCaller, towardsCaller ? caller : service, sure, 5);
    }
    if (steps(caller) && steps(service)) {
      return new Tactic(Kind.PREDICTED, true, true, 6, sure);
    }
    return sure && isAllocationSure(caller) && isAllocationSure(service)
        ? new Tactic(Kind.IMPOSSIBLE, true, true, 7, true)
        : new Tactic(Kind.OPEN, false, false, 7, false);
  }

  /** Whether its NAT takes a port of its own for each remote. */
  public static boolean isHard(NatProfile profile) {
    Behavior mapping = mapping(profile).value();
    return mapping != null
        && mapping != Behavior.ENDPOINT_INDEPENDENT
        && !(allocation(profile) instanceof PortAllocation.Preserving);
  }

  /** {@link #isHard}, and it is more than a guess. */
  public static boolean isSurelyHard(NatProfile profile) {
    return isHard(profile) && confidence(profile) >= SURE;
  }

  /** How a hard side takes its ports; if nothing is known, any of 1024 to 65535. */
  public static PortAllocation allocation(NatProfile profile) {
    PortAllocation known = profile.allocation().value();
    return known == null ? ANY_PORT : known;
  }

  private static Tactic towardsOneHard(boolean caller, NatProfile hard, boolean sure, int rule) {
    boolean foreseen = steps(hard);
    return new Tactic(
        foreseen ? Kind.PREDICTED : Kind.BIRTHDAY,
        caller,
        !caller,
        rule == 3 && !foreseen ? 4 : rule,
        sure && isAllocationSure(hard));
  }

  private static boolean isAllocationSure(NatProfile profile) {
    return profile.allocation().confidence() >= SURE;
  }

  private static boolean steps(NatProfile profile) {
    return allocation(profile) instanceof PortAllocation.Sequential;
  }

  private static Finding<Behavior> mapping(NatProfile profile) {
    return profile.tcpMapping().isKnown() ? profile.tcpMapping() : profile.udpMapping();
  }

  private static int confidence(NatProfile profile) {
    return mapping(profile).confidence();
  }

  /** Whether its filter is no harder than by address, so that any port of the peer gets in. */
  private static boolean isLax(NatProfile profile) {
    return filters(profile, Behavior.ENDPOINT_INDEPENDENT)
        || filters(profile, Behavior.ADDRESS_DEPENDENT);
  }

  private static boolean filters(NatProfile profile, Behavior how) {
    return profile.tcpFiltering().is(how) && profile.tcpFiltering().confidence() >= SURE;
  }
}
