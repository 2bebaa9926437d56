package dev.sallyport.harness.scenario;

import dev.sallyport.harness.natbox.NatBehavior;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One end: a host, the router it stands behind, and the carrier-grade NAT above that, if any.
 *
 * @param nat of the router nearest to the host
 * @param carrier the NAT that the router itself stands behind (RFC 6888), if any
 * @param online whether the host has a network at all; if not, it has its loopback device only
 * @param forwardedPort the TCP port that the router forwards to the host whoever comes, if any
 * @param ipv6 what there is of IPv6 besides
 * @param memory how long its NATs remember anything at most; empty if each as long as its kind does
 */
public record Site(
    NatKind nat,
    Optional<NatKind> carrier,
    boolean online,
    OptionalInt forwardedPort,
    Ipv6 ipv6,
    Optional<Duration> memory) {
  public Site {
    if (memory.isPresent() && !memory.get().isPositive()) {
      throw new IllegalArgumentException(
          "a NAT that remembers nothing lets no answer in: " + memory.get().toSeconds() + " s");
    }
    if (carrier.isPresent() && !(nat.translates() && carrier.get().translates())) {
      throw new IllegalArgumentException(
          "a carrier-grade NAT translates, and so does the router below it; kind none does not");
    }
    if (forwardedPort.isPresent()) {
      int port = forwardedPort.getAsInt();
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
      }
      if (!nat.translates()) {
        throw new IllegalArgumentException(
            "a port can be forwarded by a router with a NAT only, not by kind none");
      }
    }
  }

  /** A host with a network of IPv4, behind a router of this kind that forwards nothing. */
  public static Site behind(NatKind nat) {
    return new Site(nat, Optional.empty(), true, OptionalInt.empty(), Ipv6.NONE, Optional.empty());
  }

  /** The same without any network. */
  public Site offline() {
    return new Site(nat, carrier, false, forwardedPort, ipv6, memory);
  }

  /** The same with one TCP port forwarded. */
  public Site forwarding(int port) {
    return new Site(nat, carrier, online, OptionalInt.of(port), ipv6, memory);
  }

  /** The same with a carrier-grade NAT of this kind above its router. */
  public Site below(NatKind carrierKind) {
    return new Site(nat, Optional.of(carrierKind), online, forwardedPort, ipv6, memory);
  }

  /** The same with this of IPv6. */
  public Site ipv6(Ipv6 kind) {
    return new Site(nat, carrier, online, forwardedPort, kind, memory);
  }

  /** The same with NATs that forget everything after so long without a packet, if not before. */
  public Site remembering(Duration most) {
    return new Site(nat, carrier, online, forwardedPort, ipv6, Optional.of(most));
  }

  /** All that a NAT of this kind does at this site. */
  public NatBehavior behavior(NatKind kind) {
    NatBehavior usual = kind.behavior();
    return memory
        .map(most -> usual.but().timers(usual.timers().atMost(most)).build())
        .orElse(usual);
  }

  /** Whether a box decides about packets of either family: a NAT or a firewall. */
  public boolean filters() {
    return nat.filters() || ipv6 == Ipv6.FIREWALL;
  }

  /** For people: {@code port-restricted}, {@code port-restricted below symmetric}. */
  public String words() {
    String kinds = carrier.map(above -> nat.word() + " below " + above.word()).orElse(nat.word());
    return memory
        .map(most -> kinds + " (forgets after " + most.toMillis() / 1000.0 + " s)")
        .orElse(kinds);
  }
}
