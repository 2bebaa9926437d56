package dev.sallyport.harness.campaign;

import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.play.AppCommand;
import dev.sallyport.harness.play.CallResult;
import dev.sallyport.harness.play.Experiment;
import dev.sallyport.harness.scenario.Scenario;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays with the real {@code sallyport} on both ends: one service, and a new client for each run.
 */
public final class ProcessPlayer implements CellPlayer {
  private final Fabric fabric;
  private final AppCommand command;
  private final Duration pause;
  private final Consumer<String> progress;

  /**
   * @param pause between two calls of a pair
   * @param progress gets a line about each run, which names the pair; from any thread
   */
  public ProcessPlayer(
      Fabric fabric, AppCommand command, Duration pause, Consumer<String> progress) {
    this.fabric = fabric;
    this.command = command;
    this.pause = pause;
    this.progress = progress;
  }

  @Override
  public String fabric() {
    return fabric.name();
  }

  @Override
  public @Nullable String missing(Scenario scenario) {
    return fabric.missing(scenario);
  }

  /** The network is the same for all runs: its chance comes from the first seed. */
  @Override
  public List<Outcome> play(Scenario scenario, List<Long> seeds)
      throws FabricException, IOException, InterruptedException {
    Experiment.Plan plan = new Experiment.Plan(seeds.size(), false, false, pause);
    Scenario seeded = scenario.over(scenario.path().seeded(seeds.getFirst()));
    double roundTripMillis = scenario.path().roundTrip().toNanos() / 1e6;
    String pair = scenario.client().nat().word() + " > " + scenario.server().nat().word();
    List<Outcome> outcomes = new ArrayList<>();
    for (CallResult result :
        new Experiment(fabric, command, plan, line -> progress.accept("[" + pair + "] " + line))
            .play(seeded)
            .results()) {
      long seed = seeds.get(Math.min(outcomes.size(), seeds.size() - 1));
      outcomes.add(outcome(result, roundTripMillis, seed));
    }
    return outcomes;
  }

  private static Outcome outcome(CallResult result, double roundTripMillis, long seed) {
    if (!result.succeeded()) {
      return new Outcome("", Double.NaN, reason(result), seed);
    }
    return new Outcome(result.rung(), result.punchMillis() / roundTripMillis, "", seed);
  }

  /** The same words for the same trouble: they are counted. */
  private static String reason(CallResult result) {
    return switch (result.exitCode()) {
      case 3 -> "the rendezvous is not reached";
      case 4 -> "the record is not found";
      case 5 -> "no rung got through";
      case 6 -> "refused, or not who it should be";
      case 7 -> "a local problem";
      default -> "exit code " + result.exitCode();
    };
  }
}
