package dev.sallyport.domain.ladder;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Plan.PlannedDial;
import dev.sallyport.domain.ladder.Plan.PlannedRung;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Both ends' candidates -> rungs with start delays: a pure function, in the spirit of RFC 8305
 * (racing with a head start) and RFC 8445 (candidate pairs). The rules, by the numbers in the code:
 *
 * <ol>
 *   <li>{@code external} dials, from each of our punch ports, the peer's reflexive and advertised
 *       endpoints and its global host addresses; the service does the mirror image, so that the
 *       SYNs cross.
 *   <li>{@code local} dials the peer's private addresses from our first punch port, if we have a
 *       private address of that family ourselves.
 *   <li>{@code direct} is the caller's alone: plain connects from an ephemeral port to what the
 *       peer advertised, its global addresses and its reflexive endpoints, in that order.
 *   <li>Pairs of punch ports are lanes. The caller starts the first with its rung, each further one
 *       a lane spacing later, or when its knock is delivered; the service, which knows by the knock
 *       that the other side is dialling, starts all at once. A peer's lanes are the reflexive
 *       endpoints of one address, in their order. If a side surely comes from another port each
 *       time there is but the first lane: its ports are not where they were seen, and the bursts
 *       are for that. Only a caller of that kind dials from all of its own: the later ones come
 *       when a peer that lets in any port of an address has dialled it.
 *   <li>Only families we have an address of are dialled; nobody dials himself.
 *   <li>Rungs start in the policy's order, a stagger apart; a rung with nothing to dial costs no
 *       time.
 *   <li>If both ends have the same public address they share a NAT: {@code local} starts first, and
 *       the rungs after it wait four staggers, so that a busy computer does not send its messages
 *       to the neighbour by way of the router.
 *   <li>If the peer advertised an endpoint it is dialled first of all, and the rungs after it wait
 *       four staggers: somebody took the trouble to forward that port, and it needs no knock.
 *   <li>If the policy gives turns, the rungs do not race: in the same order, each starts when the
 *       turn of the one before is over, and dials no more when its own is. The last one goes on.
 * </ol>
 */
public final class LadderPlanner {
  /** How many staggers a rung waits behind one that there is a good reason for. */
  private static final int HEAD_START = 4;

  private LadderPlanner() {}

  /**
   * Plans one call.
   *
   * @param punchPorts the ports we listen on, the main one first
   */
  public static Plan plan(
      Role role, Side own, List<Integer> punchPorts, Side peer, LadderPolicy policy) {
    boolean sameNetwork = sharePublicAddress(own, peer);
    List<PlannedRung> rungs = new ArrayList<>();
    Duration after = Duration.ZERO;
    for (Rung rung : startOrder(policy.order(), peer, sameNetwork)) { // rules 6, 7, 8
      List<PlannedDial> dials =
          switch (rung) {
            case EXTERNAL -> external(role, own, punchPorts, peer, policy.laneSpacing());
            case LOCAL -> local(own, punchPorts, peer);
            case DIRECT -> role == Role.CALLER ? direct(own, punchPorts, peer) : List.of();
          };
      if (!dials.isEmpty()) {
        rungs.add(new PlannedRung(rung, after, dials));
        boolean likely =
            (rung == Rung.DIRECT && advertises(peer)) || (rung == Rung.LOCAL && sameNetwork);
        after = after.plus(policy.stagger().multipliedBy(likely ? HEAD_START : 1));
      }
    }
    return new Plan(policy.isSequential() ? inTurns(rungs, policy.turn()) : rungs, sameNetwork);
  }

  /** Rule 9. */
  private static List<PlannedRung> inTurns(List<PlannedRung> racing, Duration turn) {
    List<PlannedRung> rungs = new ArrayList<>();
    for (PlannedRung rung : racing) {
      Duration after = turn.multipliedBy(rungs.size());
      boolean isLast = rungs.size() == racing.size() - 1;
      rungs.add(
          new PlannedRung(rung.rung(), after, isLast ? null : after.plus(turn), rung.dials()));
    }
    return rungs;
  }

  private static List<Rung> startOrder(List<Rung> order, Side peer, boolean sameNetwork) {
    boolean advertises = advertises(peer);
    List<Rung> sorted = new ArrayList<>(order);
    sorted.sort(
        Comparator.comparing(
            rung ->
                switch (rung) {
                  case DIRECT -> advertises ? 0 : 2;
                  case LOCAL -> sameNetwork ? 1 : 2;
                  case EXTERNAL -> 2;
                }));
    return sorted;
  }

  private static boolean advertises(Side peer) {
    return peer.candidates().stream().anyMatch(c -> c.kind() == CandidateKind.ADVERTISED);
  }

