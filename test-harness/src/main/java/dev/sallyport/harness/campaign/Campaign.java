package dev.sallyport.harness.campaign;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.play.Experiment;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * Every ordered pair of some kinds of NAT, so many calls each.
 *
 * @param kinds in the order of the table
 * @param path between the sites; its seed is not used
 * @param stun whether there are STUN servers
 * @param age how long each service has waited when its call comes
 * @param pause between two calls of one pair, where they meet the same NATs
 * @param repeat calls for each pair, at least 1
 * @param seed of all chance
 */
public record Campaign(
    List<NatKind> kinds,
    NetworkPath path,
    boolean stun,
    Duration age,
    Duration pause,
    int repeat,
    long seed) {

  /** Told of each cell as it is done. */
  public interface Listener {
    /**
     * @param cell what came of the pair
     * @param done how many cells are done by now
     * @param of how many there are
     */
    void done(Cell cell, int done, int of) throws IOException;
  }

  public Campaign {
    kinds = List.copyOf(kinds);
    if (kinds.isEmpty() || kinds.size() != kinds.stream().distinct().count()) {
      throw new IllegalArgumentException("a matrix has each kind of NAT once, and at least one");
    }
    if (repeat < 1) {
      throw new IllegalArgumentException("a repeat of " + repeat + " is not at least 1");
    }
    if (path.roundTrip().isZero()) {
      throw new IllegalArgumentException(
          "the matrix counts in round trips, so the path needs a delay of at least 1 ms");
    }
    Scenario.requireAge(age);
    Experiment.Plan.requirePause(pause);
  }

  /** Of services that are called as soon as they are there, again and again. */
  public Campaign(List<NatKind> kinds, NetworkPath path, boolean stun, int repeat, long seed) {
    this(kinds, path, stun, Duration.ZERO, Duration.ZERO, repeat, seed);
  }

  /** The same of services that have waited for so long. */
  public Campaign aged(Duration other) {
    return new Campaign(kinds, path, stun, other, pause, repeat, seed);
  }

  /** The same with so much time between two calls of a pair. */
  public Campaign pausing(Duration other) {
    return new Campaign(kinds, path, stun, age, other, repeat, seed);
  }

  /** What is not as usual, beside delay and loss, in words; empty if nothing is. */
  public String conditions() {
    List<String> words = new ArrayList<>();
    if (!path.jitter().isZero()) {
      words.add(path.jitter().toMillis() + " ms jitter");
    }
    if (path.reorderPercent() > 0) {
      words.add(path.reorderPercent() + " % overtaken");
    }
    if (!stun) {
      words.add("no STUN");
    }
    if (!age.isZero()) {
      words.add("called after " + age.toSeconds() + " s");
    }
    if (!pause.isZero()) {
      words.add(pause.toSeconds() + " s between calls");
    }
    return String.join(", ", words);
  }

  /** Of so few failures each is told with its seed, for {@code lab explain}. */
  private static final int MOST_SEEDS = 3;

  /** The scenario of one pair. */
  public Scenario scenario(NatKind client, NatKind server) {
    return Scenario.between(client, server).over(path).stun(stun).aged(age);
  }

  /** The seeds of one pair's calls: the same whatever else is played. */
  public List<Long> seeds(NatKind client, NatKind server) {
    List<Long> seeds = new ArrayList<>();
    long state = seed;
    state = mix(state ^ client.word().hashCode());
    state = mix(state ^ server.word().hashCode());
    for (int run = 0; run < repeat; run++) {
      seeds.add(mix(state + run));
    }
    return seeds;
  }

  /**
   * Plays all pairs that are not done yet.
   *
   * @param before cells of an earlier run of this campaign
   * @param atATime how many pairs are played side by side, at least 1; what comes of them does not
   *     depend on it where time is virtual
   * @param listener told of one cell at a time
   * @return all cells, in the order of the table
   */
  public List<Cell> play(CellPlayer player, List<Cell> before, int atATime, Listener listener)
      throws FabricException, IOException, InterruptedException {
    Map<List<String>, Cell> known = new LinkedHashMap<>();
    before.forEach(cell -> known.put(List.of(cell.client(), cell.server()), cell));
    Tally tally = new Tally(listener, known.size(), kinds.size() * kinds.size());
    List<Callable<Cell>> tasks = new ArrayList<>();
    for (NatKind client : kinds) {
      for (NatKind server : kinds) {
        Cell cell = known.get(List.of(client.word(), server.word()));
        tasks.add(() -> cell != null ? cell : tally.done(play(player, client, server)));
      }
    }
    return new SideBySide(atATime).all(tasks);
  }

  private Cell play(CellPlayer player, NatKind client, NatKind server)
      throws FabricException, IOException, InterruptedException {
    return cell(client, server, player.play(scenario(client, server), seeds(client, server)));
  }

  /** Counts the cells that are done. Thread-safe. */
  private static final class Tally {
    private final Listener listener;
    private final int of;
    private int done;

    Tally(Listener listener, int done, int of) {
      this.listener = listener;
      this.done = done;
      this.of = of;
    }

    synchronized Cell done(Cell cell) throws IOException {
      done++;
      listener.done(cell, done, of);
      return cell;
    }
  }

  static Cell cell(NatKind client, NatKind server, List<Outcome> outcomes) {
    Map<String, Integer> rungs = new LinkedHashMap<>();
    for (Rung rung : Rung.values()) {
      int won = (int) outcomes.stream().filter(o -> o.rung().equals(rung.word())).count();
      if (won > 0) {
        rungs.put(rung.word(), won);
      }
    }
    Map<String, Integer> failures = new TreeMap<>();
    List<Outcome> failed = outcomes.stream().filter(outcome -> !outcome.connected()).toList();
    for (Outcome outcome : failed) {
      String seed = failed.size() <= MOST_SEEDS ? " (seed " + outcome.seed() + ")" : "";
      failures.merge(outcome.reason() + seed, 1, Integer::sum);
    }
    double[] times =
        outcomes.stream().filter(Outcome::connected).mapToDouble(Outcome::rtts).sorted().toArray();
    return new Cell(
        client.word(),
        server.word(),
        outcomes.size(),
        times.length,
        rungs,
        quantile(times, 0.5),
        quantile(times, 0.95),
        failures);
  }

  /** By nearest rank; to a thousandth, which is more than is known. */
  private static double quantile(double[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int rank = (int) Math.ceil(share * sorted.length);
    return Math.round(sorted[Math.max(0, rank - 1)] * 1000) / 1000.0;
  }

  private static long mix(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
