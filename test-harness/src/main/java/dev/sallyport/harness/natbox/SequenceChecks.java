package dev.sallyport.harness.natbox;

/** Whether a NAT looks at sequence numbers (RFC 5382 section 4.3; RFC 5961 for what hosts do). */
public enum SequenceChecks {
  /** Whatever has the addresses and ports of a connection may pass. */
  NONE,
  /**
   * A handshake must be one, a reset must be in the window, and so must an acknowledgment. Windows
   * are taken to be 8 MiB: no window option is read.
   */
  STRICT
}
