package dev.sallyport.harness.topology;

/** A shell script of {@code ip} commands, written step by step. */
final class Plumbing {
  // A wire hands packets back by another device than they would be answered by, some with a source
  // address of this machine's own; frames between ports of a switch are not the packet filter's
  // business, where the kernel can be told so. Early demux would find the socket of a packet before
  // it is routed: then it would pass the wire by, or be dropped on its way into it.
  private static final String ROUTER_SETTINGS =
      """
      cd /proc/sys/net; echo 1 > ipv4/ip_forward; echo 0 > ipv4/ip_early_demux
      for d in all default; do
        echo 0 > ipv4/conf/$d/rp_filter
        echo 0 > ipv4/conf/$d/send_redirects
        echo 1 > ipv4/conf/$d/accept_local
      done
      b=bridge/bridge-nf-call-iptables; [ ! -e $b ] || echo 0 > $b\
      """;

  private static final String IPV6_ROUTER_SETTINGS =
      """
      cd /proc/sys/net; echo 1 > ipv6/conf/all/forwarding
      b=bridge/bridge-nf-call-ip6tables; [ ! -e $b ] || echo 0 > $b\
      """;

  private final StringBuilder script = new StringBuilder();

  /** A network namespace of this name, with its loopback device. */
  Plumbing namespace(String name) {
    line("ip netns add " + name);
    return up(name, "lo");
  }

  /** A network namespace whose kernel passes packets on. Its devices come after it. */
  Plumbing router(String name) {
    namespace(name);
    line("ip netns exec " + name + " sh -c '" + ROUTER_SETTINGS + "'");
    return this;
  }

  /** Has the kernel of a router pass on IPv6 too. */
  Plumbing ipv6Router(String name) {
    line("ip netns exec " + name + " sh -c '" + IPV6_ROUTER_SETTINGS + "'");
    return this;
  }

  /** A cable between two devices, both up. */
  Plumbing cable(String oneNamespace, String one, String otherNamespace, String other) {
    line(
        "ip link add "
            + one
            + " netns "
            + oneNamespace
            + " type veth peer name "
            + other
            + " netns "
            + otherNamespace);
    return up(oneNamespace, one).up(otherNamespace, other);
  }

  /** A switch, up, that will take devices by {@link #plugInto}. */
  Plumbing bridge(String namespace, String device) {
    in(namespace, "link add " + device + " type bridge");
    return up(namespace, device);
  }

  Plumbing plugInto(String namespace, String bridge, String device) {
    return in(namespace, "link set " + device + " master " + bridge);
  }

  /** A TUN device with a queue long enough for a wire that was not scheduled for a while. */
  Plumbing tun(String namespace, String device) {
    in(namespace, "tuntap add mode tun " + device);
    in(namespace, "link set " + device + " txqueuelen 10000");
    return up(namespace, device);
  }

  Plumbing address(String namespace, String device, String addressAndPrefix) {
    return in(namespace, "address add " + addressAndPrefix + " dev " + device);
  }

  /** An address of a /64, of use at once: it is not asked first whether somebody has it already. */
  Plumbing ipv6Address(String namespace, String device, String address) {
    return in(namespace, "-6 address add " + address + "/64 dev " + device + " nodad");
  }

  Plumbing route(String namespace, String route) {
    return in(namespace, "route add " + route);
  }

  Plumbing ipv6Route(String namespace, String route) {
    return in(namespace, "-6 route add " + route);
  }

  Plumbing rule(String namespace, String rule) {
    return in(namespace, "rule " + rule);
  }

  Plumbing ipv6Rule(String namespace, String rule) {
    return in(namespace, "-6 rule " + rule);
  }

  /** Lets a device answer for every address that is reached through another one, at once. */
  Plumbing proxyArp(String namespace, String device) {
    line(
        "ip netns exec %s sh -c 'cd /proc/sys/net/ipv4; echo 1 > conf/%s/proxy_arp; echo 0 > neigh/%s/proxy_delay'"
            .formatted(namespace, device, device));
    return this;
  }

  private Plumbing up(String namespace, String device) {
    return in(namespace, "link set " + device + " up");
  }

  private Plumbing in(String namespace, String command) {
    line("ip -n " + namespace + " " + command);
    return this;
  }

  private void line(String line) {
    script.append(line).append('\n');
  }

  @Override
  public String toString() {
    return script.toString();
  }
}
