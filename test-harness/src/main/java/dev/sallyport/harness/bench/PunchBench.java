package dev.sallyport.harness.bench;

import static dev.sallyport.harness.scenario.NatKind.ADDRESS_RESTRICTED;
import static dev.sallyport.harness.scenario.NatKind.CGN_BLOCK_ARBITRARY;
import static dev.sallyport.harness.scenario.NatKind.CGN_BLOCK_PAIRED;
import static dev.sallyport.harness.scenario.NatKind.EIM_RANDOM;
import static dev.sallyport.harness.scenario.NatKind.FULL_CONE;
import static dev.sallyport.harness.scenario.NatKind.HALF_OPEN_128;
import static dev.sallyport.harness.scenario.NatKind.JUNIPER;
import static dev.sallyport.harness.scenario.NatKind.KASPERSKY;
import static dev.sallyport.harness.scenario.NatKind.NONE;
import static dev.sallyport.harness.scenario.NatKind.PORT_OVERLOADING;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED_ICMP;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED_RST;
import static dev.sallyport.harness.scenario.NatKind.RFC5382;
import static dev.sallyport.harness.scenario.NatKind.SYMMETRIC;
import static dev.sallyport.harness.scenario.NatKind.SYMMETRIC_STEP_1;
import static dev.sallyport.harness.scenario.NatKind.SYMMETRIC_STEP_2;

import dev.sallyport.harness.campaign.Campaign;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.sim.Contact;
import dev.sallyport.harness.sim.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long hole punching takes: from the later side's start until TCP is established at both ends,
 * as {@link Contact} defines it, in virtual time.
 *
 * @param repeat calls of each pair, at least 1
 * @param path between the sites; all chance comes from its seed
 */
public record PunchBench(int repeat, NetworkPath path) {
  /** Those that use one port for all remotes and say nothing to strangers. */
  private static final List<NatKind> SILENT =
      List.of(
          ADDRESS_RESTRICTED,
          PORT_RESTRICTED,
          RFC5382,
          EIM_RANDOM,
          CGN_BLOCK_PAIRED,
          PORT_OVERLOADING,
          JUNIPER,
          KASPERSKY,
          HALF_OPEN_128);

  private static final List<NatKind> OPEN = List.of(NONE, FULL_CONE);

  private static final List<NatKind> ANSWERING = List.of(PORT_RESTRICTED_RST, PORT_RESTRICTED_ICMP);
  private static final List<NatKind> STEPS = List.of(SYMMETRIC_STEP_1, SYMMETRIC_STEP_2);
  private static final List<NatKind> RANDOM = List.of(SYMMETRIC);
  private static final List<NatKind> BLOCK = List.of(CGN_BLOCK_ARBITRARY);

  /** All groups, in the order of the table. */
  public static final List<Group> GROUPS =
      List.of(
          new Group("easy x easy", pairs(SILENT, SILENT), Bound.roundTrips(1.1, 20)),
          new Group("open calls open", pairs(OPEN, OPEN), Bound.PLAIN),
          new Group("easy x open", bothWays(SILENT, OPEN), Bound.PLAIN),
          new Group(
              "answers strangers x easy", bothWays(ANSWERING, SILENT), Bound.roundTrips(4, 0)),
          new Group("answers x answers", pairs(ANSWERING, ANSWERING), Bound.roundTrips(4, 0)),
          new Group("steps call easy", pairs(STEPS, SILENT), Bound.roundTrips(3, 0)),
          new Group("easy calls steps", pairs(SILENT, STEPS), Bound.roundTrips(3, 0)),
          new Group("steps x steps", pairs(STEPS, STEPS), Bound.roundTrips(3, 0)),
          new Group("steps x answers", bothWays(STEPS, ANSWERING), Bound.roundTrips(4, 0)),
          new Group("random calls easy", pairs(RANDOM, SILENT), Bound.CHANCE),
          new Group("easy calls random", pairs(SILENT, RANDOM), Bound.CHANCE),
          new Group("random x answers", bothWays(RANDOM, ANSWERING), Bound.CHANCE),
          new Group("block calls easy", pairs(BLOCK, SILENT), Bound.CHANCE),
          new Group("easy calls block", pairs(SILENT, BLOCK), Bound.CHANCE),
          new Group("block x answers", bothWays(BLOCK, ANSWERING), Bound.CHANCE));

