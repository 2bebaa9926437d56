package dev.sallyport.domain.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An IP address and a port from 1 to 65535. IPv6 scope ids are dropped, IPv4-mapped addresses are
 * IPv4, so two endpoints are equal exactly when they name the same place. Immutable.
 */
public record Endpoint(InetAddress address, int port) {
  public Endpoint {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
    // Rebuilding from bytes drops the scope id and any host name the address was resolved from.
    address = IpLiteral.of(address.getAddress());
  }

  /** The endpoint of a resolved socket address. */
  public static Endpoint of(InetSocketAddress socketAddress) {
    InetAddress address = socketAddress.getAddress();
    if (address == null) {
      throw new IllegalArgumentException("unresolved: " + socketAddress);
    }
    return new Endpoint(address, socketAddress.getPort());
  }

  /**
   * Parses {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}.
   *
   * @throws IllegalArgumentException saying what is wrong, in one sentence
   */
  public static Endpoint parse(String text) {
    HostPort hostPort = HostPort.parse(text);
    InetAddress address = IpLiteral.parse(hostPort.host());
    if (address == null) {
      throw new IllegalArgumentException(
          "\"" + hostPort.host() + "\" is not an IP address; expected for example 192.0.2.1:8765");
    }
    return new Endpoint(address, hostPort.port());
  }

  public AddressFamily family() {
    return AddressFamily.of(address);
  }

  public AddressScope scope() {
    return AddressScope.of(address);
  }

  /** The same address with another port. */
  public Endpoint withPort(int otherPort) {
    return new Endpoint(address, otherPort);
  }

  /** For the calls of {@code java.net} that want one. */
  public InetSocketAddress toSocketAddress() {
    return new InetSocketAddress(address, port);
  }

  /** Whether both have the same address, whatever the ports. */
  public boolean sameAddress(@Nullable Endpoint other) {
    return other != null && address.equals(other.address);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    String host = IpLiteral.format(address);
    return address instanceof Inet6Address ? "[" + host + "]:" + port : host + ":" + port;
  }
}
