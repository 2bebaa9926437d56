package dev.sallyport.harness.architecture.offenders.dht;

import dev.sallyport.harness.architecture.offenders.net.Innocent;

public final class KnowsAdapter {
  private KnowsAdapter() {}

  public static void neighbour(Innocent neighbour) {}
}
