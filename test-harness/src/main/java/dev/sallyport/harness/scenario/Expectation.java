package dev.sallyport.harness.scenario;

import dev.sallyport.domain.ladder.Rung;
import java.util.Set;

/** What must come of a scenario. */
public sealed interface Expectation {

  /** Every call gets its echo, over one of these rungs. */
  record Connects(Set<Rung> rungs) implements Expectation {
    public Connects {
      if (rungs.isEmpty()) {
        throw new IllegalArgumentException("no rung to connect by");
      }
      rungs = Set.copyOf(rungs);
    }
  }

  /** Every call fails with this exit code. */
  record FailsWith(int exitCode) implements Expectation {
    public FailsWith {
      if (exitCode == 0) {
        throw new IllegalArgumentException("exit code 0 is no failure");
      }
    }
  }

  /** Nothing is promised: what happens is reported. */
  record Measured() implements Expectation {}
}
