package dev.sallyport.harness.architecture.offenders.ws;

import dev.sallyport.harness.architecture.offenders.app.left.KnowsRight;

public final class KnowsApp {
  private KnowsApp() {}

  public static void app(KnowsRight app) {}
}
