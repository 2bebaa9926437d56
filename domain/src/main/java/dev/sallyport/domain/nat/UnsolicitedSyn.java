package dev.sallyport.domain.nat;

/** What a NAT answers to a SYN it has no mapping for (RFC 5382 section 4.3, REQ-4). */
public enum UnsolicitedSyn {
  /** Nothing. */
  DROP,
  /** A TCP reset: OpenWrt's default. */
  RESET,
  /** An ICMP error. */
  ICMP,
  /** Held for 6 s, as RFC 5382 asks, and then an ICMP error. */
  HOLD
}
