package dev.sallyport.harness.architecture.offenders.app.left;

import dev.sallyport.harness.architecture.offenders.app.right.KnowsLeft;

public final class KnowsRight {
  private KnowsRight() {}

  public static void right(KnowsLeft right) {}
}
