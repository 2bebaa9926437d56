package dev.sallyport.harness.natbox;

/**
 * What an error from outside (a reset, an ICMP error) does to a connection that a host has just
 * asked for. The host is told in any case.
 */
public enum ErrorEffect {
  /** Nothing: RFC 5382 REQ-10 for ICMP errors, RFC 6146 section 3.5.2 for resets. */
  KEEP,
  /** The connection is forgotten, and its mapping if it was the last one: Linux on a reset. */
  DELETE,
  /**
   * The entry stays until its timer ends, and drops whatever does not continue that very
   * connection: a new socket's SYN has another sequence number.
   */
  POISON
}
