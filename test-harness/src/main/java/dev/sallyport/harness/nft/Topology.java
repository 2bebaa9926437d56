package dev.sallyport.harness.nft;

import dev.sallyport.harness.linux.Uplink;
import dev.sallyport.harness.scenario.DhtSoftware;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Who is where:
 *
 * <pre>
 *   siteA-host -- siteA-router ==wire== middle ==wire== siteB-router -- siteB-host
 *    (client)                     DHT, STUN servers                      (server)
 * </pre>
 *
 * On a shared network both hosts are at site A, on one switch, and there is no site B.
 */
record Topology(Scenario scenario, SitePlan siteA, SitePlan siteB) {
  static final String MIDDLE = "middle";
  static final int DHT_NODES = 16;

  private static final String DHT_NETWORK = "198.18.1.0/24";
  private static final String DHT_TABLE = "90";

  /** The two hosts, for the methods that tell them apart. */
  enum Host {
    CLIENT,
    SERVER
  }

  static Topology of(Scenario scenario) {
    boolean same = scenario.layout() == Layout.APART_SAME_ADDRESSES;
    return new Topology(
        scenario,
        new SitePlan("siteA", scenario.client().nat(), 10, 10),
        new SitePlan("siteB", scenario.server().nat(), 20, same ? 10 : 20));
  }

  private boolean shared() {
    return scenario.layout().shared();
  }

  String namespace(Host host) {
    return (host == Host.CLIENT ? siteA : siteB).host();
  }

  private SitePlan site(Host host) {
    return host == Host.CLIENT || shared() ? siteA : siteB;
  }

  private int index(Host host) {
    return host == Host.SERVER && shared() ? 1 : 0;
  }

  String address(Host host) {
    return site(host).hostAddress(index(host));
  }

  String publicAddress(Host host) {
    return site(host).publicAddress(index(host));
  }

  private boolean online(Host host) {
    return (host == Host.CLIENT ? scenario.client() : scenario.server()).online();
  }

  /** The sites that have a line to the middle, by site number. */
  List<SitePlan> sites() {
    return shared() ? List.of(siteA) : List.of(siteA, siteB);
  }

  List<Uplink> uplinks() {
    return sites().stream()
        .map(s -> new Uplink(s.wireDevice(), s.publicNetwork(), SitePlan.PUBLIC_PREFIX))
        .toList();
  }

  List<String> dhtAddresses() {
    List<String> addresses = new ArrayList<>();
    for (int i = 1; i <= DHT_NODES; i++) {
      addresses.add("198.18.1." + i);
    }
    return addresses;
  }

  /** An address of the middle that no service uses: for those who look on. */
  String middleAddress() {
    return "198.18.0.1";
  }

  List<String> stunAddresses() {
    return List.of("198.18.2.1", "198.18.2.2");
  }

  /** What a router's rules say, or null for one without a NAT. */
  NatRules natRules(SitePlan site) {
    OptionalInt forwarded =
        site.equals(site(Host.SERVER)) ? scenario.server().forwardedPort() : OptionalInt.empty();
    return new NatRules(
        site, scenario.layout() == Layout.SHARED_HAIRPIN, forwarded, address(Host.SERVER));
  }

  /** The script that builds all of it, but for the NAT rules. */
  String script() {
    Plumbing plumbing = new Plumbing();
    middle(plumbing);
    for (SitePlan site : sites()) {
      router(plumbing, site);
      uplink(plumbing, site);
    }
    wireRules(plumbing);
    for (Host host : Host.values()) {
      host(plumbing, host);
    }
    return plumbing.toString();
  }

  private void middle(Plumbing plumbing) {
    plumbing.router(MIDDLE).cable(MIDDLE, "core", MIDDLE, "core-end");
    plumbing.address(MIDDLE, "core", middleAddress() + "/32");
    dhtAddresses().forEach(a -> plumbing.address(MIDDLE, "core", a + "/32"));
    if (scenario.stun()) {
      stunAddresses().forEach(a -> plumbing.address(MIDDLE, "core", a + "/32"));
    } else {
      // Packets to STUN servers vanish: slower to notice than a refusal, and commoner.
      stunAddresses().forEach(a -> plumbing.route(MIDDLE, "blackhole " + a + "/32"));
    }
  }

  private static void router(Plumbing plumbing, SitePlan site) {
    String router = site.router();
    plumbing.router(router).bridge(router, "lan");
    plumbing.address(router, "lan", site.lanAddress() + "/24");
  }

  private static void uplink(Plumbing plumbing, SitePlan site) {
    String router = site.router();
    plumbing.cable(router, "wan", MIDDLE, site.uplinkDevice());
    plumbing.address(router, "wan", site.wanAddress() + "/24");
    plumbing.address(MIDDLE, site.uplinkDevice(), site.gateway() + "/24");
    plumbing.route(router, "default via " + site.gateway());
    if (!site.nat().translates()) {
      plumbing.route(MIDDLE, site.lanNetwork() + " via " + site.wanAddress());
    }
  }

  /**
   * Leads all that comes from a line or goes to it through its wire, once: what the wire has
   * written back goes on. Comes before the kernel's own rule for local addresses, so that what is
   * for the middle itself is held too.
   */
  private void wireRules(Plumbing plumbing) {
    for (SitePlan site : sites()) {
      String network = site.publicNetwork().getHostAddress() + "/" + SitePlan.PUBLIC_PREFIX;
      String table = Integer.toString(site.table());
      plumbing.tun(MIDDLE, site.wireDevice());
      plumbing.route(MIDDLE, "default dev " + site.wireDevice() + " table " + table);
      // Or requests for the gateway's hardware address would go unanswered.
      plumbing.route(
          MIDDLE, "local " + site.gateway() + " dev " + site.uplinkDevice() + " table " + table);
      plumbing.rule(
          MIDDLE, "add priority 10 iif " + site.wireDevice() + " to " + network + " lookup main");
      plumbing.rule(MIDDLE, "add priority 20 iif " + site.uplinkDevice() + " lookup " + table);
      plumbing.rule(MIDDLE, "add priority 40 to " + network + " lookup " + table);
    }
    if (scenario.dht() == DhtSoftware.LIBTORRENT) {
      boundToTheirDevice(plumbing);
    }
    plumbing.rule(MIDDLE, "add priority 30 lookup local");
    plumbing.rule(MIDDLE, "del priority 0");
  }

  /**
   * libtorrent binds its sockets to the device that has their address (SO_BINDTODEVICE): they get
   * nothing that comes in elsewhere, and all they send leaves there. So what the wires have written
   * back for them goes in by the other end of that device's cable, and that end passes on what
   * comes out.
   */
  private void boundToTheirDevice(Plumbing plumbing) {
    plumbing.proxyArp(MIDDLE, "core-end");
    plumbing.route(MIDDLE, DHT_NETWORK + " dev core-end table " + DHT_TABLE);
    for (SitePlan site : sites()) {
      plumbing.rule(
          MIDDLE,
          "add priority 5 iif "
              + site.wireDevice()
              + " to "
              + DHT_NETWORK
              + " lookup "
              + DHT_TABLE);
    }
  }

  private void host(Plumbing plumbing, Host host) {
    String namespace = namespace(host);
    plumbing.namespace(namespace);
    if (!online(host)) {
      return;
    }
    SitePlan site = site(host);
    String port = "port" + index(host);
    plumbing.cable(namespace, "eth0", site.router(), port);
    plumbing.plugInto(site.router(), "lan", port);
    plumbing.address(namespace, "eth0", address(host) + "/24");
    plumbing.route(namespace, "default via " + site.lanAddress());
  }
}
