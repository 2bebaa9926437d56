package dev.sallyport.harness.architecture.offenders.harness;

import dev.sallyport.harness.architecture.offenders.dht.KnowsAdapter;
import picocli.CommandLine;

/** The harness may know every room and every library. */
public final class Innocent {
  private Innocent() {}

  public static void dht(KnowsAdapter dht) {}

  public static void commandLine(CommandLine commandLine) {}
}
