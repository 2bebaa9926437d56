package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;
import java.time.Instant;

/**
 * What became of a mapping over which nothing went for a while: over UDP by RFC 5780 section 4.6,
 * over TCP by a connection that was left quiet. Each mapping is good for one such test, for the
 * test itself keeps it alive. Not trusted.
 *
 * @param localPort the port of ours that lay quiet
 * @param observer who had answered it before, and was to reach it again
 * @param quiet for how long nothing went
 * @param kept whether what the observer sent afterwards came in; if not, the observer was still
 *     there for others of our ports
 * @param seenAt when it was known
 */
public record QuietProbe(
    int localPort,
    Transport transport,
    Endpoint observer,
    Duration quiet,
    boolean kept,
    Instant seenAt) {
  public QuietProbe {
    if (localPort < 1 || localPort > 65535) {
      throw new IllegalArgumentException("port " + localPort + " is not between 1 and 65535");
    }
    if (quiet.isNegative() || quiet.isZero()) {
      throw new IllegalArgumentException("quiet for " + quiet.toMillis() + " ms");
    }
  }
}
