package dev.sallyport.domain.ladder;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.rendezvous.Strategy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A strategy -> each side's dials: a pure function of what both sides know, and of chance where the
 * strategy is one of chance. All of it is IPv4, for IPv6 is not translated, and goes to global
 * addresses only.
 *
 * <p><b>Foreseen ports.</b> The hard side dials the other's {@linkplain #meetingPoint meeting
 * point} from a few new ports at once, right after the sample, so that its NAT takes the next few
 * steps for them; silent dials are held, for each new one is a step further. The other side dials
 * the first ports of the window at once, and the others one by one, if those were not enough.
 *
 * <p><b>By chance.</b> Both sides dial at the same pace, each port once: a dial of the easy side
 * meets a port that the hard one has open, or a dial of the hard side meets a hole that the easy
 * one has opened, whichever comes first. The hard side's dials are held for less than the second
 * after which a computer repeats its SYN: a new port is worth more than another SYN from an old
 * one. The easy side's are held, since a hole is only as good as the socket behind it: a NAT that
 * looks at sequence numbers (Linux) lets no other one answer. A router with room for few half-open
 * connections lets only the first of them out, and then it is the hard side's that meet them.
 *
 * <p>A block is small, and its owner needs it: there the hard side opens few ports, in three lots,
 * the later ones for calls that are not up by then, and holds them, and the easy one tries each
 * port of the block once. Of several addresses, each has a block of its own: the aligned one around
 * the port that was seen with it.
 */
public final class BurstPlanner {
  /** How far ahead of the sample the easy side dials. */
  static final int WINDOW = 64;

  /** How many of them at once: most calls are up with these. */
  private static final int FIRST_PORTS = 4;

  /** How many of the others soon: with them, what a hard side takes in a round trip or two. */
  private static final int NEXT_PORTS = 8;

  private static final Duration NEXT = Duration.ofMillis(150);
  private static final int NEXT_PER_SECOND = 20;

  /** And the rest is for a NAT that has been busy meanwhile. */
  private static final Duration FURTHER = Duration.ofMillis(600);

  private static final int FURTHER_PER_SECOND = 50;

  /** How many ports the hard side opens, if they are foreseen. */
  static final int FORESEEN_SOCKETS = 4;

  /** How many of its own dials the second of two foreseen sides aims with other shifts. */
  private static final int[] SHIFTS = {0, 0, 0, 0, 1, -1, 2, -2, 3, 4, 1, -1, 2, -2, 3, 4};

  private static final int PER_SECOND = 500;
  private static final int AT_ONCE = 32;

  /**
   * Enough to be met by a side that may dial a hundred ports only; and few enough for many calls
   * before a NAT forgets the first: a block has no more ports than it has.
   */
  private static final int BLOCK_SOCKETS = 80;

  /** Most calls are up before it; then the ports of the second lot are saved. */
  private static final Duration SECOND_LOT = Duration.ofMillis(500);

  /**
   * The last ones leave one by one, when many holes are there: those of an earlier call swallow
   * what comes before the easy side has dialled them anew.
   */
  private static final Duration LAST_LOT = Duration.ofSeconds(1);

  private static final int LAST_PER_SECOND = 10;

  private static final int HELD_DIALS = 512;
  private static final int SMALL_RANGE = 4096;
  private static final int LOWEST_PORT = 1024;
  private static final int PORTS = 65536 - LOWEST_PORT;

  /** Less than the second after which a SYN is repeated. */
  private static final Duration ONE_SYN = Duration.ofMillis(950);

  private static final Duration HELD = Duration.ofSeconds(4);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration AGAIN = Duration.ofMillis(250);

  private BurstPlanner() {}

  /** What a side in steps says of itself. */
  public static Strategy.Predicted foresee(NatProfile own, Endpoint sample) {
    int step = StrategyRules.allocation(own) instanceof PortAllocation.Sequential(int s) ? s : 1;
    return new Strategy.Predicted(sample.port(), step, WINDOW);
  }

  /** What is said of a side whose ports are met by chance. */
  public static Strategy.Birthday birthday(boolean callerIsHard, NatProfile hard) {
    int low = LOWEST_PORT;
    int high = 65535;
    switch (StrategyRules.allocation(hard)) {
      case PortAllocation.Random(int from, int to) -> {
        low = from;
        high = to;
      }
      case PortAllocation.Block(int from, int to) -> {
        low = from;
        high = to;
      }
      default -> {}
    }
    int ports = high - low + 1;
    return new Strategy.Birthday(
        callerIsHard,
        ports <= SMALL_RANGE ? BLOCK_SOCKETS : Strategy.MAX_SYNS,
        ports <= SMALL_RANGE ? Math.min(ports, Strategy.MAX_SYNS) : HELD_DIALS,
        low,
        high);
  }

