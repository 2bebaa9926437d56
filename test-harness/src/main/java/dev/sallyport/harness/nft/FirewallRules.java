package dev.sallyport.harness.nft;

/**
 * The nftables rules that make a Linux router the firewall of a home's IPv6, which translates
 * nothing: whoever is inside may begin, and what comes in must belong to something that did (RFC
 * 6092 sections 3.2 and 3.3). Strangers get no answer.
 */
final class FirewallRules {
  /** As {@code nft -f} reads them. */
  static final String TEXT =
      """
      table ip6 sallyport {
        chain forward {
          type filter hook forward priority filter; policy drop;
          ct state invalid drop
          ct state established,related accept
          iifname "lan" oifname "wan" accept
        }
      }
      """;

  private FirewallRules() {}
}