  public PunchBench {
    if (repeat < 1) {
      throw new IllegalArgumentException("a repeat of " + repeat + " is not 1 or more");
    }
    if (path.roundTrip().isZero()) {
      throw new IllegalArgumentException(
          "this counts in round trips, so the path needs a delay of at least 1 ms");
    }
  }

  /** Who calls whom. */
  public record Pair(NatKind client, NatKind server) {}

  /** Pairs that are equally hard. */
  public record Group(String name, List<Pair> pairs, Bound bound) {
    public Group {
      pairs = List.copyOf(pairs);
    }
  }

  /**
   * What we promise: so many round trips and so much more for 95 of 100 calls, and for 99.
   *
   * @param p99Millis besides as many round trips; infinite if nothing is promised of them
   */
  public record Bound(double roundTrips, double millis, double p99Millis) {
    /**
     * Where one side lets everybody in, nobody has to punch: the other's connect just works, and is
     * acknowledged to the end that it goes to after one and a half round trips.
     */
    static final Bound PLAIN = roundTrips(1.5, 20);

    /** 2 s at a round trip of 100 ms, and 8 s. */
    static final Bound CHANCE = new Bound(1, 1900, 7900);

    static Bound roundTrips(double roundTrips, double millis) {
      return new Bound(roundTrips, millis, Double.POSITIVE_INFINITY);
    }

    /** For 95 of 100 calls. */
    public double p95(double roundTripMillis) {
      return roundTrips * roundTripMillis + millis;
    }

    /** For 99 of 100 calls. */
    public double p99(double roundTripMillis) {
      return roundTrips * roundTripMillis + p99Millis;
    }
  }

  /** One call that came through, for {@code lab explain}. */
  public record Call(Pair pair, long seed, double millis) {}

  /**
   * What came of a group.
   *
   * @param calls how many there were
   * @param connected those that came through, the fastest first
   */
  public record Row(Group group, int calls, List<Call> connected) {
    public Row {
      connected = List.copyOf(connected);
    }

    /** The time that this share of those that came through took at most; NaN if none did. */
    public double millis(double share) {
      int rank = (int) Math.ceil(share * connected.size());
      return connected.isEmpty() ? Double.NaN : connected.get(Math.max(0, rank - 1)).millis;
    }

    /** The slowest of all; null if none came through. */
    public @Nullable Call slowest() {
      return connected.isEmpty() ? null : connected.getLast();
    }
  }

  /** Plays all calls of a group. */
  public Row play(Group group) {
    List<Call> connected = new ArrayList<>();
    for (Pair pair : group.pairs) {
      Campaign campaign = new Campaign(List.of(pair.client), path, true, repeat, path.seed());
      Scenario scenario = campaign.scenario(pair.client, pair.server);
      for (long seed : campaign.seeds(pair.client, pair.server)) {
        Contact contact = Trial.time(scenario.over(path.seeded(seed))).contact();
        if (contact != null) {
          connected.add(new Call(pair, seed, contact.sinceLaterStart().toNanos() / 1e6));
        }
      }
    }
    connected.sort(Comparator.comparingDouble(Call::millis));
    return new Row(group, group.pairs.size() * repeat, connected);
  }

  /** There and back, in milliseconds. */
  public double roundTripMillis() {
    return path.roundTrip().toNanos() / 1e6;
  }

  /** Whether it took no longer than promised. Of calls that fail nothing is promised here. */
  public boolean isWithin(Row row) {
    Bound bound = row.group.bound;
    return row.millis(0.95) <= bound.p95(roundTripMillis())
        && row.millis(0.99) <= bound.p99(roundTripMillis());
  }

  private static List<Pair> pairs(List<NatKind> clients, List<NatKind> servers) {
    return clients.stream()
        .flatMap(client -> servers.stream().map(server -> new Pair(client, server)))
        .toList();
  }

  private static List<Pair> bothWays(List<NatKind> some, List<NatKind> others) {
    return Stream.concat(pairs(some, others).stream(), pairs(others, some).stream()).toList();
  }
}
