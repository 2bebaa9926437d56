package dev.sallyport.dht;

import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Instant;

/**
 * One knock in a mailbox.
 *
 * @param expiresSeconds when it may be dropped unseen, in Unix seconds, coarse so that it says
 *     little about when it was made
 */
record MailboxEntry(SealedItem item, long expiresSeconds) {
  private static final long GRAIN_SECONDS = 60;

  /** The latest expiry a wire can carry: a century or two from now, twelve digits. */
  static final long MAX_EXPIRY = 999_999_999_999L;

  MailboxEntry {
    if (expiresSeconds < 0 || expiresSeconds > MAX_EXPIRY) {
      throw new IllegalArgumentException("an expiry of " + expiresSeconds + " s");
    }
  }

  static MailboxEntry of(SealedItem item, Instant expires) {
    long seconds = Math.clamp(expires.getEpochSecond(), 0, MAX_EXPIRY - GRAIN_SECONDS);
    return new MailboxEntry(item, (seconds / GRAIN_SECONDS + 1) * GRAIN_SECONDS);
  }
}
