package dev.sallyport.harness.tcp;

/**
 * What happens to a connection. Called by the scheduler's thread, from within the host: it may
 * send, close and connect. After {@link TcpConnection#close} or {@link TcpConnection#abort} nothing
 * more is told.
 */
public interface TcpListener {
  /** A connect has succeeded. Not told for accepted connections: they are established. */
  void established();

  /** A connect has failed; the connection is gone. */
  void failed(ConnectFailure why);

  /** The next message from the other end. */
  void received(Object message);

  /**
   * The other end sends no more. Told at most once, after all messages that came before it.
   *
   * @param reset false: it has closed, sending still works, and the connection lasts until it is
   *     closed here. True: the connection is gone, by a reset or because nothing was acknowledged
   *     any more.
   */
  void closed(boolean reset);
}
