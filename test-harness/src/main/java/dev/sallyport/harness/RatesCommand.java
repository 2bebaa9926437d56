package dev.sallyport.harness;

import dev.sallyport.harness.campaign.MatrixText;
import dev.sallyport.harness.campaign.RateTable;
import dev.sallyport.harness.fabric.FabricException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lab rates}: what {@code sallyport nat} foretells from. */
@Command(
    name = "rates",
    description = {
      "Simulates calls between every two types of NAT that `sallyport nat` knows, and writes the",
      "table from which it foretells what works with whom. Run it after a change of how calls are",
      "made, from the top of the sources; a test fails until then.",
      "Exit code: 0 if it is written, 2 for wrong options."
    },
    sortOptions = false)
final class RatesCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      defaultValue = RateTable.FILE,
      description = "Where to write it; default ${DEFAULT-VALUE}.")
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private Path out;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new ParameterException(
          spec.commandLine(),
          "there is no folder " + folder + "; expected to be run from the top of the sources");
    }
    PrintWriter err = spec.commandLine().getErr();
    try {
      Files.writeString(
          out,
          RateTable.text(
              (cell, done, of) -> {
                err.println(MatrixText.progress(cell, done, of));
                err.flush();
              }));
      return Lab.OK;
    } catch (FabricException e) {
      err.println(e.getMessage());
      return Lab.LOCAL_PROBLEM;
    }
  }
}
