package dev.sallyport.harness.natbox;

/**
 * What becomes of endpoint-independent mapping when two hosts want one outer port (RFC 4787 section
 * 4.2.1). Only {@link PortChoice.Preserving} knows such a conflict.
 */
public enum PortConflict {
  /** The second host gets a random port, and still one for all its remotes: RFC 4787 REQ-1. */
  OTHER_PORT,
  /** The second host gets a random port for each connection, as behind a symmetric NAT. */
  PER_CONNECTION
}
