package dev.sallyport.harness;

import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.play.AppCommand;
import dev.sallyport.harness.play.LabShell;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lab shell}: builds the network of a scenario, and opens a shell in it. */
@Command(
    name = "shell",
    description = "Opens a shell in the middle of such a network; it is gone when the shell ends.",
    sortOptions = false)
final class ShellCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private CommandSpec spec;

  @Mixin private final FabricOption fabric = new FabricOption();

  @Mixin private final ScenarioOptions network = new ScenarioOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      return new LabShell(fabric.fabric(), AppCommand.locate())
          .open(network.scenario(), spec.commandLine().getErr());
    } catch (FabricException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Lab.LOCAL_PROBLEM;
    }
  }
}
