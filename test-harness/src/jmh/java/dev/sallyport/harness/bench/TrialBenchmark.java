package dev.sallyport.harness.bench;

import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.sim.Trial;
import dev.sallyport.harness.sim.TrialResult;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Whole calls a second, from the start of both hosts to the echo or the failure. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(1)
@Fork(1)
@Warmup(iterations = 5, time = 5) // a trial runs much code: the compiler takes 15 s and more
@Measurement(iterations = 5, time = 2)
public class TrialBenchmark {
  /** Who calls and who serves; the last pair never meets, and tries until its time is over. */
  public enum Pair {
    PORT_RESTRICTED(NatKind.PORT_RESTRICTED),
    FULL_CONE(NatKind.FULL_CONE),
    SYMMETRIC(NatKind.SYMMETRIC);

    private final NatKind both;

    Pair(NatKind both) {
      this.both = both;
    }
  }

  @Param public Pair pair = Pair.PORT_RESTRICTED;

  private Scenario scenario = Scenario.between(NatKind.NONE, NatKind.NONE);
  private long seed;

  @Setup
  public void choose() {
    scenario = Scenario.between(pair.both, pair.both);
  }

  /** Each with another seed, so that no two take the very same way. */
  @Benchmark
  public TrialResult trial() {
    NetworkPath path = new NetworkPath(Duration.ofMillis(25), 0, seed++);
    return Trial.play(scenario.over(path));
  }
}
