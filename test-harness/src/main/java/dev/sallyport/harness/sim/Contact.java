package dev.sallyport.harness.sim;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When the two ends of one call began and when they had TCP, of the connection that became the
 * link. Nanoseconds since the start of the trial.
 *
 * <p>A side's <em>start</em> is its first SYN that belongs to what got through. What it dials comes
 * in series: each burst is one, and so are the other dials of {@code external}, those of {@code
 * direct} and those of {@code local}. If it had dialled the connection's two endpoints itself, be
 * it that its SYN won or that it only opened the hole, its start is the first dial of that series,
 * wherever that one went. If it had not, its start is its first dial to the other's address, which
 * may have opened the way as well; a side that had dialled nothing there before the connection was
 * up had no part in it and no start.
 *
 * @param callerStart null if the caller had no part in it
 * @param serviceStart null if the service had none
 * @param callerUp when the connection was established at the caller's host
 * @param serviceUp when it was established at the service's
 */
public record Contact(
    @Nullable Long callerStart, @Nullable Long serviceStart, long callerUp, long serviceUp) {
  public Contact {
    if (callerStart == null && serviceStart == null) {
      throw new IllegalArgumentException("a connection that nobody dialled");
    }
  }

  /** From the later side's start until TCP was established at both ends. */
  public Duration sinceLaterStart() {
    long later =
        Math.max(
            callerStart == null ? Long.MIN_VALUE : callerStart,
            serviceStart == null ? Long.MIN_VALUE : serviceStart);
    return Duration.ofNanos(Math.max(callerUp, serviceUp) - later);
  }
}
