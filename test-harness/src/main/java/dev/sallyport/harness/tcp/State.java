package dev.sallyport.harness.tcp;

/** The states of RFC 9293 section 3.3.2 that a {@link TcpConnection} can be in. */
enum State {
  SYN_SENT,
  SYN_RECEIVED,
  ESTABLISHED,
  FIN_WAIT_1,
  /** For a moment only: {@link TimeWait} takes it over. */
  FIN_WAIT_2,
  CLOSE_WAIT,
  CLOSING,
  LAST_ACK,
  CLOSED
}
