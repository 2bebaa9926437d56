package dev.sallyport.harness.scenario;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The routers a site can stand behind: RFC 3489's names, with what RFC 4787 and RFC 5382 call them.
 * Each treats TCP and UDP alike.
 */
public enum NatKind {
  /** No NAT and no filter: the host has a public address. */
  NONE(Behavior.ENDPOINT_INDEPENDENT, Behavior.ENDPOINT_INDEPENDENT, UnsolicitedSyn.DROP, true),
  /** One mapping per inner endpoint, and anyone may use it. */
  FULL_CONE(
      Behavior.ENDPOINT_INDEPENDENT, Behavior.ENDPOINT_INDEPENDENT, UnsolicitedSyn.DROP, true),
  /** One mapping, for those addresses that were sent to from it. */
  ADDRESS_RESTRICTED(
      Behavior.ENDPOINT_INDEPENDENT, Behavior.ADDRESS_DEPENDENT, UnsolicitedSyn.DROP, true),
  /** One mapping, for those endpoints that were sent to from it. */
  PORT_RESTRICTED(
      Behavior.ENDPOINT_INDEPENDENT,
      Behavior.ADDRESS_AND_PORT_DEPENDENT,
      UnsolicitedSyn.DROP,
      true),
  /** The same, but a SYN that may not enter is answered with a reset. OpenWrt's default. */
  PORT_RESTRICTED_RST(
      Behavior.ENDPOINT_INDEPENDENT,
      Behavior.ADDRESS_AND_PORT_DEPENDENT,
      UnsolicitedSyn.RESET,
      true),
  /** A random outer port for each remote endpoint, and only for that one. */
  SYMMETRIC(
      Behavior.ADDRESS_AND_PORT_DEPENDENT,
      Behavior.ADDRESS_AND_PORT_DEPENDENT,
      UnsolicitedSyn.DROP,
      false);

  private final Behavior mapping;
  private final Behavior filtering;
  private final UnsolicitedSyn unsolicitedSyn;
  private final boolean keepsPorts;

  NatKind(Behavior mapping, Behavior filtering, UnsolicitedSyn unsolicitedSyn, boolean keepsPorts) {
    this.mapping = mapping;
    this.filtering = filtering;
    this.unsolicitedSyn = unsolicitedSyn;
    this.keepsPorts = keepsPorts;
  }

  /** Its name in options and reports, for example {@code port-restricted-rst}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether there is a NAT at all. */
  public boolean translates() {
    return this != NONE;
  }

  public Behavior mapping() {
    return mapping;
  }

  public Behavior filtering() {
    return filtering;
  }

  /** What it answers to a SYN that may not enter; for {@link #NONE} every SYN may. */
  public UnsolicitedSyn unsolicitedSyn() {
    return unsolicitedSyn;
  }

  /** Whether the outer port is the inner one, while that is free. */
  public boolean keepsPorts() {
    return keepsPorts;
  }

  /**
   * The kind with this {@linkplain #word name}.
   *
   * @throws IllegalArgumentException naming the valid ones; there is no default
   */
  public static NatKind parse(String text) {
    for (NatKind kind : values()) {
      if (kind.word().equals(text)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "\"" + text + "\" is no kind of NAT; expected one of " + words());
  }

  /** All names, with commas between them. */
  public static String words() {
    return Arrays.stream(values()).map(NatKind::word).collect(Collectors.joining(", "));
  }
}
