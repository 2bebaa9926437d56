package dev.sallyport.harness;

import dev.sallyport.harness.internet.InternetForecast;
import dev.sallyport.harness.internet.InternetReport;
import dev.sallyport.harness.internet.Mix;
import dev.sallyport.harness.internet.MixFormatException;
import dev.sallyport.harness.internet.Mixes;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lab internet}: how often calls between hosts of the real Internet should connect. */
@Command(
    name = "internet",
    description = {
      "Tells how often calls over the Internet should connect, and how sure that is.",
      "The hosts are drawn from a mix: what somebody measured of the NATs out there. Says also",
      "which pairs of NATs lose most. Simulated, in virtual time: needs no root and no network.",
      "",
      "A mix is a text file with a line for each kind of host; --mix list shows those shipped.",
      "  title     Our office                       one line",
      "  source    Counted by hand                  who measured",
      "  measured  2026                             when",
      "  sample    40 routers                       how many were counted",
      "  nat       70%%  port-restricted",
      "  nat       rest port-restricted below symmetric",
      "  rtt       30 ms 100%%                       there and back",
      "Without a sample, nat lines have ranges: nat 16%% (12-21) symmetric",
      ""
    },
    sortOptions = false)
final class InternetCommand implements Callable<Integer> {
  private static final String LIST = "list";
  private static final int MOST_CALLS = 1_000_000;
  private static final int LONGEST_DELAY_MILLIS = 10_000;
  private static final int FROM_MIX = -1;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before any method runs
  private CommandSpec spec;

  @Option(
      names = "--mix",
      paramLabel = "MIX",
      defaultValue = "",
      description =
          "The name of a mix that is shipped, the path of a file, or list; default the newest.")
  private String mix = "";

  @Option(
      names = {"--calls", "--repeat"},
      paramLabel = "N",
      defaultValue = "2000",
      description = "How many calls to play; default ${DEFAULT-VALUE}, which takes some seconds.")
  private int calls;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Where all chance comes from: the same seed gives the same numbers; default 1.")
  private long seed;

  @Option(
      names = "--delay",
      paramLabel = "MS",
      defaultValue = "" + FROM_MIX,
      description = "One-way delay between any two hosts; default: as the mix has it.")
  private int delayMillis;

  @Option(
      names = "--json",
      description = "Print one line for machines; fields that begin with wall are not repeatable.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (mix.equals(LIST)) {
      Mixes.shipped()
          .forEach(m -> out.printf("%-20s  %d  %s%n", m.name(), m.measured(), m.title()));
      return Lab.OK;
    }
    Mix chosen = chosen();
    InternetReport report =
        new InternetForecast(
                chosen,
                line -> {
                  err.println(line);
                  err.flush();
                })
            .play(calls, seed);
    if (json) {
      out.println(report.json());
    } else {
      report.lines().forEach(out::println);
    }
    return Lab.OK;
  }

  private Mix chosen() {
    check("--calls", calls, 1, MOST_CALLS);
    boolean fromMix = !spec.commandLine().getParseResult().hasMatchedOption("--delay");
    try {
      Mix found = mix.isEmpty() ? Mixes.newest() : Mixes.find(mix);
      if (fromMix) {
        return found;
      }
      check("--delay", delayMillis, 0, LONGEST_DELAY_MILLIS);
      return found.at(Duration.ofMillis(2L * delayMillis));
    } catch (MixFormatException e) {
      throw new ParameterException(spec.commandLine(), "--mix: " + e.getMessage());
    }
  }

  private void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + value + " is not between " + least + " and " + most);
    }
  }
}
