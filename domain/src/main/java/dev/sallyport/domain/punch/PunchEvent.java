package dev.sallyport.domain.punch;

/** What happens to the sockets a {@link PunchMachine} asked for. */
public sealed interface PunchEvent {
  SocketId id();

  /** The dial got through. */
  record Connected(SocketId id) implements PunchEvent {}

  /** The dial ended without a connection. */
  record Failed(SocketId id, DialFailure failure) implements PunchEvent {}

  /** The dial had got through, but what answered could not be authenticated. */
  record Useless(SocketId id) implements PunchEvent {}
}
