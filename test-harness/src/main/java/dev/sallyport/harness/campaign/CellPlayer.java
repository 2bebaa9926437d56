package dev.sallyport.harness.campaign;

import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.scenario.Scenario;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plays one pair of NATs many times, on one fabric. Safe for use by several threads. */
public interface CellPlayer {
  /** The fabric's name in options and reports. */
  String fabric();

  /** Why this scenario cannot be played here, in one sentence; null if it can. */
  @Nullable String missing(Scenario scenario);

  /**
   * Plays the scenario so many times, each with a seed of its own.
   *
   * @throws FabricException if the machine refuses
   */
  List<Outcome> play(Scenario scenario, List<Long> seeds)
      throws FabricException, IOException, InterruptedException;
}