  /** Whether all dials to the hard side are in vain, for its block of ports is another one. */
  public static boolean misses(Strategy.Birthday birthday, NatProfile hard) {
    return isMistaken(birthday, hard)
        || (StrategyRules.allocation(hard) instanceof PortAllocation.Block(int low, int high)
            && (high < birthday.low() || birthday.high() < low));
  }

  /**
   * Whether what was said of a hard side's ports was a wrong guess, by what is known of its NAT
   * now: too many ports to meet it in a block, too few to meet it anywhere, or another step. Which
   * block does not count: of several addresses each has its own.
   */
  public static boolean isMistaken(Strategy said, NatProfile hard) {
    return switch (said) {
      case Strategy.Birthday birthday -> isSmall(birthday) != isSmall(birthday(true, hard));
      case Strategy.Predicted ports ->
          StrategyRules.allocation(hard) instanceof PortAllocation.Sequential(int step)
              && step != ports.step();
      case Strategy.SimultaneousOpen open -> false;
    };
  }

  private static boolean isSmall(Strategy.Birthday birthday) {
    return birthday.high() - birthday.low() < SMALL_RANGE;
  }

  /**
   * The dials of the side that has been foreseen.
   *
   * @param easy the other side's meeting point
   */
  public static List<Burst> foreseen(Endpoint easy, boolean sure) {
    return List.of(
        Burst.fromManyPorts(
            easy, FORESEEN_SOCKETS, after(sure), PER_SECOND, FORESEEN_SOCKETS, HELD, AGAIN));
  }

  /**
   * The dials of the side that knows what to expect of the other: its next ports, in order. Only
   * the first few leave at once, those that follow one by one, and those further on later, for each
   * hole that leads nowhere stays in our own NAT: it takes one of its places, and swallows the SYN
   * of a later call from that port.
   *
   * @param localPort the port of our meeting point; 0 if we are hard ourselves, so that the n-th of
   *     these leaves our own NAT n steps further
   */
  public static List<Burst> window(int localPort, InetAddress hard, Strategy.Predicted ports) {
    List<Endpoint> targets = new ArrayList<>();
    for (int n = 1; n <= ports.window(); n++) {
      targets.add(step(hard, ports, n));
    }
    if (localPort == 0) {
      return List.of(
          new Burst(0, targets, Duration.ZERO, PER_SECOND, targets.size(), HELD, Duration.ZERO));
    }
    int soon = Math.min(FIRST_PORTS, targets.size());
    int later = Math.min(soon + NEXT_PORTS, targets.size());
    List<Burst> bursts = new ArrayList<>();
    bursts.add(
        new Burst(
            localPort, targets.subList(0, soon), Duration.ZERO, PER_SECOND, soon, HELD, AGAIN));
    if (soon < later) {
      List<Endpoint> next = targets.subList(soon, later);
      bursts.add(new Burst(localPort, next, NEXT, NEXT_PER_SECOND, 1, HELD, AGAIN));
    }
    if (later < targets.size()) {
      List<Endpoint> further = targets.subList(later, targets.size());
      bursts.add(new Burst(localPort, further, FURTHER, FURTHER_PER_SECOND, 1, HELD, AGAIN));
    }
    return bursts;
  }

  /**
   * The answer to {@link #window} of a side that is hard itself: its n-th dial goes to where the
   * other's dial to it comes from.
   *
   * @param hard the address of the other side, which has dialled our window
   * @param theirs where its own ports began
   * @param said what we had said of our ports
   * @param now what they are now, by a new sample
   */
  public static List<Burst> mirrored(
      InetAddress hard, Strategy.Predicted theirs, Strategy.Predicted said, Endpoint now) {
    int moved = stepsBetween(said.base(), now.port(), said.step());
    List<Endpoint> targets = new ArrayList<>();
    for (int n = 0; n < SHIFTS.length; n++) {
      targets.add(step(hard, theirs, Math.max(1, moved + n + 1 + SHIFTS[n])));
    }
    return List.of(
        new Burst(0, targets, Duration.ZERO, PER_SECOND, targets.size(), HELD, Duration.ZERO));
  }

  /**
   * The dials of the hard side of a birthday.
   *
   * @param easy the other side's meeting point
   */
  public static List<Burst> hardBirthday(Endpoint easy, Strategy.Birthday birthday, boolean sure) {
    Duration after = after(sure);
    if (!isSmall(birthday)) {
      return List.of(
          Burst.fromManyPorts(
              easy, birthday.sockets(), after, PER_SECOND, AT_ONCE, ONE_SYN, Duration.ZERO));
    }
    int lot = Math.max(1, birthday.sockets() * 2 / 5);
    List<Burst> lots = new ArrayList<>();
    lots.add(ofBlock(easy, lot, after, SECOND));
    // Refused ones are dialled from new ports, and one lot of them is enough.
    int second = Math.min(lot, birthday.sockets() - lot);
    if (second > 0) {
      lots.add(ofBlock(easy, second, after.plus(SECOND_LOT), Duration.ZERO));
    }
    int last = birthday.sockets() - lot - second;
    if (last > 0) {
      lots.add(
          Burst.fromManyPorts(
              easy, last, after.plus(LAST_LOT), LAST_PER_SECOND, 1, HELD, Duration.ZERO));
    }
    return lots;
  }

