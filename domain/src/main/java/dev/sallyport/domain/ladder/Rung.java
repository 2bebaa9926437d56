package dev.sallyport.domain.ladder;

/** The rungs of the ladder, in their default order. */
public enum Rung {
  /** Simultaneous open between the external endpoints of both NATs. */
  EXTERNAL,
  /** The same between private addresses, for peers on one network. */
  LOCAL,
  /** A plain connect to an endpoint that accepts connections from anyone. */
  DIRECT;

  /** Its name in options and reports: {@code external}, {@code local}, {@code direct}. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
