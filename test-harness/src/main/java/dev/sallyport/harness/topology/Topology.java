package dev.sallyport.harness.topology;

import dev.sallyport.harness.linux.Prefix;
import dev.sallyport.harness.linux.Uplink;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
public record Topology(Scenario scenario, Nats nats, SitePlan siteA, SitePlan siteB) {
  /** The name of the middle's namespace. */
  public static final String MIDDLE = "middle";

  static final String DHT_NETWORK = "198.18.1.0/24";
  static final String IPV6_MIDDLE = "3fff:18::1";
  private static final int DHT_NODES = 16;

  /** Where addresses are translated. */
  public enum Nats {
    /** In the routers: private addresses stay behind them. */
    IN_ROUTERS,
    /** In what carries packets between the TUN devices: the routers only forward. */
    IN_WIRES
  }

  /** The two hosts, for the methods that tell them apart. */
  public enum Host {
    CLIENT,
    SERVER
  }

  /** The topology of a scenario. */
  public static Topology of(Scenario scenario, Nats nats) {
    boolean same = scenario.layout() == Layout.APART_SAME_ADDRESSES;
    return new Topology(
        scenario,
        nats,
        plan("siteA", scenario.client(), 10, 10),
        plan("siteB", scenario.server(), 20, same ? 10 : 20));
  }

  private static SitePlan plan(String name, Site site, int octet, int privateOctet) {
    return new SitePlan(name, site.nat(), site.ipv6(), octet, privateOctet);
  }

  private boolean shared() {
    return scenario.layout().shared();
  }

  /** The name of a host's namespace. */
  public String namespace(Host host) {
    return (host == Host.CLIENT ? siteA : siteB).host();
  }

  /** Where a host is. */
  public SitePlan site(Host host) {
    return host == Host.CLIENT || shared() ? siteA : siteB;
  }

  int index(Host host) {
    return host == Host.SERVER && shared() ? 1 : 0;
  }

  /** The host's own address. */
  public String address(Host host) {
    return site(host).hostAddress(index(host));
  }

  /** The address that the middle sees a host come from; the first of several. */
  public String publicAddress(Host host) {
    // One carrier's addresses are those of the line to site A.
    return scenario.layout() == Layout.SAME_CARRIER
        ? siteA.wanAddress()
        : site(host).publicAddress(index(host));
  }

  /** The host's global address of IPv6, if it has one. */
  public Optional<String> ipv6Address(Host host) {
    SitePlan site = site(host);
    return site.ipv6().isThere() && online(host)
        ? Optional.of(site.ipv6HostAddress(index(host)))
        : Optional.empty();
  }

  boolean online(Host host) {
    return site(scenario, host).online();
  }

  private static Site site(Scenario scenario, Host host) {
    return host == Host.CLIENT ? scenario.client() : scenario.server();
  }

  /** The sites that have a line to the middle, by site number. */
  public List<SitePlan> sites() {
    return shared() ? List.of(siteA) : List.of(siteA, siteB);
  }

  /** Their lines, likewise. */
  public List<Uplink> uplinks() {
    return sites().stream().map(s -> new Uplink(s.wireDevice(), networks(s))).toList();
  }

  private static List<Prefix> networks(SitePlan site) {
    return List.of(
        new Prefix(site.publicNetwork(), SitePlan.PUBLIC_PREFIX),
        new Prefix(site.ipv6Network(), SitePlan.IPV6_PREFIX));
  }

  /** What a router has towards the middle, for people. */
  String outerWords(SitePlan site) {
    String nat = site(scenario, site.equals(siteA) ? Host.CLIENT : Host.SERVER).words();
    return switch (nats) {
      case IN_ROUTERS -> site.wanAddress() + ", NAT: " + nat;
      case IN_WIRES ->
          site.forwarder() + ", forwards to " + site.wireDevice() + " and its NAT: " + nat;
    };
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

  /** The same of IPv6, if anybody has that. */
  Optional<String> ipv6MiddleAddress() {
    return scenario.hasIpv6() ? Optional.of(IPV6_MIDDLE) : Optional.empty();
  }

  List<String> stunAddresses() {
    return List.of("198.18.2.1", "198.18.2.2");
  }

  /** The same of IPv6, if anybody has that. */
  List<String> ipv6StunAddresses() {
    return scenario.hasIpv6() ? List.of("3fff:18::2:1", "3fff:18::2:2") : List.of();
  }

  /** The script that builds all of it, but for the NATs. */
  String script() {
    return new Construction(this).script();
  }
}
