package dev.sallyport.domain.session;

import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A caller's sockets from the moment they are up until one of them is the link.
 *
 * <p>Several are secured side by side, but only one at a time carries our HELLO, and it is closed
 * before the next one does. So whoever gets a HELLO knows that we have given up on the sockets
 * before, and nobody is locked out by a WELCOME that was lost.
 */
final class Handshakes {
  static final int IN_FLIGHT = 4;
  static final int IN_ALL = 16;

  private static final Duration PATIENCE = Duration.ofMillis(300);

  private enum Phase {
    IN_LINE,
    SECURING,
    SECURED,
    GREETED
  }

  /** One socket and how far it has come. */
  private static final class Socket {
    final Ends ends;
    Phase phase = Phase.IN_LINE;
    Instant since = Instant.MIN;

    /** TLS 1.3 costs one round trip: this is what we know of the path and the peer's speed. */
    Duration roundTrip = Duration.ZERO;

    Socket(Ends ends) {
      this.ends = ends;
    }
  }

  private final Map<SocketId, Socket> sockets = new LinkedHashMap<>();

  /** Takes a socket in, unless there are too many. */
  boolean offer(SocketId id, Ends ends) {
    return sockets.size() < IN_ALL && sockets.putIfAbsent(id, new Socket(ends)) == null;
  }

  /** The next socket to secure now, or null. */
  @Nullable SocketId nextToSecure(Instant now) {
    long inFlight = sockets.values().stream().filter(s -> s.phase != Phase.IN_LINE).count();
    return inFlight < IN_FLIGHT ? promote(Phase.IN_LINE, Phase.SECURING, now) : null;
  }

  void secured(SocketId id, Instant now) {
    Socket socket = sockets.get(id);
    if (socket != null && socket.phase == Phase.SECURING) {
      socket.phase = Phase.SECURED;
      socket.roundTrip = Duration.between(socket.since, now);
    }
  }

  /** The next socket to say HELLO on now, or null. */
  @Nullable SocketId nextToGreet(Instant now) {
    return greeted() == null ? promote(Phase.SECURED, Phase.GREETED, now) : null;
  }

  /** The socket that had no WELCOME in time while another one waits for its turn, or null. */
  @Nullable SocketId overdue(Instant now) {
    Instant deadline = deadline();
    return deadline == null || deadline.isAfter(now) ? null : greeted();
  }

  /** When {@link #overdue} will have something to say; null if nothing depends on time. */
  @Nullable Instant deadline() {
    Socket greeted = sockets.get(greeted());
    boolean others = sockets.values().stream().anyMatch(s -> s.phase == Phase.SECURED);
    return greeted == null || !others
        ? null
        : greeted.since.plus(greeted.roundTrip.multipliedBy(2)).plus(PATIENCE);
  }

  boolean isGreeted(SocketId id) {
    return id.equals(greeted());
  }

  /** The two ends of a socket that is here, or null. */
  @Nullable Ends ends(SocketId id) {
    Socket socket = sockets.get(id);
    return socket == null ? null : socket.ends;
  }

  /** Whether there is no socket. */
  boolean isEmpty() {
    return sockets.isEmpty();
  }

  /** Forgets a socket; whether it was here. */
  boolean remove(SocketId id) {
    return sockets.remove(id) != null;
  }

  /** Forgets all sockets and says which there were. */
  List<SocketId> drain() {
    List<SocketId> all = List.copyOf(sockets.keySet());
    sockets.clear();
    return all;
  }

  private @Nullable SocketId greeted() {
    return first(Phase.GREETED);
  }

  private @Nullable SocketId promote(Phase from, Phase to, Instant now) {
    SocketId id = first(from);
    Socket socket = id == null ? null : sockets.get(id);
    if (socket != null) {
      socket.phase = to;
      socket.since = now;
    }
    return id;
  }

  private @Nullable SocketId first(Phase phase) {
    for (Map.Entry<SocketId, Socket> entry : sockets.entrySet()) {
      if (entry.getValue().phase == phase) {
        return entry.getKey();
      }
    }
    return null;
  }
}
