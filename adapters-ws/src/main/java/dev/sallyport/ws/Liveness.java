package dev.sallyport.ws;

import java.time.Duration;

/**
 * Decides when to ping and when to give a peer up. Time is an argument, in nanoseconds of {@link
 * System#nanoTime}.
 *
 * <p>Each end pings after a while of having read nothing, to hear an answer, and after a while of
 * having written nothing, so that it is heard without being asked: a question can stand for long
 * behind megabytes in a socket's buffer on a slow path, and the answer would come too late.
 *
 * <p>Only time spent waiting for bytes counts against the peer. While our own listener holds the
 * reader up nobody reads, and the silence is our doing.
 *
 * <p>Threading: the reader and the writer report, any other thread may ask; all fields are
 * independent.
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
  private volatile long wrote;
  private volatile long pinged;
  private volatile boolean waiting;

  Liveness(Duration pingAfter, Duration deadAfter, long now) {
    this.pingAfter = pingAfter.toNanos();
    this.deadAfter = deadAfter.toNanos();
    this.heard = now;
    this.wrote = now;
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

  /** Bytes were written. */
  void wrote(long now) {
    wrote = now;
  }

  /** What is due; a ping that is due counts as sent. */
  Duty duty(long now) {
    if (waiting && now - heard >= deadAfter) {
      return Duty.GIVE_UP;
    }
    if (untilPing(now) <= 0) {
      pinged = now;
      return Duty.PING;
    }
    return Duty.NOTHING;
  }

  /** In how many nanoseconds to ask again, at the soonest. */
  long nextCheck(long now) {
    long dead = waiting ? deadAfter - (now - heard) : Long.MAX_VALUE;
    return Math.max(0, Math.min(untilPing(now), dead));
  }

  private long untilPing(long now) {
    long silence = Math.max(now - heard, now - wrote);
    return pingAfter - Math.min(silence, now - pinged);
  }
}
