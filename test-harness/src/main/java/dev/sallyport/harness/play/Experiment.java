package dev.sallyport.harness.play;

import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.scenario.Expectation;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.StartOrder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Plays a scenario a number of times with real processes. Each client is cold: a new process of a
 * new user, who has cached nothing.
 *
 * @param progress told in words for people what happens
 */
public record Experiment(Fabric fabric, AppCommand command, Plan plan, Consumer<String> progress) {

  /**
   * How it is played.
   *
   * @param repeat how often, at least 1
   * @param fresh whether each run has a new service too; it has anyway unless the service starts
   *     first
   * @param keepLogs whether the logs are kept even if all went well
   * @param pause between the end of one run and the next: what NATs remember of a call, the next
   *     one meets; 0 to a day
   */
  public record Plan(int repeat, boolean fresh, boolean keepLogs, Duration pause) {
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    public Plan {
      if (repeat < 1) {
        throw new IllegalArgumentException("repeating " + repeat + " times");
      }
      requirePause(pause);
    }

    /**
     * Nothing if runs can be so far apart.
     *
     * @throws IllegalArgumentException if not, with what is expected
     */
    public static void requirePause(Duration pause) {
      if (pause.isNegative() || pause.compareTo(LONGEST_PAUSE) > 0) {
        throw new IllegalArgumentException(
            "a pause of " + pause.toSeconds() + " s is not 0 s to a day, for example 120");
      }
    }

    /** So many runs, and nothing special. */
    public static Plan times(int repeat) {
      return new Plan(repeat, false, false, Duration.ZERO);
    }
  }

  /**
   * Builds the network, plays, and takes everything down again. The logs are kept if something came
   * out otherwise than the scenario expects; where nothing is promised, if a call failed.
   *
   * @throws FabricException if the network or its DHT and STUN servers do not come up
   */
  public Summary play(Scenario scenario) throws FabricException, IOException, InterruptedException {
    String missing = fabric.missing(scenario);
    if (missing != null) {
      throw new FabricException(missing);
    }
    progress.accept(scenario + " (" + fabric.name() + ", seed " + scenario.path().seed() + ")");
    try (Workspace workspace = Workspace.create();
        Network network = fabric.build(scenario)) {
      start(network, workspace, scenario);
      List<CallResult> results = runs(new Stage(network, command, workspace, scenario), scenario);
      Summary summary =
          new Summary(fabric.name(), scenario, results, network.wire(), workspace.folder());
      if (plan.keepLogs() || !summary.surprises().isEmpty() || isBadNews(summary)) {
        workspace.keep();
        return summary;
      }
      return new Summary(fabric.name(), scenario, results, summary.wire(), null);
    }
  }

  private void start(Network network, Workspace workspace, Scenario scenario)
      throws FabricException, IOException, InterruptedException {
    long start = System.nanoTime();
    try {
      Middle.start(network, command, workspace, scenario);
    } catch (FabricException e) {
      workspace.keep();
      throw e;
    }
    progress.accept(
        "  DHT%s ready after %.1f s"
            .formatted(scenario.stun() ? " and STUN" : "", (System.nanoTime() - start) / 1e9));
  }

  private static boolean isBadNews(Summary summary) {
    return summary.scenario().expectation() instanceof Expectation.Measured
        && !summary.allSucceeded();
  }

  private List<CallResult> runs(Stage stage, Scenario scenario)
      throws IOException, InterruptedException {
    boolean each = plan.fresh() || scenario.order() != StartOrder.SERVE_FIRST;
    List<CallResult> all = new ArrayList<>();
    Session session = null;
    try {
      for (int run = 1; run <= plan.repeat(); run++) {
        if (run > 1) {
          Thread.sleep(plan.pause());
        }
        if (session == null || each) {
          close(session);
          session = Session.open(stage, "service-%02d".formatted(run));
        }
        List<CallResult> results = session.call(run);
        results.forEach(result -> progress.accept(result.line()));
        all.addAll(results);
      }
    } finally {
      close(session);
    }
    return all;
  }

  private static void close(@Nullable Session session) {
    if (session != null) {
      session.close();
    }
  }
}
