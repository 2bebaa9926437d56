package dev.sallyport.domain.nat;

import org.jspecify.annotations.Nullable;

/**
 * Something found out about a NAT, and how sure we are of it.
 *
 * @param value null exactly when nothing is known
 * @param confidence percent, 0 exactly when nothing is known
 */
public record Finding<T>(@Nullable T value, int confidence) {
  public Finding {
    if (confidence < 0 || confidence > 100 || (value == null) != (confidence == 0)) {
      throw new IllegalArgumentException("confidence " + confidence + " for " + value);
    }
  }

  public static <T> Finding<T> unknown() {
    return new Finding<>(null, 0);
  }

  public static <T> Finding<T> of(T value, int confidence) {
    return new Finding<>(value, confidence);
  }

  public boolean isKnown() {
    return value != null;
  }

  /** Whether the value is known and equal to {@code expected}. */
  public boolean is(T expected) {
    return expected.equals(value);
  }
}
