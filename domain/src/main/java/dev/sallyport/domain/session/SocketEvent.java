package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.SocketId;
import org.jspecify.annotations.Nullable;

/** What happens to sockets, for both roles. */
public sealed interface SocketEvent extends CallEvent, ServeEvent {
  SocketId id();

  /** A dial got through. */
  record Dialed(SocketId id, Endpoint local, Endpoint remote) implements SocketEvent {}

  /** A dial ended without a connection. */
  record DialFailed(SocketId id, DialFailure failure) implements SocketEvent {}

  /** A peer connected to one of our ports. */
  record Accepted(SocketId id, Endpoint local, Endpoint remote) implements SocketEvent {}

  /** Securing it ended well: the link is up. */
  record LinkReady(SocketId id) implements SocketEvent {}

  /**
   * Securing it failed; the socket is closed.
   *
   * @param refusal if the reason is {@code REFUSED}
   */
  record LinkFailed(
      SocketId id, LinkException.Reason reason, @Nullable RefusalCode refusal, String message)
      implements SocketEvent {}
}
