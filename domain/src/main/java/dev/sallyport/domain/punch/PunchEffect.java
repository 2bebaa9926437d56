package dev.sallyport.domain.punch;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Rung;
import java.time.Duration;

/** What a {@link PunchMachine} wants done. */
public sealed interface PunchEffect {

  /** Start a connect; it ends in one {@link PunchEvent.Connected} or {@link PunchEvent.Failed}. */
  record Dial(SocketId id, Rung rung, int localPort, Endpoint remote, Duration timeout)
      implements PunchEffect {}

  /** End a dial early; {@link PunchEvent.Failed} still comes. */
  record Abort(SocketId id) implements PunchEffect {}

  /** Nothing to do: a burst ends early, since no more SYNs may leave for its address now. */
  record Limited() implements PunchEffect {}

  /** Nothing to do: the first dial of a rung leaves now. */
  record RungStarted(Rung rung) implements PunchEffect {}
}
