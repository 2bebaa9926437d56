package dev.sallyport.domain.session;

import dev.sallyport.domain.punch.SocketId;

/** How a call ended. */
public sealed interface CallOutcome {
  /** The link on this socket is up; it is the caller's now. */
  record Linked(SocketId id) implements CallOutcome {}

  /** It did not work, and why. */
  record Failed(Failure failure) implements CallOutcome {}

  /** The user gave up. */
  record Abandoned() implements CallOutcome {}
}
