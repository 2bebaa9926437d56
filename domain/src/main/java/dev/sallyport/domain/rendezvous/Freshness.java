package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;

/** Two computers' clocks may be this far apart before their words are refused. */
final class Freshness {
  static final Duration TOLERANCE = Duration.ofMinutes(10);

  private Freshness() {}

  /**
   * @param what for the message: "knock"
   */
  static void check(String what, Instant issuedAt, Instant expires, Instant now)
      throws MalformedException {
    if (issuedAt.isAfter(now.plus(TOLERANCE))) {
      throw new MalformedException(
          "the "
              + what
              + " was issued at "
              + issuedAt
              + ", which is still to come here: is a clock wrong?");
    }
    if (expires.isBefore(now.minus(TOLERANCE))) {
      throw new MalformedException("the " + what + " of " + issuedAt + " expired at " + expires);
    }
  }
}
