package dev.sallyport.harness.natbox;

/**
 * What a NAT does with a packet that a host inside sends to an outer address (RFC 4787 section 6,
 * RFC 5382 section 7.2). What is turned back goes in whoever the filter knows: hosts inside trust
 * each other, as in the kernel lab.
 */
public enum Hairpin {
  /** Drops it. */
  NONE,
  /** Turns it back with the inner endpoint as its source: the answer goes past the NAT. */
  INTERNAL_SOURCE,
  /** Turns it back with the outer endpoint as its source: RFC 4787 REQ-9. */
  EXTERNAL_SOURCE
}
