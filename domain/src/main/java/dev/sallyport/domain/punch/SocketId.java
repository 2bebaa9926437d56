package dev.sallyport.domain.punch;

/**
 * The name of one socket in effects and events. Never used twice, so an event for a socket that is
 * long gone cannot be mistaken for one of its successor's.
 *
 * @param number counted up by whoever made the socket
 */
public record SocketId(Origin origin, long number) {
  /** Who made it. */
  public enum Origin {
    /** The machine asked for it. */
    DIALED,
    /** A peer connected to a listener; numbered by the runner. */
    ACCEPTED
  }

  public static SocketId dialed(long number) {
    return new SocketId(Origin.DIALED, number);
  }

  public static SocketId accepted(long number) {
    return new SocketId(Origin.ACCEPTED, number);
  }

  @Override
  public String toString() {
    return (origin == Origin.DIALED ? "d" : "a") + number;
  }
}
