package dev.sallyport.harness.topology;

import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.harness.linux.Prefix;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.NatKind;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/**
 * The names and addresses of one site. Its public space is a /23: a /24 for the line to the middle,
 * and one for hosts that have a public address. Of IPv6 it has a /64 for its hosts; the line makes
 * do with link-local addresses.
 *
 * @param octet third octet of the line's network, even
 * @param privateOctet third octet of the private network
 */
public record SitePlan(String name, NatKind nat, Ipv6 ipv6, int octet, int privateOctet) {
  static final int PUBLIC_PREFIX = 23;
  static final int IPV6_PREFIX = 64;
  private static final int LAN_PREFIX = 24;
  private static final int FIRST_HOST = 10;

  public SitePlan {
    if (octet % 2 != 0) {
      throw new IllegalArgumentException("the third octet " + octet + " is odd");
    }
  }

  /** The name of the router's namespace. */
  public String router() {
    return name + "-router";
  }

  String host() {
    return name + "-host";
  }

  /** The middle's end of the line. */
  String uplinkDevice() {
    return "up-" + name;
  }

  /** The TUN device of the line's wire. */
  public String wireDevice() {
    return "wire-" + name;
  }

  /** The number of the routing table that leads into the wire. */
  int table() {
    return 100 + octet;
  }

  /** The number of the routing table for what comes out of the wire for the hosts. */
  int inwardTable() {
    return 200 + octet;
  }

  Inet4Address publicNetwork() {
    return (Inet4Address) address("198.18." + octet + ".0");
  }

  String gateway() {
    return "198.18." + octet + ".1";
  }

  /** The address that a NAT here has outside; the first of several. */
  public String wanAddress() {
    return "198.18." + octet + ".2";
  }

  /** The router's end of the line, if it only forwards. */
  public String forwarder() {
    return "198.18." + octet + ".254";
  }

  /** The first three octets of the network that the hosts are on. */
  private String lan() {
    return nat.translates() ? "192.168." + privateOctet : "198.18." + (octet + 1);
  }

  /** The network that the hosts are on, with its prefix. */
  String lanNetwork() {
    return lan() + ".0/" + LAN_PREFIX;
  }

  /** The networks that the hosts are on: of IPv4, and of IPv6, whether they have that or not. */
  public List<Prefix> lans() {
    return List.of(
        new Prefix(address(lanAddress()), LAN_PREFIX), new Prefix(ipv6Network(), IPV6_PREFIX));
  }

  /** The router's address on the network of the hosts. */
  public String lanAddress() {
    return lan() + ".1";
  }

  /** The address of a host on this site, counted from 0. */
  public String hostAddress(int index) {
    return lan() + "." + (FIRST_HOST + index);
  }

  /** What the middle sees that host come from. */
  String publicAddress(int index) {
    return nat.translates() ? wanAddress() : hostAddress(index);
  }

  /** The network of IPv6 that the hosts are on. */
  Inet6Address ipv6Network() {
    return (Inet6Address) address(ipv6Lan() + ":");
  }

  /** The router's address in it. */
  String ipv6LanAddress() {
    return ipv6Lan() + ":1";
  }

  /** The global address of a host on this site, counted from 0. */
  String ipv6HostAddress(int index) {
    return ipv6Lan() + ":" + (FIRST_HOST + index);
  }

  /** In the space for documentation (RFC 9637), with the octets of the IPv4 network. */
  private String ipv6Lan() {
    return "3fff:18:" + octet + ":";
  }

  /** The address of a literal, which must be one. */
  public static InetAddress address(String literal) {
    InetAddress address = IpLiteral.parse(literal);
    if (address == null) {
      throw new IllegalArgumentException(literal + " is no address");
    }
    return address;
  }
}
