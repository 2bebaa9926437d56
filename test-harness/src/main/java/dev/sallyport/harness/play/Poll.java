package dev.sallyport.harness.play;

import dev.sallyport.harness.fabric.FabricException;
import java.io.IOException;
import java.time.Duration;

/** Waits for something that nobody tells us of. */
final class Poll {
  private static final long PAUSE_MILLIS = 50;

  private Poll() {}

  /** Looks whether it is so. An {@link IOException} means: not yet. */
  interface Check {
    boolean isSo() throws FabricException, IOException, InterruptedException;
  }

  /**
   * Looks again and again until it is so.
   *
   * @throws FabricException with {@code complaint} if it is not so in time, or what the check
   *     throws
   */
  static void until(Check check, Duration limit, String complaint)
      throws FabricException, InterruptedException {
    long start = System.nanoTime();
    while (!holds(check)) {
      if (System.nanoTime() - start > limit.toNanos()) {
        throw new FabricException(complaint);
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private static boolean holds(Check check) throws FabricException, InterruptedException {
    try {
      return check.isSo();
    } catch (IOException e) {
      return false;
    }
  }
}
