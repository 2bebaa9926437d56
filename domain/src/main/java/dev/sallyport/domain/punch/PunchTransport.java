package dev.sallyport.domain.punch;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;

/**
 * Port: TCP sockets that listen and dial from one and the same local port (SO_REUSEADDR and
 * SO_REUSEPORT), without blocking. It carries out what the {@link PunchMachine} decides and decides
 * nothing itself.
 *
 * <p>Threading: all methods may be called from any thread and never block. The {@link Sink} is
 * called on the transport's own thread, one call at a time, and must not block either.
 *
 * <p>Contract: every {@link #dial} ends in exactly one of {@link Sink#connected} and {@link
 * Sink#failed}, whatever happens, {@link #abort} and {@link #close} included. A {@link
 * RawConnection} handed to the sink belongs to the receiver, who closes it.
 */
public interface PunchTransport extends AutoCloseable {

  /** Makes a transport that reports to one sink. */
  interface Factory {
    PunchTransport open(Sink sink);
  }

  /** Where events go. */
  interface Sink {
    /** A peer connected to the listener on {@code port}. */
    void accepted(int port, RawConnection connection);

    /** The dial got through. */
    void connected(SocketId id, RawConnection connection);

    /** The dial ended without a connection. */
    void failed(SocketId id, DialFailure failure);
  }

  /**
   * Starts listening, on every address of both families.
   *
   * @param port 1 to 65535, or 0 for any free one
   * @param exclusive whether to make sure first that no other process uses the port: with
   *     SO_REUSEPORT a second listener would bind silently and steal connections
   * @return the port it listens on
   * @throws PortUnavailableException if the port is taken or not ours to use
   */
  int listen(int port, boolean exclusive) throws PortUnavailableException;

  /**
   * Starts a connect.
   *
   * @param localPort the port to dial from, or 0 for an ephemeral one
   * @param timeout from now until {@link DialFailure#TIMED_OUT}
   */
  void dial(SocketId id, int localPort, Endpoint remote, Duration timeout);

  /** Ends a dial that is under way with {@link DialFailure#ABORTED}; does nothing otherwise. */
  void abort(SocketId id);

  /** Closes all listeners and dials; connections already handed over stay. Idempotent. */
  @Override
  void close();

  /** The port to listen on is taken, or needs rights we lack. */
  final class PortUnavailableException extends Exception {
    private static final long serialVersionUID = 1L;

    public PortUnavailableException(String message) {
      super(message);
    }
  }
}
