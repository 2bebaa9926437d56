package dev.sallyport.harness.nft;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.topology.SitePlan;
import dev.sallyport.harness.topology.Topology;
import dev.sallyport.harness.topology.Topology.Host;
import java.util.OptionalInt;

/**
 * The nftables rules that make a Linux router a NAT of some kind. TCP and UDP alike.
 *
 * <p>What the kernel does by itself: {@code masquerade} keeps the inner port while the resulting
 * 5-tuple is free, so one inner endpoint has one outer endpoint (endpoint-independent mapping, as
 * long as no two hosts use one port towards one remote); what comes in must match a connection that
 * went out (address-and-port-dependent filtering). The other kinds are made from it:
 *
 * <ul>
 *   <li>The map {@code owner} learns from each packet that leaves which host uses which port.
 *       <b>Full cone</b> lets anyone in to a port that has an owner.
 *   <li><b>Address-restricted</b> also learns whom each port has sent to, and lets only those in.
 *   <li><b>Symmetric</b> masquerades {@code fully-random}: a random port for each connection.
 * </ul>
 *
 * Entries live for 5 minutes after the last packet out (RFC 4787 REQ-5). Hairpinned packets are let
 * in as by a full cone, with the outer address as their source (RFC 4787 REQ-9).
 */
record NatRules(SitePlan site, boolean hairpin, OptionalInt forwardedPort, String forwardedTo) {

  static NatRules of(Topology topology, SitePlan site) {
    OptionalInt forwarded =
        site.equals(topology.site(Host.SERVER))
            ? topology.scenario().server().forwardedPort()
            : OptionalInt.empty();
    boolean hairpin = topology.scenario().layout() == Layout.SHARED_HAIRPIN;
    return new NatRules(site, hairpin, forwarded, topology.address(Host.SERVER));
  }

  /** The rules as {@code nft -f} reads them. Only for a kind that translates. */
  String render() {
    NatKind nat = site.nat();
    if (!nat.translates()) {
      throw new IllegalStateException("no rules for a site without a NAT");
    }
    StringBuilder text = new StringBuilder();
    text.append(
        """
        table ip sallyport {
          map owner {
            typeof meta l4proto . th dport : ip saddr
            flags dynamic,timeout
            timeout 5m
          }
          set contacted {
            typeof meta l4proto . th dport . ip saddr
            flags dynamic,timeout
            timeout 5m
          }
          chain learn {
            type filter hook prerouting priority mangle; policy accept;
            iifname "lan" meta l4proto { tcp, udp } update @owner { meta l4proto . th sport : ip saddr }
            iifname "lan" meta l4proto { tcp, udp } update @contacted { meta l4proto . th sport . ip daddr }
          }
          chain inbound {
            type nat hook prerouting priority dstnat; policy accept;
        """);
    forwardedPort.ifPresent(
        port -> rule(text, "ip daddr WAN tcp dport " + port + " dnat to " + forwardedTo));
    if (nat.filtering() == Behavior.ENDPOINT_INDEPENDENT) {
      rule(text, "iifname \"wan\" meta l4proto { tcp, udp } " + TO_OWNER);
    }
    if (nat.filtering() == Behavior.ADDRESS_DEPENDENT) {
      rule(text, "iifname \"wan\" meta l4proto . th dport . ip saddr @contacted " + TO_OWNER);
    }
    if (hairpin) {
      rule(text, "iifname \"lan\" ip daddr WAN meta l4proto { tcp, udp } " + TO_OWNER);
    }
    text.append(
        """
          }
          chain outbound {
            type nat hook postrouting priority srcnat; policy accept;
        """);
    if (hairpin) {
      rule(text, "iifname \"lan\" oifname \"lan\" ct status dnat snat to WAN");
    }
    rule(text, "oifname \"wan\" masquerade" + (nat.keepsPorts() ? "" : " fully-random"));
    // What conntrack calls invalid would leave with its private source: no router should let it.
    text.append(
        """
          }
          chain forward {
            type filter hook forward priority filter; policy drop;
            ct state invalid drop
            ct state established,related accept
            iifname "lan" oifname "wan" accept
            ct status dnat accept
          }
          chain input {
            type filter hook input priority filter; policy accept;
        """);
    if (nat.unsolicitedSyn() == UnsolicitedSyn.RESET) {
      rule(text, "ip daddr WAN tcp flags & (syn | ack | rst) == syn reject with tcp reset");
    }
    rule(text, "ip daddr WAN meta l4proto { tcp, udp } drop");
    text.append("  }\n}\n");
    return text.toString().replace("WAN", site.wanAddress());
  }

  private static final String TO_OWNER = "dnat to meta l4proto . th dport map @owner";

  private static void rule(StringBuilder text, String rule) {
    text.append("    ").append(rule).append('\n');
  }
}
