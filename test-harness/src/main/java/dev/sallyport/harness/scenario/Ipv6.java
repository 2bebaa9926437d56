package dev.sallyport.harness.scenario;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a site has of IPv6, beside its IPv4. Nothing translates it: each host has a global address,
 * and packets for it pass by the NATs of both router and carrier.
 */
public enum Ipv6 {
  /** None at all. */
  NONE,
  /** A router that lets everybody in. */
  OPEN,
  /** A router that lets nobody in who was not asked: what most homes have (RFC 6092). */
  FIREWALL;

  /** Its name in options and reports: {@code none}, {@code open}, {@code firewall}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the hosts have an address of this family. */
  public boolean isThere() {
    return this != NONE;
  }

  /**
   * @throws IllegalArgumentException naming the valid ones
   */
  public static Ipv6 parse(String text) {
    for (Ipv6 kind : values()) {
      if (kind.word().equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no kind of IPv6; expected one of " + words());
  }

  private static String words() {
    return Arrays.stream(values()).map(Ipv6::word).collect(Collectors.joining(", "));
  }
}
