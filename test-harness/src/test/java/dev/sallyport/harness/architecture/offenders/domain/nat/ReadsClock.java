package dev.sallyport.harness.architecture.offenders.domain.nat;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

public final class ReadsClock {
  private ReadsClock() {}

  public static Instant instant() {
    return Instant.now();
  }

  public static Supplier<Instant> instantByReference() {
    return Instant::now;
  }

  public static Instant instantOfClock(Clock clock) {
    return clock.instant();
  }

  public static Clock clock() {
    return Clock.systemUTC();
  }

  public static LocalDate date() {
    return LocalDate.now(ZoneOffset.UTC);
  }

  public static ZonedDateTime time() {
    return ZonedDateTime.now(ZoneOffset.UTC);
  }

  public static ZoneId zone() {
    return ZoneId.systemDefault();
  }

  public static long millis() {
    return System.currentTimeMillis();
  }

  public static LongSupplier nanosInLambda() {
    return () -> System.nanoTime();
  }
}
