package dev.sallyport.net;

/**
 * What refused a connection. To a socket a TCP reset and an ICMP "port unreachable" are one and the
 * same.
 */
enum RefusalSign {
  RESET,
  ICMP,
  /** Nobody can tell. */
  UNCLEAR
}
