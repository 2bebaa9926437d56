package dev.sallyport.app.runner;

import java.time.Instant;
import java.util.function.Supplier;

/** The wall clock at the start, and from then on the monotonic one: it never jumps. Thread-safe. */
public final class MonotonicClock implements Supplier<Instant> {
  private final Instant start = Instant.now();
  private final long startNanos = System.nanoTime();

  @Override
  public Instant get() {
    return start.plusNanos(System.nanoTime() - startNanos);
  }
}
