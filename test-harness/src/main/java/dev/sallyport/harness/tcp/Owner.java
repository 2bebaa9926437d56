package dev.sallyport.harness.tcp;

import org.jspecify.annotations.Nullable;

/** Whoever has a connection, and is told about it until it lets it go. */
final class Owner {
  private @Nullable TcpListener listener;
  private boolean hasLeft;
  private boolean endTold;

  Owner(@Nullable TcpListener listener) {
    this.listener = listener;
  }

  void listen(TcpListener newListener) {
    listener = newListener;
  }

  /** Nothing is told any more. */
  void leave() {
    hasLeft = true;
  }

  boolean hasLeft() {
    return hasLeft;
  }

  void established() {
    TcpListener told = told();
    if (told != null) {
      told.established();
    }
  }

  void failed(ConnectFailure why) {
    TcpListener told = told();
    if (told != null) {
      told.failed(why);
    }
  }

  /**
   * Tells what there is to read, and then the end; whoever is told may leave in the middle of it.
   *
   * @param lost whether the connection is gone
   */
  void deliver(Reception receiving, boolean lost) {
    TcpListener told = told();
    while (told != null) {
      Object message = receiving.poll();
      if (message == null) {
        break;
      }
      told.received(message);
      told = told();
    }
    if (told != null && !endTold && (lost || receiving.isFinished())) {
      endTold = true;
      told.closed(lost);
    }
  }

  private @Nullable TcpListener told() {
    return hasLeft ? null : listener;
  }
}
