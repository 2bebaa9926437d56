package dev.sallyport.harness.natbox;

/** How a NAT with several outer addresses shares them out (RFC 4787 section 4.1, REQ-2). */
public enum Pooling {
  /** One inner address always has the same outer address. */
  PAIRED,
  /** Each mapping gets any of them. */
  ARBITRARY
}
