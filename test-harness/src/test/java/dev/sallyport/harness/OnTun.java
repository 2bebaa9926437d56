package dev.sallyport.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.play.AppCommand;
import dev.sallyport.harness.play.Experiment;
import dev.sallyport.harness.play.Summary;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.tun.TunFabric;

/** One call of real processes, through modelled NATs. */
final class OnTun {
  private OnTun() {}

  /** Plays it once, and finds that it ends as the scenario says. */
  static Summary play(Scenario scenario) throws Exception {
    Experiment experiment =
        new Experiment(
            new TunFabric(),
            AppCommand.locate(),
            Experiment.Plan.times(1),
            line -> System.out.println("lab: " + line));
    Summary summary = experiment.play(scenario);
    assertThat(summary.results()).hasSize(1);
    assertThat(summary.surprises()).as("logs are in %s", summary.logs()).isEmpty();
    return summary;
  }
}
