package dev.sallyport.harness.internet;

import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.sim.Trial;
import java.time.Duration;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.function.Consumer;

/** Foretells, by simulated calls, how often a call of a mix connects. */
public final class InternetForecast {
  private static final int PROGRESS_LINES = 10;

  private final Mix mix;
  private final Consumer<String> progress;

  /**
   * @param progress takes a line for people from time to time, on the thread that plays
   */
  public InternetForecast(Mix mix, Consumer<String> progress) {
    this.mix = mix;
    this.progress = progress;
  }

  /**
   * Plays on all processors. The same calls and seed give the same report, but for how long it
   * took.
   *
   * @param calls how many, at least 1
   * @throws InterruptedException when interrupted; nothing is left running
   */
  public InternetReport play(int calls, long seed) throws InterruptedException {
    long started = System.nanoTime();
    int threads = Runtime.getRuntime().availableProcessors();
    Outcome outcome =
        new MonteCarlo(mix, (Scenario scenario) -> Trial.play(scenario), threads)
            .play(calls, seed, new ProgressLines(progress, PROGRESS_LINES));
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    return new InternetReport(outcome, Year.now(ZoneOffset.UTC).getValue(), took);
  }
}
