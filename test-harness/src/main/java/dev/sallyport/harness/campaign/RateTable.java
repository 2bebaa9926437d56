package dev.sallyport.harness.campaign;

import dev.sallyport.app.natreport.NatType;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.matrix.Cell;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * The table that {@code sallyport nat} foretells from ({@link dev.sallyport.app.natreport.Rates}):
 * every type of NAT it knows against every other, simulated. The same on every machine.
 */
public final class RateTable {
  /** Where it is kept, seen from the top of the sources. */
  public static final String FILE = "app/src/main/resources/dev/sallyport/app/natreport/rates.txt";

  private static final int DELAY_MILLIS = 50;
  private static final int LOSS_PERCENT = 1;
  private static final int CALLS = 25;
  private static final long SEED = 1;

  private RateTable() {}

  /** Plays all of it, which takes some seconds, and writes it down. */
  public static String text(Campaign.Listener listener)
      throws FabricException, IOException, InterruptedException {
    List<NatKind> kinds =
        Arrays.stream(NatType.values()).map(type -> NatKind.parse(type.word())).toList();
    NetworkPath path = new NetworkPath(Duration.ofMillis(DELAY_MILLIS), LOSS_PERCENT, SEED);
    Campaign campaign = new Campaign(kinds, path, true, CALLS, SEED);
    return text(
        kinds,
        campaign.play(
            new SimPlayer(), List.of(), Runtime.getRuntime().availableProcessors(), listener));
  }

  private static String text(List<NatKind> kinds, List<Cell> cells) {
    StringBuilder text =
        new StringBuilder(
            """
            # How many calls get through between two types of NAT: rows call, columns serve.
            # Simulated by the test harness, which fails when this no longer says what the code does.
            # To write it anew: ./lab rates
            calls %d
            path %d ms one way, %d %% of the packets lost
            """
                .formatted(CALLS, DELAY_MILLIS, LOSS_PERCENT));
    int width = kinds.stream().mapToInt(kind -> kind.word().length()).max().orElse(0);
    text.append(pad("serves", width));
    kinds.forEach(kind -> text.append("  ").append(kind.word()));
    Iterator<Cell> cell = cells.iterator();
    for (NatKind caller : kinds) {
      text.append('\n').append(pad(caller.word(), width));
      for (NatKind service : kinds) {
        String count = Integer.toString(cell.next().connected());
        text.append(" ".repeat(2 + service.word().length() - count.length())).append(count);
      }
    }
    return text.append('\n').toString();
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
