package dev.sallyport.harness.scenario;

/** How the two sites lie to each other. */
public enum Layout {
  /** Each behind a router of its own, with other private addresses than the other. */
  APART,
  /** The same, but both use the same private addresses, as two homes often do. */
  APART_SAME_ADDRESSES,
  /** Each behind a router of its own, and both routers behind one carrier-grade NAT. */
  SAME_CARRIER,
  /** Both hosts on one network, behind one router that does not send them back in. */
  SHARED,
  /** The same, but the router does: a host reaches its neighbour by the outer address. */
  SHARED_HAIRPIN;

  /** Whether both hosts are on one network. */
  public boolean shared() {
    return this == SHARED || this == SHARED_HAIRPIN;
  }

  /** Whether what the hosts send each other goes through the middle, where it can be watched. */
  public boolean meetsInTheMiddle() {
    return this == APART || this == APART_SAME_ADDRESSES;
  }
}
