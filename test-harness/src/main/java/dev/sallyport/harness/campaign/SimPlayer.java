package dev.sallyport.harness.campaign;

import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.sim.Trial;
import dev.sallyport.harness.sim.TrialResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plays in virtual time. */
public final class SimPlayer implements CellPlayer {
  @Override
  public String fabric() {
    return "sim";
  }

  @Override
  public @Nullable String missing(Scenario scenario) {
    return null;
  }

  @Override
  public List<Outcome> play(Scenario scenario, List<Long> seeds) {
    return seeds.stream()
        .map(seed -> outcome(scenario.over(scenario.path().seeded(seed)), seed))
        .toList();
  }

  private static Outcome outcome(Scenario scenario, long seed) {
    TrialResult result = Trial.play(scenario);
    if (!result.connected() || result.rung() == null) {
      return new Outcome("", Double.NaN, result.reason(), seed);
    }
    double rtts = (double) result.punched().toNanos() / scenario.path().roundTrip().toNanos();
    return new Outcome(result.rung().word(), rtts, "", seed);
  }
}
