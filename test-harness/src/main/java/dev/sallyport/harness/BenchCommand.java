package dev.sallyport.harness;

import dev.sallyport.harness.bench.SecurityBench;
import dev.sallyport.harness.bench.SecurityBench.Result;
import dev.sallyport.harness.bench.WireBench;
import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.FabricException;
import java.io.IOException;
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
      "Measures what security costs, or what the lab's wires carry.",
      "What TLS, HELLO and WELCOME cost between TCP and the link, side by side with a bare",
      "WebSocket upgrade, on loopback. Needs no root."
    },
    sortOptions = false)
final class BenchCommand implements Callable<Integer> {
  private static final int TRANSFERS = 5;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private CommandSpec spec;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      defaultValue = "300",
      description = "How many connections of each kind; default ${DEFAULT-VALUE}.")
  private int repeat;

  @Option(
      names = "--wire",
      description = {
        "Measures instead what the lab's own wires carry: a TCP transfer of 64 MiB through two",
        "NATs, without delay, over each fabric. Needs root."
      })
  private boolean wire;

  @Override
  public Integer call() throws Exception {
    return wire ? wire() : security();
  }

  private int wire() throws IOException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    out.println("TCP from site to site, 64 MiB, " + TRANSFERS + " times (MB/s)");
    try {
      for (Fabric fabric : FabricOption.ALL) {
        print(out, fabric.name(), new WireBench(fabric).run(TRANSFERS), "%6.0f");
        out.flush();
      }
      return Lab.OK;
    } catch (FabricException e) {
      spec.commandLine().getErr().println(e.getMessage());
      return Lab.LOCAL_PROBLEM;
    }
  }

  private int security() throws Exception {
    if (repeat < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--repeat: " + repeat + " is not 1 or more; for example --repeat 300");
    }
    Result result = new SecurityBench().run(repeat);
    PrintWriter out = spec.commandLine().getOut();
    out.println("from TCP to the link, " + repeat + " times each, in turns (ms)");
    print(out, "plain", result.plain(), "%6.2f");
    print(out, "secured", result.secured(), "%6.2f");
    double ratio = Result.quantile(result.secured(), 0.5) / Result.quantile(result.plain(), 0.5);
    out.printf("secured / plain, medians: %.1f; and one round trip more on a real path%n", ratio);
    return Lab.OK;
  }

  private static void print(PrintWriter out, String name, List<Double> sorted, String format) {
    out.printf(
        "%-8s median " + format + "   p10 " + format + "   p90 " + format + "%n",
        name,
        Result.quantile(sorted, 0.5),
        Result.quantile(sorted, 0.1),
        Result.quantile(sorted, 0.9));
  }
}
