package dev.sallyport.ws;

import dev.sallyport.domain.session.Link;
import java.time.Duration;

/**
 * What a link may take in time and memory.
 *
 * @param pingAfter how long nothing is read, or nothing written, before a ping goes out
 * @param deadAfter how long to wait for a byte before the link is taken for dead; more than twice
 *     {@code pingAfter}, so that one lost answer does not kill
 * @param goodbyeWait how long to wait for the answer to a close frame, or for ours to get out
 * @param sendCreditBytes what may be queued for sending, frames' overhead included
 */
record LinkLimits(
    Duration pingAfter, Duration deadAfter, Duration goodbyeWait, int sendCreditBytes) {
  static final LinkLimits DEFAULT =
      new LinkLimits(
          Duration.ofSeconds(10), Duration.ofSeconds(25), Duration.ofSeconds(1), 4 << 20);

  LinkLimits {
    if (deadAfter.compareTo(pingAfter.multipliedBy(2)) <= 0) {
      throw new IllegalArgumentException(
          "dead after " + deadAfter + " leaves no room for two pings, " + pingAfter + " apart");
    }
    if (sendCreditBytes < 2 * Link.MAX_MESSAGE_BYTES) {
      throw new IllegalArgumentException(
          "a send credit of " + sendCreditBytes + " bytes does not hold two messages");
    }
  }
}