  private static Burst ofBlock(Endpoint easy, int sockets, Duration after, Duration again) {
    return Burst.fromManyPorts(easy, sockets, after, PER_SECOND, AT_ONCE, HELD, again);
  }

  /**
   * The dials of the easy side of a birthday: ports of the hard side's addresses, in a random
   * order, none twice.
   *
   * @param localPort the port of our meeting point
   * @return empty if no address of the hard side is known
   */
  public static List<Burst> easyBirthday(
      int localPort, Side hard, Strategy.Birthday birthday, RandomGenerator random, boolean sure) {
    boolean block = isSmall(birthday);
    Map<InetAddress, Integer> lowest = new LinkedHashMap<>();
    reflexive(hard)
        .forEach(
            seen ->
                lowest.putIfAbsent(
                    seen.address(), block ? lowestOfBlock(birthday, seen.port()) : birthday.low()));
    List<Endpoint> targets = new ArrayList<>();
    lowest.forEach(
        (address, low) -> {
          for (int offset : someOf(birthday, random)) {
            if (low + offset <= 65535) {
              targets.add(new Endpoint(address, low + offset));
            }
          }
        });
    shuffle(targets, random);
    if (targets.isEmpty()) {
      return List.of();
    }
    return List.of(
        new Burst(
            localPort,
            targets.subList(0, Math.min(targets.size(), Strategy.MAX_SYNS)),
            after(sure),
            PER_SECOND,
            AT_ONCE,
            block ? ONE_SYN : HELD,
            Duration.ZERO));
  }

  /** The lowest port of the aligned block that this port is in. */
  private static int lowestOfBlock(Strategy.Birthday birthday, int port) {
    int size = birthday.high() - birthday.low() + 1;
    return Math.max(1, port - Math.floorMod(port - birthday.low(), size));
  }

  /** As many different offsets into its range as it wants dials, in no order. */
  private static List<Integer> someOf(Strategy.Birthday birthday, RandomGenerator random) {
    List<Integer> all = new ArrayList<>();
    for (int offset = 0; offset <= birthday.high() - birthday.low(); offset++) {
      all.add(offset);
    }
    shuffle(all, random);
    return all.subList(0, birthday.dials());
  }

  private static <T> void shuffle(List<T> list, RandomGenerator random) {
    for (int n = 0; n < list.size() - 1; n++) {
      Collections.swap(list, n, random.nextInt(n, list.size()));
    }
  }

  /**
   * Where a side is to be dialled from many ports: its first reflexive endpoint, or its own global
   * address. Null if it has neither.
   */
  public static @Nullable Endpoint meetingPoint(Side side) {
    return side.candidates().stream()
        .filter(BurstPlanner::isOutside)
        .filter(c -> c.kind() == CandidateKind.REFLEXIVE || c.kind() == CandidateKind.HOST)
        .map(Candidate::endpoint)
        .findFirst()
        .orElse(null);
  }

  /** The addresses that a side's NAT has been seen with, the first one first. */
  public static List<InetAddress> addresses(Side side) {
    return reflexive(side).map(Endpoint::address).distinct().toList();
  }

  private static Stream<Endpoint> reflexive(Side side) {
    return side.candidates().stream()
        .filter(candidate -> isOutside(candidate) && candidate.kind() == CandidateKind.REFLEXIVE)
        .map(Candidate::endpoint);
  }

  /** All addresses that bursts towards a side go to. */
  public static Set<InetAddress> dialled(Side side) {
    Set<InetAddress> all = new LinkedHashSet<>(addresses(side));
    Endpoint meeting = meetingPoint(side);
    if (meeting != null) {
      all.add(meeting.address());
    }
    return all;
  }

  /** Nobody's private network is dialled in bursts, whatever a knock says. */
  private static boolean isOutside(Candidate candidate) {
    Endpoint endpoint = candidate.endpoint();
    return endpoint.family() == AddressFamily.IPV4 && endpoint.scope().isGlobal();
  }

  private static Duration after(boolean sure) {
    return sure ? Duration.ZERO : SECOND;
  }

  private static Endpoint step(InetAddress address, Strategy.Predicted ports, int steps) {
    int beyond = ports.base() - LOWEST_PORT + ports.step() * steps;
    return new Endpoint(address, LOWEST_PORT + Math.floorMod(beyond, PORTS));
  }

  /** How often the step was taken from one port to the other; what is not a step is rounded. */
  private static int stepsBetween(int from, int to, int step) {
    int distance = Math.floorMod((to - from) * Integer.signum(step), PORTS);
    return Math.min(WINDOW, distance / Math.abs(step));
  }
}
