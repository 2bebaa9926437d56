package dev.sallyport.domain.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;

/** How far an address reaches, from the special-purpose registries (RFC 6890). */
public enum AddressScope {
  /** 0.0.0.0/8, ::, and what no host has: IPv6 outside of all the ranges in use. */
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

  private static final byte[] NAT64_PREFIX = {
    0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0
  };

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
    if ((first & 0xfe) == 0xfc || (first == 0xfe && (second & 0xc0) == 0xc0)) {
      return PRIVATE;
    }
    // All global unicast addresses so far are in 2000::/3, and 64:ff9b::/96 stands for IPv4 behind
    // a
    // NAT64 (RFC 6052). The rest includes the old IPv4-compatible addresses, as ::127.0.0.1.
    return (first & 0xe0) == 0x20 || isNat64(raw) ? GLOBAL : UNSPECIFIED;
  }

  private static boolean isNat64(byte[] raw) {
    return Arrays.equals(raw, 0, NAT64_PREFIX.length, NAT64_PREFIX, 0, NAT64_PREFIX.length);
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
