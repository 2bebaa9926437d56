package dev.sallyport.harness.topology;

import dev.sallyport.harness.scenario.DhtSoftware;
import dev.sallyport.harness.topology.Topology.Host;

/** Writes the script that builds a topology. */
final class Construction {
  static final String HOST_DEVICE = "eth0";

  private static final String MIDDLE = Topology.MIDDLE;
  private static final String DHT_TABLE = "90";

  private final Topology topology;
  private final Plumbing plumbing = new Plumbing();

  Construction(Topology topology) {
    this.topology = topology;
  }

  String script() {
    middle();
    for (SitePlan site : topology.sites()) {
      plumbing.router(site.router()).bridge(site.router(), "lan");
      plumbing.address(site.router(), "lan", site.lanAddress() + "/24");
      plumbing.cable(site.router(), "wan", MIDDLE, site.uplinkDevice());
      wire(site);
      switch (topology.nats()) {
        case IN_ROUTERS -> translatingSite(site);
        case IN_WIRES -> forwardingSite(site);
      }
    }
    if (topology.scenario().dht() == DhtSoftware.LIBTORRENT) {
      boundToTheirDevice();
    }
    // The kernel's own rule for local addresses comes after ours.
    plumbing.rule(MIDDLE, "add priority 30 lookup local");
    plumbing.rule(MIDDLE, "del priority 0");
    for (Host host : Host.values()) {
      host(host);
    }
    if (topology.scenario().hasIpv6()) {
      new Ipv6Construction(topology, plumbing).add();
    }
    return plumbing.toString();
  }

  private void middle() {
    plumbing.router(MIDDLE).cable(MIDDLE, "core", MIDDLE, "core-end");
    plumbing.address(MIDDLE, "core", topology.middleAddress() + "/32");
    topology.dhtAddresses().forEach(a -> plumbing.address(MIDDLE, "core", a + "/32"));
    if (topology.scenario().stun()) {
      topology.stunAddresses().forEach(a -> plumbing.address(MIDDLE, "core", a + "/32"));
    } else {
      // Packets to STUN servers vanish: slower to notice than a refusal, and commoner. After the
      // rules that lead into the wires, before those that answer with an error.
      topology
          .stunAddresses()
          .forEach(a -> plumbing.rule(MIDDLE, "add priority 25 to " + a + " blackhole"));
    }
  }

  /**
   * Leads all that comes from a line or goes to it into its wire, once: what the wire has written
   * back goes on by rules that come before these. They come before the rule for local addresses, so
   * that what is for the middle itself takes that way too.
   */
  private void wire(SitePlan site) {
    String table = Integer.toString(site.table());
    plumbing.tun(MIDDLE, site.wireDevice());
    plumbing.route(MIDDLE, "default dev " + site.wireDevice() + " table " + table);
    plumbing.rule(MIDDLE, "add priority 20 iif " + site.uplinkDevice() + " lookup " + table);
    plumbing.rule(MIDDLE, "add priority 40 to " + network(site) + " lookup " + table);
  }

  private static String network(SitePlan site) {
    return site.publicNetwork().getHostAddress() + "/" + SitePlan.PUBLIC_PREFIX;
  }

  private void translatingSite(SitePlan site) {
    plumbing.address(site.router(), "wan", site.wanAddress() + "/24");
    plumbing.address(MIDDLE, site.uplinkDevice(), site.gateway() + "/24");
    defaultRoute(site);
    if (!site.nat().translates()) {
      // The device is named: by the rules that are there already, the wire would be the way.
      plumbing.route(
          MIDDLE,
          "%s via %s dev %s".formatted(site.lanNetwork(), site.wanAddress(), site.uplinkDevice()));
    }
    plumbing.rule(
        MIDDLE,
        "add priority 10 iif " + site.wireDevice() + " to " + network(site) + " lookup main");
  }

  /**
   * The outer addresses are nobody's: what is sent there, from inside too, goes into the wire. So
   * the line has an address at each end and no network. Each site has a table of its own for what
   * comes out of its wire with a private address, which both sites may use.
   */
  private void forwardingSite(SitePlan site) {
    plumbing.address(site.router(), "wan", site.forwarder() + " peer " + site.gateway() + "/32");
    plumbing.address(
        MIDDLE, site.uplinkDevice(), site.gateway() + " peer " + site.forwarder() + "/32");
    defaultRoute(site);
    String inward = Integer.toString(site.inwardTable());
    plumbing.route(
        MIDDLE,
        "%s via %s dev %s table %s"
            .formatted(site.lanNetwork(), site.forwarder(), site.uplinkDevice(), inward));
    String fromWire = "iif " + site.wireDevice();
    plumbing.rule(
        MIDDLE, "add priority 10 " + fromWire + " to " + site.lanNetwork() + " lookup " + inward);
    // Neither for the hosts nor for the middle: never into a wire again, which would go on for
    // ever.
    plumbing.rule(MIDDLE, "add priority 35 " + fromWire + " unreachable");
  }

  private void defaultRoute(SitePlan site) {
    plumbing.route(site.router(), "default via " + site.gateway());
    // Or requests for the gateway's hardware address would go unanswered.
    plumbing.route(
        MIDDLE,
        "local %s dev %s table %d".formatted(site.gateway(), site.uplinkDevice(), site.table()));
  }

  /**
   * libtorrent binds its sockets to the device that has their address (SO_BINDTODEVICE): they get
   * nothing that comes in elsewhere, and all they send leaves there. So what the wires have written
   * back for them goes in by the other end of that device's cable, and that end passes on what
   * comes out.
   */
  private void boundToTheirDevice() {
    plumbing.proxyArp(MIDDLE, "core-end");
    plumbing.route(MIDDLE, Topology.DHT_NETWORK + " dev core-end table " + DHT_TABLE);
    for (SitePlan site : topology.sites()) {
      plumbing.rule(
          MIDDLE,
          "add priority 5 iif %s to %s lookup %s"
              .formatted(site.wireDevice(), Topology.DHT_NETWORK, DHT_TABLE));
    }
  }

  private void host(Host host) {
    String namespace = topology.namespace(host);
    plumbing.namespace(namespace);
    if (!topology.online(host)) {
      return;
    }
    SitePlan site = topology.site(host);
    String port = "port" + topology.index(host);
    plumbing.cable(namespace, HOST_DEVICE, site.router(), port);
    plumbing.plugInto(site.router(), "lan", port);
    plumbing.address(namespace, HOST_DEVICE, topology.address(host) + "/24");
    plumbing.route(namespace, "default via " + site.lanAddress());
  }
}
