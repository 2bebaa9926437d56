package dev.sallyport.domain.session;

/** What a {@link Link} tells its owner, on its reader thread, one call at a time. */
public interface LinkListener {
  /** A whole text message. A listener that blocks holds back the peer. */
  void text(String message);

  /** A whole binary message, owned by the receiver. */
  void binary(byte[] message);

  /**
   * The link is down; the last call.
   *
   * @param clean whether both sides said goodbye
   * @param why one sentence
   */
  void closed(boolean clean, String why);
}
