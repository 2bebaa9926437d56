package dev.sallyport.harness.fabric;

import dev.sallyport.harness.scenario.Scenario;
import org.jspecify.annotations.Nullable;

/** A way to make networks that real processes run in. Safe for use by several threads. */
public interface Fabric {

  /** Its name in options and reports. */
  String name();

  /**
   * Why this machine cannot play this scenario, one sentence with what is missing and how to get
   * it; null if it can.
   */
  @Nullable String missing(Scenario scenario);

  /**
   * Builds the network of a scenario. No process of Sallyport runs in it yet.
   *
   * @throws FabricException if the machine refuses
   */
  Network build(Scenario scenario) throws FabricException, InterruptedException;
}
