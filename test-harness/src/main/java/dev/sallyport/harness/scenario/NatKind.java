package dev.sallyport.harness.scenario;

import static dev.sallyport.domain.nat.Behavior.ADDRESS_AND_PORT_DEPENDENT;
import static dev.sallyport.domain.nat.Behavior.ADDRESS_DEPENDENT;
import static dev.sallyport.domain.nat.Behavior.ENDPOINT_INDEPENDENT;
import static dev.sallyport.harness.natbox.PortChoice.random;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import dev.sallyport.harness.natbox.ErrorEffect;
import dev.sallyport.harness.natbox.Hairpin;
import dev.sallyport.harness.natbox.NatBehavior;
import dev.sallyport.harness.natbox.NatTimers;
import dev.sallyport.harness.natbox.Pooling;
import dev.sallyport.harness.natbox.PortChoice;
import dev.sallyport.harness.natbox.PortChoice.Block;
import dev.sallyport.harness.natbox.PortChoice.Overloading;
import dev.sallyport.harness.natbox.PortChoice.Sequential;
import dev.sallyport.harness.natbox.SequenceChecks;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The routers a site can stand behind. The first ones are those that the kernel lab can play: RFC
 * 3489's names, and what Linux makes of them. Each treats TCP and UDP alike.
 */
public enum NatKind {
  /** No NAT and no filter: the host has a public address. Its behaviour is not used. */
  NONE(
      "no NAT and no filter",
      NatBehavior.linux().but().withoutTranslation().filtering(ENDPOINT_INDEPENDENT).build()),

  /** One mapping per inner endpoint, and anyone may use it for 5 minutes after it was used. */
  FULL_CONE(
      "one port for all remotes, open to anyone",
      linuxWithMemory().but().filtering(ENDPOINT_INDEPENDENT).build()),

  /** One mapping, for those addresses that were sent to from it within 5 minutes. */
  ADDRESS_RESTRICTED(
      "one port for all remotes, open to the addresses it was used for",
      linuxWithMemory().but().filtering(ADDRESS_DEPENDENT).build()),

  /** One mapping, for those endpoints that were sent to from it: Linux, silent. */
  PORT_RESTRICTED(
      "Linux: one port for all remotes, open to the endpoints it was used for; silent",
      NatBehavior.linux()),

  /** The same, but a SYN that may not enter is answered with a reset: OpenWrt's default. */
  PORT_RESTRICTED_RST(
      "OpenWrt's default: as port-restricted, and answers strangers with a reset",
      NatBehavior.linux().but().unsolicitedSyn(UnsolicitedSyn.RESET).build()),

  /** A random outer port for each remote endpoint: Linux with {@code masquerade fully-random}. */
  SYMMETRIC(
      "Linux fully-random: a random port for each connection",
      NatBehavior.linux().but().mapping(ADDRESS_AND_PORT_DEPENDENT).ports(random()).build()),

  /** As port-restricted, but answers with an ICMP error: iptables' and nftables' plain REJECT. */
  PORT_RESTRICTED_ICMP(
      "as port-restricted, and answers strangers with an ICMP error",
      NatBehavior.linux().but().unsolicitedSyn(UnsolicitedSyn.ICMP).build()),

  /** What the RFCs ask for: 4787, 5382, 5508. */
  RFC5382(
      "as the RFCs want it: address-restricted, holds a SYN back for 6 s, turns packets back in",
      NatBehavior.rfc()),

  /** One mapping with a random port: FreeBSD's pf with {@code endpoint-independent}. */
  EIM_RANDOM(
      "one random port for all remotes, open to the endpoints it was used for",
      silent(nat -> nat.but().ports(random()).build())),

  /** The next port for each connection: many an old home router. */
  SYMMETRIC_STEP_1(
      "the next port for each connection",
      silent(
          nat ->
              nat.but()
                  .mapping(ADDRESS_AND_PORT_DEPENDENT)
                  .ports(new Sequential(1))
                  .timers(NatTimers.HOME)
                  .build())),

  /** The next port but one for each connection: routers that keep the parity. */
  SYMMETRIC_STEP_2(
      "the next port but one for each connection",
      silent(
          nat ->
              nat.but()
                  .mapping(ADDRESS_AND_PORT_DEPENDENT)
                  .ports(new Sequential(2))
                  .timers(NatTimers.HOME)
                  .build())),

  /**
   * A carrier as RFC 6888 wants it, but with the filter that vendors ship: each customer has a
   * block of 512 ports of one of four addresses.
   */
  CGN_BLOCK_PAIRED(
      "carrier: one random port of the customer's 512 for all remotes, one address",
      silent(nat -> nat.but().ports(new Block(512)).pooling(Pooling.PAIRED, 4).build())),

