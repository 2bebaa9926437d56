package dev.sallyport.harness.architecture.offenders.app.right;

import dev.sallyport.harness.architecture.offenders.app.left.KnowsRight;

public final class KnowsLeft {
  private KnowsLeft() {}

  public static void left(KnowsRight left) {}
}
