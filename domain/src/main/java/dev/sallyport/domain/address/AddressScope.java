package dev.sallyport.domain.address;

import java.net.Inet4Address;
import java.net.InetAddress;

/** How far an address reaches, from the special-purpose registries (RFC 6890). */
public enum AddressScope {
  /** 0.0.0.0/8, ::, and what no host can have. */
  UNSPECIFIED,
  /** 127.0.0.0/8, ::1. */
  LOOPBACK,
  /** 169.254.0.0/16, fe80::/10 (RFC 3927, RFC 4291). */
  LINK_LOCAL,
  /** RFC 1918, unique local IPv6 (RFC 4193). */
  PRIVATE,
  /** 100.64.0.0/10, between a carrier-grade NAT and its customers (RFC 6598). */
  SHARED,
  /** Multicast and broadcast, and 240.0.0.0/4. */
  MULTICAST,
  /** Everything else: reachable from the Internet if nothing filters it. */
  GLOBAL;

  /** The scope of one address; never looks anything up. */
  public static AddressScope of(InetAddress address) {
    if (address.isAnyLocalAddress()) {
      return UNSPECIFIED;
    }
    if (address.isLoopbackAddress()) {
      return LOOPBACK;
    }
    if (address.isMulticastAddress()) {
      return MULTICAST;
    }
    if (address.isLinkLocalAddress()) {
      return LINK_LOCAL;
    }
    byte[] raw = address.getAddress();
    int first = raw[0] & 0xff;
    int second = raw[1] & 0xff;
    if (address instanceof Inet4Address) {
      if (first == 0) {
        return UNSPECIFIED;
      }
      if (first == 10
          || (first == 172 && (second & 0xf0) == 16)
          || (first == 192 && second == 168)) {
        return PRIVATE;
      }
      if (first == 100 && (second & 0xc0) == 64) {
        return SHARED;
      }
      return first >= 240 ? MULTICAST : GLOBAL;
    }
    // Unique local fc00::/7, and the deprecated site-local fec0::/10 that some routers still hand
    // out.
    boolean local = (first & 0xfe) == 0xfc || (first == 0xfe && (second & 0xc0) == 0xc0);
    return local ? PRIVATE : GLOBAL;
  }

  /** Whether a peer outside our own network could dial it. */
  public boolean isGlobal() {
    return this == GLOBAL;
  }

  /**
   * Whether it can be one computer on a shared network: {@code GLOBAL}, {@code PRIVATE} or {@code
   * SHARED}.
   */
  public boolean isRoutable() {
    return this == GLOBAL || this == PRIVATE || this == SHARED;
  }
}
