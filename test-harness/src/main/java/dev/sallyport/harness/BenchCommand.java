package dev.sallyport.harness;

import dev.sallyport.harness.bench.SecurityBench;
import dev.sallyport.harness.bench.SecurityBench.Result;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lab bench}: what security costs, side by side with doing without. */
@Command(
    name = "bench",
    description = {
      "Measures what TLS, HELLO and WELCOME cost between TCP and the link,",
      "side by side with a bare WebSocket upgrade, on loopback. Needs no root."
    },
    sortOptions = false)
final class BenchCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private CommandSpec spec;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "300",
      description = "How many connections of each kind; default ${DEFAULT-VALUE}.")
  private int repeat;

  @Override
  public Integer call() throws Exception {
    if (repeat < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--repeat: " + repeat + " is not 1 or more; for example --repeat 300");
    }
    Result result = new SecurityBench().run(repeat);
    PrintWriter out = spec.commandLine().getOut();
    out.println("from TCP to the link, " + repeat + " times each, in turns (ms)");
    print(out, "plain", result.plain());
    print(out, "secured", result.secured());
    double ratio = Result.quantile(result.secured(), 0.5) / Result.quantile(result.plain(), 0.5);
    out.printf("secured / plain, medians: %.1f; and one round trip more on a real path%n", ratio);
    return Lab.OK;
  }

  private static void print(PrintWriter out, String name, List<Double> millis) {
    out.printf(
        "%-8s median %6.2f   p10 %6.2f   p90 %6.2f%n",
        name,
        Result.quantile(millis, 0.5),
        Result.quantile(millis, 0.1),
        Result.quantile(millis, 0.9));
  }
}