  /** Rules 1 and 4. */
  private static List<PlannedDial> external(
      Role role, Side own, List<Integer> punchPorts, Side peer, Duration laneSpacing) {
    boolean hard =
        StrategyRules.isSurelyHard(peer.profile())
            || (role == Role.SERVICE && StrategyRules.isSurelyHard(own.profile()));
    Dials dials = new Dials(own, punchPorts);
    Map<InetAddress, Integer> lanes = new HashMap<>();
    for (Candidate candidate : peer.candidates()) {
      Endpoint remote = candidate.endpoint();
      if (candidate.kind() == CandidateKind.HOST
          ? !remote.scope().isGlobal()
          : isLoopback(remote)) {
        continue;
      }
      // Only reflexive endpoints are one punch port each; whatever else is there, is there at once.
      int remoteLane =
          candidate.kind() == CandidateKind.REFLEXIVE
              ? lanes.merge(remote.address(), 1, Integer::sum) - 1
              : 0;
      boolean one = hard && candidate.kind() == CandidateKind.REFLEXIVE;
      if (one && remoteLane > 0) {
        continue;
      }
      for (int ownLane = 0; ownLane < (one ? 1 : punchPorts.size()); ownLane++) {
        int lane = Math.max(ownLane, remoteLane);
        Duration after = role == Role.SERVICE ? Duration.ZERO : laneSpacing.multipliedBy(lane);
        dials.add(punchPorts.get(ownLane), remote, after);
      }
    }
    return dials.list();
  }

  /** Rule 2. */
  private static List<PlannedDial> local(Side own, List<Integer> punchPorts, Side peer) {
    Dials dials = new Dials(own, punchPorts);
    for (Candidate candidate : peer.candidates()) {
      Endpoint remote = candidate.endpoint();
      boolean reachable =
          own.candidates().stream()
              .anyMatch(c -> isPrivateHost(c) && c.endpoint().family() == remote.family());
      if (isPrivateHost(candidate) && reachable) {
        dials.add(punchPorts.getFirst(), remote, Duration.ZERO);
      }
    }
    return dials.list();
  }

  /** Rule 3. */
  private static List<PlannedDial> direct(Side own, List<Integer> punchPorts, Side peer) {
    Dials dials = new Dials(own, punchPorts);
    for (CandidateKind kind :
        List.of(CandidateKind.ADVERTISED, CandidateKind.HOST, CandidateKind.REFLEXIVE)) {
      for (Candidate candidate : peer.candidates()) {
        Endpoint remote = candidate.endpoint();
        if (candidate.kind() == kind
            && (kind == CandidateKind.ADVERTISED || remote.scope().isGlobal())) {
          dials.add(0, remote, Duration.ZERO);
        }
      }
    }
    return dials.list();
  }

  /** Rule 7: whether some address is both ends' reflexive address. */
  private static boolean sharePublicAddress(Side own, Side peer) {
    return own.candidates().stream()
        .filter(c -> c.kind() == CandidateKind.REFLEXIVE)
        .anyMatch(
            ours ->
                peer.candidates().stream()
                    .filter(c -> c.kind() == CandidateKind.REFLEXIVE)
                    .anyMatch(theirs -> ours.endpoint().sameAddress(theirs.endpoint())));
  }

  private static boolean isPrivateHost(Candidate candidate) {
    AddressScope scope = candidate.endpoint().scope();
    return candidate.kind() == CandidateKind.HOST
        && (scope == AddressScope.PRIVATE || scope == AddressScope.SHARED);
  }

  private static boolean isLoopback(Endpoint endpoint) {
    return endpoint.scope() == AddressScope.LOOPBACK;
  }

  /** Collects dials: each pair once, rule 5 applied. */
  private static final class Dials {
    private record Pair(int localPort, Endpoint remote) {}

    private final Side own;
    private final List<Integer> punchPorts;
    private final Map<Pair, Duration> byPair = new LinkedHashMap<>();

    Dials(Side own, List<Integer> punchPorts) {
      this.own = own;
      this.punchPorts = punchPorts;
    }

    void add(int localPort, Endpoint remote, Duration after) {
      if (hasFamily(remote) && !isOurselves(remote)) {
        byPair.merge(new Pair(localPort, remote), after, (a, b) -> a.compareTo(b) <= 0 ? a : b);
      }
    }

    List<PlannedDial> list() {
      List<PlannedDial> dials = new ArrayList<>();
      byPair.forEach(
          (pair, after) -> dials.add(new PlannedDial(pair.localPort, pair.remote, after)));
      return dials;
    }

    private boolean hasFamily(Endpoint remote) {
      // IPv4 is taken for granted: a host that knows no address of its own yet can still dial out.
      return remote.family() == AddressFamily.IPV4
          || isLoopback(remote)
          || own.candidates().stream().anyMatch(c -> c.endpoint().family() == AddressFamily.IPV6);
    }

    private boolean isOurselves(Endpoint remote) {
      return punchPorts.contains(remote.port())
          && own.candidates().stream()
              .anyMatch(c -> c.kind() == CandidateKind.HOST && c.endpoint().sameAddress(remote));
    }
  }
}
