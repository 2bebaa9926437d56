package dev.sallyport.harness.architecture.offenders.domain.nat;

import dev.sallyport.harness.architecture.offenders.net.Innocent;

public final class KnowsAdapter {
  private KnowsAdapter() {}

  public static void adapter(Innocent adapter) {}
}
