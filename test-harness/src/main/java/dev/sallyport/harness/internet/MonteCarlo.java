package dev.sallyport.harness.internet;

import dev.sallyport.harness.internet.Tally.Ending;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import dev.sallyport.harness.sim.TrialResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Plays many calls of a mix: caller, service and round trip of each are drawn on their own. Plays
 * on as many threads as it is given, but what it counts depends on the seed only.
 */
final class MonteCarlo {
  /** How many calls are in the hands of the threads at once. */
  private static final int BATCH = 250;

  private final Mix mix;
  private final Function<Scenario, TrialResult> player;
  private final int threads;

  /**
   * @param player plays one call; called by several threads at once
   */
  MonteCarlo(Mix mix, Function<Scenario, TrialResult> player, int threads) {
    this.mix = mix;
    this.player = player;
    this.threads = threads;
  }

  /**
   * @param progress is told from time to time what there is so far, and how many calls there will
   *     be
   */
  Outcome play(int calls, long seed, BiConsumer<Tally, Integer> progress)
      throws InterruptedException {
    SplittableRandom random = new SplittableRandom(seed);
    Tally tally = new Tally(mix);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      for (int done = 0; done < calls; done += BATCH) {
        playBatch(Math.min(BATCH, calls - done), random, pool, tally);
        progress.accept(tally, calls);
      }
    } finally {
      pool.shutdownNow();
    }
    return Outcome.of(mix, tally, seed);
  }

  private void playBatch(int calls, RandomGenerator random, ExecutorService pool, Tally tally)
      throws InterruptedException {
    List<CallDraw> draws = new ArrayList<>();
    List<Future<Ending>> results = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      CallDraw draw =
          new CallDraw(
              pick(mix.hosts(), random),
              pick(mix.hosts(), random),
              pick(mix.roundTrips(), random),
              random.nextLong());
      draws.add(draw);
      results.add(pool.submit(() -> play(draw)));
    }
    for (int i = 0; i < calls; i++) {
      try {
        tally.add(draws.get(i), results.get(i).get());
      } catch (ExecutionException e) {
        throw new IllegalStateException("a simulated call broke: " + draws.get(i), e.getCause());
      }
    }
  }

  private Ending play(CallDraw draw) {
    Host caller = mix.hosts().get(draw.caller()).what();
    Host service = mix.hosts().get(draw.service()).what();
    if (caller.site().isEmpty() || service.site().isEmpty()) {
      return new Ending(null, "no UDP, so no DHT and no rendezvous");
    }
    TrialResult result = player.apply(scenario(mix, draw));
    return new Ending(result.connected() ? result.rung() : null, result.reason());
  }

  /** The call as a scenario. Only where both hosts have a site. */
  static Scenario scenario(Mix mix, CallDraw draw) {
    Site caller = mix.hosts().get(draw.caller()).what().site().orElseThrow();
    Site service = mix.hosts().get(draw.service()).what().site().orElseThrow();
    Duration roundTrip = mix.roundTrips().get(draw.roundTrip()).what();
    return Scenario.between(caller.nat(), service.nat())
        .client(caller)
        .server(service)
        .over(new NetworkPath(roundTrip.dividedBy(2), 0, draw.seed()));
  }

  /** A position in the parts, each as likely as its share is large. */
  static <T> int pick(List<Mix.Part<T>> parts, RandomGenerator random) {
    double point = random.nextDouble();
    for (int i = 0; i < parts.size() - 1; i++) {
      point -= parts.get(i).weight().share();
      if (point < 0) {
        return i;
      }
    }
    return parts.size() - 1;
  }
}
