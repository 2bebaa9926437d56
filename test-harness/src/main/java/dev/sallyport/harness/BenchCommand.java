package dev.sallyport.harness;

import dev.sallyport.harness.bench.PunchBench;
import dev.sallyport.harness.bench.PunchText;
import dev.sallyport.harness.bench.SecurityBench;
import dev.sallyport.harness.bench.SecurityBench.Result;
import dev.sallyport.harness.bench.WireBench;
import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.scenario.NetworkPath;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lab bench}: what security costs, how long punching takes, what the lab's wires carry. */
@Command(
    name = "bench",
    description = {
      "Measures what security costs, how long punching takes, or what the lab's wires carry.",
      "What TLS, HELLO and WELCOME cost between TCP and the link, side by side with a bare",
      "WebSocket upgrade, on loopback. Needs no root.",
      "Exit code: 0 if it is measured and no bound is exceeded, 5 if one is, 2 for wrong options."
    },
    sortOptions = false)
final class BenchCommand implements Callable<Integer> {
  private static final int TRANSFERS = 5;
  private static final int CONNECTIONS = 300;
  private static final int CALLS = 200;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private CommandSpec spec;

  @Option(
      names = "--repeat",
      paramLabel = "N",
      description =
          "How many connections of each kind, or calls of each pair; default 300, or 200.")
  private @Nullable Integer repeat;

  @Option(
      names = "--punch",
      description = {
        "Simulates calls instead, and tells in round trips and ms how long it takes from the",
        "later side's first SYN until TCP is up at both ends, and whether that is as promised."
      })
  private boolean punch;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      defaultValue = "50",
      description = "For --punch: one-way delay between the two hosts; default ${DEFAULT-VALUE}.")
  private int delayMillis;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "For --punch: seed of all chance; default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--wire",
      description = {
        "Measures instead what the lab's own wires carry: a TCP transfer of 64 MiB through two",
        "NATs, without delay, over each fabric. Needs root."
      })
  private boolean wire;

  @Override
  public Integer call() throws Exception {
    if (punch && wire) {
      throw new ParameterException(spec.commandLine(), "either --punch or --wire, not both");
    }
    return punch ? punch() : wire ? wire() : security();
  }

  private int punch() {
    PunchBench bench;
    try {
      NetworkPath path = new NetworkPath(Duration.ofMillis(delayMillis), 0, seed);
      bench = new PunchBench(repeat == null ? CALLS : repeat, path);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    PrintWriter out = spec.commandLine().getOut();
    PunchText text = new PunchText(bench);
    text.head().forEach(out::println);
    out.flush();
    List<PunchBench.Row> rows = new ArrayList<>();
    for (PunchBench.Group group : PunchBench.GROUPS) {
      PunchBench.Row row = bench.play(group);
      rows.add(row);
      out.println(text.line(row));
      out.flush();
    }
    text.tail(rows).forEach(out::println);
    return rows.stream().allMatch(bench::isWithin) ? Lab.OK : Lab.NOT_ALL_SUCCEEDED;
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
    int times = repeat == null ? CONNECTIONS : repeat;
    if (times < 1) {
      throw new ParameterException(
          spec.commandLine(), "--repeat: " + times + " is not 1 or more; for example --repeat 300");
    }
    Result result = new SecurityBench().run(times);
    PrintWriter out = spec.commandLine().getOut();
    out.println("from TCP to the link, " + times + " times each, in turns (ms)");
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
