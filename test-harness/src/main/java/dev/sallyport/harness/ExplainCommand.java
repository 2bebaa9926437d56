package dev.sallyport.harness;

import dev.sallyport.harness.explain.Explanation;
import dev.sallyport.harness.scenario.Scenario;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lab explain}: what happens between two kinds of NAT, and why. */
@Command(
    name = "explain",
    description = {
      "Simulates one call between two NATs and tells, packet by packet, what they do and why.",
      "Needs no rights and no network. Exit code: 0 if the call got through, 5 if not, 2 for wrong"
          + " options."
    },
    sortOptions = false)
final class ExplainCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private CommandSpec spec;

  @Mixin private final ScenarioOptions network = new ScenarioOptions();

  @Override
  public Integer call() {
    Scenario scenario = network.scenario();
    PrintWriter out = spec.commandLine().getOut();
    try {
      Explanation told = Explanation.of(scenario);
      told.lines().forEach(out::println);
      return told.result().connected() ? Lab.OK : Lab.NOT_ALL_SUCCEEDED;
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }
}
