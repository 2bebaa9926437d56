package dev.sallyport.domain.nat;

/**
 * What becomes of a connection to our own external endpoint from inside (RFC 4787 section 6, RFC
 * 5382 REQ-8).
 */
public enum Hairpin {
  /** The NAT turns it back in. */
  ARRIVES,
  /** It is refused. */
  REFUSED,
  /** Nothing comes back. */
  SILENT
}
