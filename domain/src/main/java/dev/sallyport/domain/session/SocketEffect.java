package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;

/** What both machines want done with sockets. */
public sealed interface SocketEffect extends CallEffect, ServeEffect {
  SocketId id();

  /** Start a connect; it ends in {@link SocketEvent.Dialed} or {@link SocketEvent.DialFailed}. */
  record Dial(SocketId id, int localPort, Endpoint remote, Duration timeout)
      implements SocketEffect {}

  /** End a connect early; {@link SocketEvent.DialFailed} still comes. */
  record Abort(SocketId id) implements SocketEffect {}

  /**
   * Close a connection that is up, secured or not. If it is being secured, {@link
   * SocketEvent.LinkFailed} still comes.
   */
  record Close(SocketId id) implements SocketEffect {}
}
