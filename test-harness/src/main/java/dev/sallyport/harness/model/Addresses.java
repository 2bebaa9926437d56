package dev.sallyport.harness.model;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Who has which address in a scenario. Public space is 198.18.0.0/15 (RFC 2544), below a carrier
 * 100.64.0.0/10 (RFC 6598), in homes 192.168.0.0/16 (RFC 1918). Of IPv6, which all have in public
 * or not at all, it is 3fff:18::/32 (RFC 9637). Immutable.
 */
public final class Addresses {
  private static final int CLIENT_OCTET = 10;
  private static final int SERVER_OCTET = 20;
  private static final int FIRST_HOST = 10;
  private static final InetAddress IPV6_MIDDLE = parse("3fff:18::1");
  private static final byte[] IPV6_MIDDLE_BYTES = IPV6_MIDDLE.getAddress();
  private static final int IPV6_NETWORK_BYTES = 8;

  private static final int FIRST_MORE_CALLER = 100;
  private static final int LAST_MORE_CALLER = 254;

  private final Scenario scenario;
  private final int clientOctet;
  private final InetAddress client;
  private final InetAddress server;
  private final Optional<InetAddress> clientIpv6;
  private final Optional<InetAddress> serverIpv6;

  public Addresses(Scenario scenario) {
    this(scenario, 0);
  }

  /**
   * Of a network with several callers, as one of them sees it.
   *
   * @param caller 0 for the first
   */
  Addresses(Scenario scenario, int caller) {
    if (caller < 0 || caller > LAST_MORE_CALLER - FIRST_MORE_CALLER + 1) {
      throw new IllegalArgumentException("no addresses for one more caller: " + caller);
    }
    this.scenario = scenario;
    clientOctet = caller == 0 ? CLIENT_OCTET : FIRST_MORE_CALLER + caller - 1;
    client = hostAt(Spot.CLIENT);
    server = hostAt(Spot.SERVER);
    clientIpv6 = ipv6At(Spot.CLIENT);
    serverIpv6 = ipv6At(Spot.SERVER);
  }

  /** The address that the client's or the server's host itself has. */
  public InetAddress host(Spot spot) {
    // Asked for each packet.
    return spot == Spot.CLIENT ? client : server;
  }

  /** The global address of IPv6 that the client's or the server's host has besides, if any. */
  public Optional<InetAddress> ipv6(Spot spot) {
    return spot == Spot.CLIENT ? clientIpv6 : serverIpv6;
  }

  /** Whether the client's or the server's host has this address. */
  boolean isHost(Spot spot, InetAddress address) {
    return address instanceof Inet4Address
        ? address.equals(host(spot))
        : ipv6(spot).filter(address::equals).isPresent();
  }

  private InetAddress hostAt(Spot spot) {
    boolean translated = site(spot).nat().translates();
    String network = translated ? "192.168." + lanOctet(spot) : "198.18." + (publicOctet(spot) + 1);
    return parse(network + "." + (FIRST_HOST + index(spot)));
  }

  private Optional<InetAddress> ipv6At(Spot spot) {
    return site(spot).ipv6().isThere()
        ? Optional.of(parse("3fff:18:" + octet(spot) + "::" + (FIRST_HOST + index(spot))))
        : Optional.empty();
  }

  private int index(Spot spot) {
    return spot == Spot.SERVER && scenario.layout().shared() ? 1 : 0;
  }

  /** The outer addresses of the NAT nearest to a host; without one, the addresses of its hosts. */
  public List<InetAddress> nearOuter(Spot spot) {
    if (!site(spot).nat().translates()) {
      return scenario.layout().shared()
          ? List.of(host(Spot.CLIENT), host(Spot.SERVER))
          : List.of(host(spot));
    }
    return site(spot).carrier().isPresent()
        ? List.of(parse("100.64." + octet(spot) + ".2"))
        : pool(publicOctet(spot), site(spot).nat().behavior().outerAddresses());
  }

