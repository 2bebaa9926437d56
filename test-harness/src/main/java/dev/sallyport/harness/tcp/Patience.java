package dev.sallyport.harness.tcp;

import dev.sallyport.harness.model.Scheduler;

/**
 * At most one answer to senseless segments in half a second, so that two hosts never talk nonsense
 * for ever ({@code tcp_invalid_ratelimit}, RFC 5961 section 7).
 */
final class Patience {
  private static final long GAP = 500_000_000L;

  private final Scheduler scheduler;
  private long last;
  private boolean used;

  Patience(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  boolean allows() {
    long now = scheduler.now();
    if (used && now - last < GAP) {
      return false;
    }
    used = true;
    last = now;
    return true;
  }
}
