package dev.sallyport.harness.scenario;

import java.util.Locale;

/** Who is there first. */
public enum StartOrder {
  /** The service is registered before a client starts. */
  SERVE_FIRST,
  /** The client is running and has looked around before the service starts. */
  CONNECT_FIRST,
  /** Both start at once. */
  BOTH;

  /** Its name in options and reports: {@code serve-first}, {@code connect-first}, {@code both}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * @throws IllegalArgumentException naming the valid ones
   */
  public static StartOrder parse(String text) {
    for (StartOrder order : values()) {
      if (order.word().equals(text)) {
        return order;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no order; expected serve-first, connect-first or both");
  }
}