  /** The outer addresses of the carrier's NAT above it. Only where there is one. */
  public List<InetAddress> carrierOuter(Spot spot) {
    return pool(publicOctet(spot), site(spot).carrier().orElseThrow().behavior().outerAddresses());
  }

  /** What the middle sees a host come from; the first of several. */
  public InetAddress seenFromOutside(Spot spot) {
    if (!site(spot).nat().translates()) {
      return host(spot);
    }
    return site(spot).carrier().isPresent()
        ? carrierOuter(spot).getFirst()
        : nearOuter(spot).getFirst();
  }

  /** The middle's own address, which no service uses. */
  public InetAddress middle() {
    return parse("198.18.0.1");
  }

  /** The same of IPv6, whether anybody uses that or not. */
  public InetAddress ipv6Middle() {
    return IPV6_MIDDLE;
  }

  /**
   * Whether somebody in the middle has this address: 198.18.0.0 to 198.18.2.255, and 3fff:18::/64.
   */
  public boolean isMiddle(InetAddress address) {
    byte[] raw = address.getAddress();
    return raw.length == 4
        ? (raw[0] & 0xff) == 198 && raw[1] == 18 && raw[2] >= 0 && raw[2] <= 2
        : Arrays.equals(raw, 0, IPV6_NETWORK_BYTES, IPV6_MIDDLE_BYTES, 0, IPV6_NETWORK_BYTES);
  }

  /**
   * Whether a packet is on its way to the other site's private address, where it cannot get: what
   * the rung {@code local} sends when the two are not neighbours.
   */
  public boolean isAstray(Spot at, Packet.Flow flow) {
    if (scenario.layout().shared()) {
      return false;
    }
    Spot other = at.compareTo(Spot.MIDDLE) < 0 ? Spot.SERVER : Spot.CLIENT;
    return at == Spot.MIDDLE
        ? AddressScope.of(flow.destination()) == AddressScope.PRIVATE
        : site(other).nat().translates() && flow.destination().equals(host(other));
  }

  /** The two addresses of the middle that STUN servers use. */
  public List<InetAddress> stun() {
    return List.of(parse("198.18.2.1"), parse("198.18.2.2"));
  }

  /** The first address of the middle that DHT nodes use. */
  public InetAddress dht() {
    return parse("198.18.1.1");
  }

  /** Whether a host has a private address. */
  boolean isBehindNat(Spot host) {
    return site(host).nat().translates();
  }

  /** Whether an address is on the network that a host is on, so that no router is needed. */
  boolean isNeighbour(Spot host, InetAddress address) {
    byte[] own = host(host).getAddress();
    byte[] other = address.getAddress();
    return other.length == own.length
        && own[0] == other[0]
        && own[1] == other[1]
        && own[2] == other[2];
  }

  private Site site(Spot spot) {
    return spot == Spot.CLIENT || scenario.layout().shared()
        ? scenario.client()
        : scenario.server();
  }

  private int octet(Spot spot) {
    return spot == Spot.CLIENT || scenario.layout().shared() ? clientOctet : SERVER_OCTET;
  }

  /** One carrier has one pool of addresses. */
  private int publicOctet(Spot spot) {
    return scenario.layout() == Layout.SAME_CARRIER ? clientOctet : octet(spot);
  }

  private int lanOctet(Spot spot) {
    return scenario.layout() == Layout.APART_SAME_ADDRESSES ? CLIENT_OCTET : octet(spot);
  }

  private static List<InetAddress> pool(int octet, int size) {
    List<InetAddress> pool = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      pool.add(parse("198.18." + octet + "." + (2 + i)));
    }
    return pool;
  }

  private static InetAddress parse(String literal) {
    InetAddress address = IpLiteral.parse(literal);
    if (address == null) {
      throw new IllegalArgumentException(literal + " is no address");
    }
    return address;
  }
}
