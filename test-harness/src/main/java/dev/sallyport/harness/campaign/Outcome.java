package dev.sallyport.harness.campaign;

/**
 * What came of one call.
 *
 * @param rung the word of the rung that got through; empty if there was no echo
 * @param rtts from the first dial to the link, in round trips of the path; NaN without an echo
 * @param reason why there was no echo, in a few words; empty if there was one
 * @param seed of this call's chance
 */
public record Outcome(String rung, double rtts, String reason, long seed) {
  /** Whether a message went over the link and came back. */
  public boolean connected() {
    return reason.isEmpty();
  }
}
