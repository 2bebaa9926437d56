package dev.sallyport.domain.punch;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * So many a second, with bursts of as many as it holds. Not thread-safe; time is passed in, and
 * time that runs backwards fills nothing.
 */
public final class TokenBucket {
  private final double perSecond;
  private final double size;
  private double tokens;
  private @Nullable Instant refilled;

  /** A full one; its time begins when it is first asked. */
  public TokenBucket(double perSecond, int size) {
    if (perSecond <= 0 || size < 1) {
      throw new IllegalArgumentException("a bucket that never has a token");
    }
    this.perSecond = perSecond;
    this.size = size;
    this.tokens = size;
  }

  /** Whether a token is there. */
  public boolean has(Instant now) {
    refill(now);
    return tokens >= 1;
  }

  /** Takes a token if one is there. */
  public boolean take(Instant now) {
    if (!has(now)) {
      return false;
    }
    tokens--;
    return true;
  }

  /** When the next token is there; in the past if one is there already. */
  public Instant next() {
    if (refilled == null) {
      return Instant.MIN;
    }
    long nanos = (long) Math.ceil(Math.max(0, 1 - tokens) / perSecond * 1e9);
    return refilled.plusNanos(nanos);
  }

  private void refill(Instant now) {
    if (refilled == null) {
      refilled = now;
      return;
    }
    double seconds = Duration.between(refilled, now).toNanos() / 1e9;
    if (seconds > 0) {
      tokens = Math.min(size, tokens + seconds * perSecond);
      refilled = now;
    }
  }
}
