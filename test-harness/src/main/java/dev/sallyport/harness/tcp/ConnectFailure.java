package dev.sallyport.harness.tcp;

/** Why a connect has failed. */
public enum ConnectFailure {
  /**
   * Reset by the other side, or "port unreachable" (ECONNREFUSED; ECONNRESET for a reset after the
   * SYNs have crossed).
   */
  REFUSED,
  /** An ICMP error says that there is no way (EHOSTUNREACH). */
  UNREACHABLE,
  /** No answer to any SYN (ETIMEDOUT). */
  TIMED_OUT
}
