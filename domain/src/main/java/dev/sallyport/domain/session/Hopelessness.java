package dev.sallyport.domain.session;

import dev.sallyport.domain.ladder.Tactic;
import java.time.Duration;

/** When a call is given up before its time, since what stands in the way will not go away. */
final class Hopelessness {
  /** Before that nothing is hopeless; and then it is worth looking every second. */
  static final Duration EARLIEST = Duration.ofSeconds(6);

  static final Duration AGAIN = Duration.ofSeconds(1);

  /**
   * Behind one public address all is near: whoever gets through does so in a second or two, but for
   * lost packets. Below one carrier's NAT that does not turn packets back nobody does.
   */
  private static final Duration SAME_ADDRESS = Duration.ofSeconds(8);

  private Hopelessness() {}

  /**
   * Whether it is.
   *
   * @param sameNetwork whether both sides come from one public address
   * @param answered whether the service has replied, and so dials us, too
   * @param since how long ago the climb began
   */
  static boolean is(Tactic tactic, boolean sameNetwork, boolean answered, Duration since) {
    return tactic.kind() == Tactic.Kind.IMPOSSIBLE
        || (sameNetwork && answered && since.compareTo(SAME_ADDRESS) >= 0);
  }
}
