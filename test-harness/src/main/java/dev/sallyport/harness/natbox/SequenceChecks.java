package dev.sallyport.harness.natbox;

/** Whether a NAT looks at sequence numbers (RFC 5382 section 4.3; RFC 5961 for what hosts do). */
public enum SequenceChecks {
  /** Whatever has the addresses and ports of a connection may pass. */
  NONE,
  /**
   * Linux's conntrack, as measured on 6.18 between two hosts whose sequence numbers grow, as
   * Linux's do. Once both sides have sent a SYN, no other SYN and no SYN+ACK but of these two may
   * pass: who has closed his socket cannot be called back, nor dial again. A connection that was
   * reset is begun anew by whoever had begun it, and by nobody else.
   */
  LINUX,
  /**
   * A handshake must be one, a reset must be in the window, and so must an acknowledgment. Windows
   * are taken to be 8 MiB: no window option is read.
   */
  STRICT
}
