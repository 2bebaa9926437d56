package dev.sallyport.harness.topology;

import dev.sallyport.harness.topology.Topology.Host;

/**
 * Writes what a topology has of IPv6, once its devices are there.
 *
 * <p>Routers reach each other by link-local addresses that are the same everywhere, and only what
 * goes to a global unicast address is led into the wires: neighbours find each other (RFC 4861) by
 * link-local and multicast addresses, so nothing has to be done that they can.
 *
 * <p>The rules are those of IPv4, with the same priorities; but nothing translates, so what comes
 * out of a wire for its own site takes the same way on both fabrics.
 */
final class Ipv6Construction {
  private static final String MIDDLE = Topology.MIDDLE;
  private static final String UPSTREAM = "fe80::1";
  private static final String DOWNSTREAM = "fe80::2";
  private static final String GLOBAL_UNICAST = "2000::/3";

  private final Topology topology;
  private final Plumbing plumbing;

  Ipv6Construction(Topology topology, Plumbing plumbing) {
    this.topology = topology;
    this.plumbing = plumbing;
  }

  void add() {
    plumbing.ipv6Router(MIDDLE).ipv6Address(MIDDLE, "core", Topology.IPV6_MIDDLE);
    for (String server : topology.ipv6StunAddresses()) {
      if (topology.scenario().stun()) {
        plumbing.ipv6Address(MIDDLE, "core", server);
      } else {
        rule("priority 25 to " + server + " blackhole");
      }
    }
    topology.sites().stream().filter(site -> site.ipv6().isThere()).forEach(this::site);
    // The kernel's own rule for local addresses comes after ours.
    plumbing.ipv6Rule(MIDDLE, "add priority 30 lookup local");
    plumbing.ipv6Rule(MIDDLE, "del priority 0");
    for (Host host : Host.values()) {
      topology.ipv6Address(host).ifPresent(address -> host(host, address));
    }
  }

  private void site(SitePlan site) {
    String router = site.router();
    plumbing.ipv6Router(router);
    plumbing.ipv6Address(router, "lan", UPSTREAM).ipv6Address(router, "lan", site.ipv6LanAddress());
    plumbing.ipv6Address(router, "wan", DOWNSTREAM);
    plumbing.ipv6Address(MIDDLE, site.uplinkDevice(), UPSTREAM);
    plumbing.ipv6Route(router, "default via " + UPSTREAM + " dev wan");

    String network = site.ipv6Network().getHostAddress() + "/" + SitePlan.IPV6_PREFIX;
    String wire = site.wireDevice();
    plumbing.ipv6Route(MIDDLE, network + " via " + DOWNSTREAM + " dev " + site.uplinkDevice());
    plumbing.ipv6Route(MIDDLE, "default dev " + wire + " table " + site.table());
    rule("priority 10 iif " + wire + " to " + network + " lookup main");
    rule(
        "priority 20 iif %s to %s lookup %d"
            .formatted(site.uplinkDevice(), GLOBAL_UNICAST, site.table()));
    if (topology.nats() == Topology.Nats.IN_WIRES) {
      // The model has carried it all the way: never into a wire again.
      rule("priority 35 iif " + wire + " unreachable");
    }
    rule("priority 40 to " + network + " lookup " + site.table());
  }

  private void rule(String rule) {
    plumbing.ipv6Rule(MIDDLE, "add " + rule);
  }

  private void host(Host host, String address) {
    String namespace = topology.namespace(host);
    String device = Construction.HOST_DEVICE;
    plumbing.ipv6Address(namespace, device, address);
    plumbing.ipv6Route(namespace, "default via " + UPSTREAM + " dev " + device);
  }
}
