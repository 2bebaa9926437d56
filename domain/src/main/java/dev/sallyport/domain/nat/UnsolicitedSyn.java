package dev.sallyport.domain.nat;

/** What a NAT answers to a SYN it has no mapping for (RFC 5382 section 4.3, REQ-4). */
public enum UnsolicitedSyn {
  /** Nothing. */
  DROP(1),
  /** A TCP reset: OpenWrt's default. */
  RESET(2),
  /** An ICMP error. */
  ICMP(3),
  /** Held for 6 s, as RFC 5382 asks, and then an ICMP error. */
  HOLD(4);

  private final int code;

  UnsolicitedSyn(int code) {
    this.code = code;
  }

  /** The number that stands for it in records and knocks. */
  int code() {
    return code;
  }
}
