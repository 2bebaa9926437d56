package dev.sallyport.ws;

import java.time.Duration;

/**
 * Decides when to ping and when to give a peer up. Time is an argument, in nanoseconds of {@link
 * System#nanoTime}.
 *
 * <p>Only time spent waiting for bytes counts against the peer: while our own listener holds the
 * reader up, nobody reads, and the peer's silence is our doing. Pings go out all the same, so the
 * peer, who gets no pongs meanwhile, hears that we live.
 *
 * <p>Threading: the reader reports, any other thread may ask; all fields are independent.
 */
final class Liveness {
  /** What is to be done now. */
  enum Duty {
    NOTHING,
    PING,
    GIVE_UP
  }

  private final long pingAfter;
  private final long deadAfter;
  private volatile long heard;
  private volatile long pinged;
  private volatile boolean waiting;

  Liveness(Duration pingAfter, Duration deadAfter, long now) {
    this.pingAfter = pingAfter.toNanos();
    this.deadAfter = deadAfter.toNanos();
    this.heard = now;
    this.pinged = now;
  }

  /** The reader begins to wait for bytes. */
  void waiting(long now) {
    heard = now;
    waiting = true;
  }

  /** Bytes came. */
  void heard(long now) {
    waiting = false;
    heard = now;
  }

  /** What is due; a ping that is due counts as sent. */
  Duty duty(long now) {
    if (waiting && now - heard >= deadAfter) {
      return Duty.GIVE_UP;
    }
    if (now - heard >= pingAfter && now - pinged >= pingAfter) {
      pinged = now;
      return Duty.PING;
    }
    return Duty.NOTHING;
  }

  /** In how many nanoseconds to ask again, at the soonest. */
  long nextCheck(long now) {
    long ping = pingAfter - Math.min(now - heard, now - pinged);
    long dead = waiting ? deadAfter - (now - heard) : Long.MAX_VALUE;
    return Math.max(0, Math.min(ping, dead));
  }
}
