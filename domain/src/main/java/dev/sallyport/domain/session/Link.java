package dev.sallyport.domain.session;

/**
 * A WebSocket connection between two authenticated peers.
 *
 * <p>Threading: all methods may be called from any thread.
 */
public interface Link extends AutoCloseable {
  /** The largest message, in bytes, that a link sends or receives. */
  int MAX_MESSAGE_BYTES = 1 << 20;

  /** Starts delivering to the listener; call it once. */
  void start();

  /**
   * Queues a text message; blocks while the queue's byte credit is used up.
   *
   * @throws LinkException {@code BROKEN} if the link is or goes down
   * @throws IllegalArgumentException for more than {@link #MAX_MESSAGE_BYTES}, or for half a
   *     surrogate pair, which no UTF-8 can carry
   */
  void send(String text) throws LinkException;

  /** Queues a binary message; as {@link #send(String)}. */
  void send(byte[] bytes) throws LinkException;

  /**
   * Closes in order: what was queued is sent, a close frame goes out, and the answer is awaited for
   * at most a second. Returns at once; {@link LinkListener#closed} tells when it is done.
   * Idempotent.
   */
  @Override
  void close();

  /** Drops the connection without a goodbye. Idempotent. */
  void abort();
}