  /**
   * A carrier that breaks RFC 6888 REQ-1 and RFC 4787 REQ-2: a port for each connection, of a block
   * of 512, of any of four addresses. Both are common in mobile networks.
   */
  CGN_BLOCK_ARBITRARY(
      "carrier: a random port of 512 for each connection, of any of four addresses",
      silent(
          nat ->
              nat.but()
                  .mapping(ADDRESS_AND_PORT_DEPENDENT)
                  .ports(new Block(512))
                  .pooling(Pooling.ARBITRARY, 4)
                  .build())),

  /** A firewall that lets hosts share an outer port, and checks sequence numbers. */
  PORT_OVERLOADING(
      "firewall: hosts share ports to different remotes; checks sequence numbers",
      silent(
          nat ->
              nat.but()
                  .ports(new Overloading())
                  .checks(SequenceChecks.STRICT)
                  .onReset(ErrorEffect.DELETE)
                  .timers(NatTimers.RFC.halfOpen(Duration.ofSeconds(30)))
                  .build())),

  /** A firewall that does not know simultaneous open, against RFC 5382 REQ-2. */
  NO_SIMULTANEOUS_OPEN(
      "as port-restricted, but drops a SYN where it expects SYN+ACK",
      NatBehavior.linux().but().withoutSimultaneousOpen().build()),

  /** Juniper SRX with persistent NAT: 20 s for a half-open connection, 30 minutes idle. */
  JUNIPER(
      "Juniper SRX: one random port for all remotes; half-open for 20 s, idle for 30 min",
      silent(
          nat ->
              nat.but()
                  .ports(new PortChoice.Random(1024, 63487))
                  .checks(SequenceChecks.STRICT)
                  .timers(
                      NatTimers.RFC
                          .halfOpen(Duration.ofSeconds(20))
                          .established(Duration.ofMinutes(30))
                          .udp(Duration.ofMinutes(1)))
                  .build())),

  /** Kaspersky NGFW: 5 s for a half-open connection. */
  KASPERSKY(
      "Kaspersky NGFW: as port-restricted; half-open for 5 s",
      silent(nat -> nat.but().timers(NatTimers.RFC.halfOpen(Duration.ofSeconds(5))).build())),

  /** A home router that takes 128 half-open connections, and no more. */
  HALF_OPEN_128(
      "as port-restricted, with room for 128 half-open connections",
      NatBehavior.linux().but().timers(NatTimers.HOME).halfOpenCap(128).build()),

  /** No NAT, but a stateful firewall: what a home's IPv6 meets (RFC 6092). */
  FIREWALL(
      "no NAT, but a filter as port-restricted",
      NatBehavior.linux().but().withoutTranslation().build());

  private final String summary;

  @SuppressWarnings("ImmutableEnumChecker") // a record of records, enums and numbers
  private final NatBehavior behavior;

  NatKind(String summary, NatBehavior behavior) {
    this.summary = summary;
    this.behavior = behavior;
  }

  /** The kernel lab's rules remember for 5 minutes who used what for whom. */
  private static NatBehavior linuxWithMemory() {
    return NatBehavior.linux().but().timers(NatTimers.LINUX.linger(Duration.ofMinutes(5))).build();
  }

  /** A NAT by the RFCs in all that is not its point, but with the filter that most have. */
  private static NatBehavior silent(UnaryOperator<NatBehavior> change) {
    return change.apply(
        NatBehavior.rfc()
            .but()
            .filtering(ADDRESS_AND_PORT_DEPENDENT)
            .unsolicitedSyn(UnsolicitedSyn.DROP)
            .hairpin(Hairpin.NONE)
            .build());
  }

  /** Its name in options and reports, for example {@code port-restricted-rst}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it is, in one line, for people. */
  public String summary() {
    return summary;
  }

  /** All that it does. Of {@link #NONE}, it is not used. */
  public NatBehavior behavior() {
    return behavior;
  }

  /** Whether there is a NAT at all. */
  public boolean translates() {
    return behavior.translates();
  }

  /** Whether there is a box that decides about packets: a NAT or a firewall. */
  public boolean filters() {
    return this != NONE;
  }

  /** Whether the rules of the kernel lab make one. */
  public boolean nftCanPlay() {
    return compareTo(SYMMETRIC) <= 0;
  }

  public Behavior mapping() {
    return behavior.tcpMapping();
  }

  public Behavior filtering() {
    return behavior.tcpFiltering();
  }

  /** What it answers to a SYN that may not enter; for {@link #NONE} every SYN may. */
  public UnsolicitedSyn unsolicitedSyn() {
    return behavior.unsolicitedSyn();
  }

  /** Whether the outer port is the inner one, while that is free. */
  public boolean keepsPorts() {
    return !behavior.translates()
        || behavior.ports() instanceof PortChoice.Preserving
        || behavior.ports() instanceof PortChoice.Overloading;
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

  /** The names of those that {@link #nftCanPlay}, with commas between them. */
  public static String wordsForNft() {
    return Arrays.stream(values())
        .filter(NatKind::nftCanPlay)
        .map(NatKind::word)
        .collect(Collectors.joining(", "));
  }
}
