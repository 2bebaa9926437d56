package dev.sallyport.harness.tcp;

import java.util.function.Consumer;

/** A listener, and whether it still is one: its half-open children outlive it for a while. */
final class Listening {
  final Consumer<TcpConnection> accepted;
  boolean open = true;

  Listening(Consumer<TcpConnection> accepted) {
    this.accepted = accepted;
  }
}
