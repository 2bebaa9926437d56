package dev.sallyport.harness.sim;

import dev.sallyport.domain.ladder.Rung;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one trial ended.
 *
 * @param rung the rung of the ladder that the link came up by; null without a link
 * @param attempts how many connects the caller had started by then
 * @param elapsed from the start of the call to the link, or to its failure
 * @param punched from the caller's first dial to the link; zero without a link
 * @param exitCode what {@code sallyport connect} would have ended with: 0 if the echo came back
 * @param reason why there was no echo, in one sentence; empty if there was one
 */
public record TrialResult(
    @Nullable Rung rung,
    int attempts,
    Duration elapsed,
    Duration punched,
    int exitCode,
    String reason) {

  /** Whether a message went over the link and came back. */
  public boolean connected() {
    return exitCode == 0;
  }
}
