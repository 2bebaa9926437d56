package dev.sallyport.harness.architecture.offenders.app.right;

import dev.sallyport.harness.architecture.offenders.harness.Innocent;

public final class KnowsHarness {
  private KnowsHarness() {}

  public static void harness(Innocent harness) {}
}
