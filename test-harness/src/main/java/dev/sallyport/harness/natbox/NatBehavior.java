package dev.sallyport.harness.natbox;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.UnsolicitedSyn;

/**
 * How a NAT behaves: every axis in which routers differ. Immutable. Made from another one: {@code
 * NatBehavior.rfc().but().filtering(...).build()}.
 *
 * @param translates false for a stateful firewall without NAT: outer endpoints are the inner ones,
 *     all else is the same. IPv6 is never translated, whatever this says (RFC 6092)
 * @param tcpMapping what an outer port for TCP depends on (RFC 5382 REQ-1)
 * @param tcpFiltering who may use it from outside (RFC 5382 REQ-3)
 * @param udpMapping what an outer port for UDP depends on (RFC 4787 REQ-1)
 * @param udpFiltering who may use it from outside (RFC 4787 REQ-8)
 * @param ports how outer ports are picked (RFC 4787 REQ-3, RFC 6888 REQ-4)
 * @param conflict what happens when two hosts want one port (RFC 4787 section 4.2.1)
 * @param pooling how several outer addresses are shared out (RFC 4787 REQ-2)
 * @param outerAddresses how many outer addresses it wants, 1 to 64; a box that is given fewer uses
 *     those
 * @param unsolicitedSyn the answer to a SYN that may not enter (RFC 5382 REQ-4)
 * @param onReset what a reset from outside does to a half-open connection (RFC 7857 section 2)
 * @param onIcmp what an ICMP error does to it (RFC 5382 REQ-10, RFC 5508 REQ-6)
 * @param simultaneousOpen whether a SYN may come in where one went out (RFC 5382 REQ-2)
 * @param checks whether sequence numbers are looked at
 * @param timers how long it remembers (RFC 4787 REQ-5, RFC 5382 REQ-5)
 * @param halfOpenCap how many half-open TCP connections it can have at once; a SYN beyond that is
 *     dropped
 * @param sessionCap how many connections and flows it can have at once
 * @param hairpin what it does with packets between hosts inside (RFC 4787 REQ-9, RFC 5382 REQ-8)
 */
public record NatBehavior(
    boolean translates,
    Behavior tcpMapping,
    Behavior tcpFiltering,
    Behavior udpMapping,
    Behavior udpFiltering,
    PortChoice ports,
    PortConflict conflict,
    Pooling pooling,
    int outerAddresses,
    UnsolicitedSyn unsolicitedSyn,
    ErrorEffect onReset,
    ErrorEffect onIcmp,
    boolean simultaneousOpen,
    SequenceChecks checks,
    NatTimers timers,
    int halfOpenCap,
    int sessionCap,
    Hairpin hairpin) {

  /** The most connections and flows that any box keeps. */
  public static final int MAX_SESSIONS = 1 << 18;

  private static final int MAX_ADDRESSES = 64;

  public NatBehavior {
    if (outerAddresses < 1 || outerAddresses > MAX_ADDRESSES) {
      throw new IllegalArgumentException(
          outerAddresses + " outer addresses are not between 1 and " + MAX_ADDRESSES);
    }
    if (sessionCap < 1 || sessionCap > MAX_SESSIONS) {
      throw new IllegalArgumentException(
          "a table for " + sessionCap + " connections is not between 1 and " + MAX_SESSIONS);
    }
    if (halfOpenCap < 1) {
      throw new IllegalArgumentException("a cap of " + halfOpenCap + " half-open connections");
    }
  }

  /**
   * What RFC 4787, 5382 and 5508 ask for, with address-dependent filtering for both protocols (RFC
   * 4787 REQ-8: the more stringent of the two that it recommends).
   */
  public static NatBehavior rfc() {
    return new NatBehavior(
        true,
        Behavior.ENDPOINT_INDEPENDENT,
        Behavior.ADDRESS_DEPENDENT,
        Behavior.ENDPOINT_INDEPENDENT,
        Behavior.ADDRESS_DEPENDENT,
        new PortChoice.Preserving(),
        PortConflict.OTHER_PORT,
        Pooling.PAIRED,
        1,
        UnsolicitedSyn.HOLD,
        ErrorEffect.KEEP,
        ErrorEffect.KEEP,
        true,
        SequenceChecks.NONE,
        NatTimers.RFC,
        MAX_SESSIONS,
        MAX_SESSIONS,
        Hairpin.EXTERNAL_SOURCE);
  }

  /** A Linux router with {@code masquerade} and a silent firewall. */
  public static NatBehavior linux() {
    return rfc()
        .but()
        .filtering(Behavior.ADDRESS_AND_PORT_DEPENDENT)
        .ports(new PortChoice.Overloading())
        .unsolicitedSyn(UnsolicitedSyn.DROP)
        .onReset(ErrorEffect.DELETE)
        .onIcmp(ErrorEffect.POISON)
        .timers(NatTimers.LINUX)
        .hairpin(Hairpin.NONE)
        .build();
  }

  /** What an outer port of this protocol depends on. */
  Behavior mapping(boolean tcp) {
    return tcp ? tcpMapping : udpMapping;
  }

  /** Who may use an outer port of this protocol. */
  Behavior filtering(boolean tcp) {
    return tcp ? tcpFiltering : udpFiltering;
  }

  /** A copy to change. */
  public NatBehaviorBuilder but() {
    return new NatBehaviorBuilder(this);
  }

  /** The same with another way to treat packets between hosts inside. */
  public NatBehavior withHairpin(Hairpin other) {
    return but().hairpin(other).build();
  }
}
