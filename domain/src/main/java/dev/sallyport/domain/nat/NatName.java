package dev.sallyport.domain.nat;

import java.util.Locale;

/** The names that people know, from RFC 3489 section 5 and 10.1. RFC 4787 has better ones. */
public enum NatName {
  /** No NAT, and everybody gets in. */
  OPEN_INTERNET,
  /** One mapping, and everybody gets in. */
  FULL_CONE,
  /** One mapping; in gets who was sent to. */
  RESTRICTED_CONE,
  /** One mapping; in gets who was sent to, from that port only. */
  PORT_RESTRICTED_CONE,
  /** A mapping for each remote, whatever the filter. */
  SYMMETRIC,
  /** No NAT; in gets who was sent to. */
  SYMMETRIC_FIREWALL,
  /** Nobody answers at all. */
  BLOCKED;

  /** In words, as {@code port restricted cone}. */
  public String words() {
    return this == OPEN_INTERNET
        ? "open Internet"
        : name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
