package dev.sallyport.harness;

import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.play.AppCommand;
import dev.sallyport.harness.play.Experiment;
import dev.sallyport.harness.play.Summary;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.StartOrder;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code lab run}: plays one scenario, and counts. */
@Command(
    name = "run",
    description = {
      "Starts the real serve and connect behind two NATs and requires an echo.",
      "Exit code: 0 if every call got one, 5 if not, 2 for wrong options, 7 if the machine cannot"
          + " play."
    },
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private CommandSpec spec;

  @Mixin private final FabricOption fabric = new FabricOption();

  @Mixin private final ScenarioOptions network = new ScenarioOptions();

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many runs, each with a new client; default 1.")
  private int repeat;

  @Option(
      names = "--pause",
      paramLabel = "S",
      defaultValue = "0",
      description = "Seconds between two runs, for NATs to forget; default 0.")
  private int pauseSeconds;

  @Option(names = "--fresh", description = "A new service for each run, too.")
  private boolean fresh;

  @Option(
      names = "--order",
      paramLabel = "ORDER",
      converter = OrderConverter.class,
      defaultValue = "serve-first",
      description = "Who starts first: serve-first (default), connect-first or both.")
  private StartOrder order = StartOrder.SERVE_FIRST;

  @Option(
      names = "--callers",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many clients call at the same time in each run; default 1.")
  private int callers;

  @Option(names = "--keep-logs", description = "Keep the logs even if all went well.")
  private boolean keepLogs;

  @Option(
      names = "--json",
      description = "Print one summary for machines; progress goes to stderr.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    PrintWriter progress = json ? err : out;
    Scenario scenario = scenario();
    Experiment.Plan plan = plan();
    try {
      Summary summary =
          new Experiment(
                  fabric.fabric(),
                  AppCommand.locate(),
                  plan,
                  line -> {
                    progress.println(line);
                    progress.flush();
                  })
              .play(scenario);
      out.println(json ? summary.json() : summary.text());
      return summary.allSucceeded() ? Lab.OK : Lab.NOT_ALL_SUCCEEDED;
    } catch (FabricException e) {
      err.println(e.getMessage());
      return Lab.LOCAL_PROBLEM;
    }
  }

  private Experiment.Plan plan() {
    try {
      return new Experiment.Plan(repeat, fresh, keepLogs, Duration.ofSeconds(pauseSeconds));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private Scenario scenario() {
    try {
      if (repeat < 1) {
        throw new IllegalArgumentException("--repeat " + repeat + " is not at least 1");
      }
      return network.scenario().starting(order).callers(callers);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  /** Reads an order. */
  static final class OrderConverter implements ITypeConverter<StartOrder> {
    @Override
    public StartOrder convert(String text) {
      try {
        return StartOrder.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
