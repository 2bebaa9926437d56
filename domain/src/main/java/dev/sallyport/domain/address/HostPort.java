package dev.sallyport.domain.address;

import java.net.Inet6Address;

/**
 * A host, by name or address literal, and a port from 1 to 65535, as a user types it: {@code
 * router.example.org:6881}, {@code 192.0.2.1:3478} or {@code [2001:db8::1]:3478}. Not resolved.
 */
public record HostPort(String host, int port) {
  private static final int MAX_NAME = 253;

  public HostPort {
    if (host.isEmpty() || host.length() > MAX_NAME) {
      throw new IllegalArgumentException("a host has 1 to 253 characters, not " + host.length());
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
  }

  /**
   * @throws IllegalArgumentException saying what is wrong, what is expected and an example, in one
   *     sentence
   */
  public static HostPort parse(String text) {
    String trimmed = text.strip();
    int colon = trimmed.lastIndexOf(':');
    if (colon < 0 || trimmed.endsWith("]")) {
      throw wrong(text, "has no port");
    }
    String host = trimmed.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
      if (host.indexOf(':') < 0 || IpLiteral.parse(host) == null) {
        throw wrong(text, "has no IPv6 address between its brackets");
      }
    } else if (IpLiteral.parse(host) instanceof Inet6Address
        || IpLiteral.parse(trimmed) instanceof Inet6Address) {
      throw wrong(text, "has an IPv6 address without brackets");
    } else if (!isName(host)) {
      throw wrong(text, "has no valid host name or address");
    }
    String digits = trimmed.substring(colon + 1);
    int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : -1;
    if (port < 1 || port > 65535) {
      throw wrong(text, "has no port between 1 and 65535");
    }
    return new HostPort(host, port);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }

  private static boolean isName(String host) {
    if (host.isEmpty() || host.length() > MAX_NAME) {
      return false;
    }
    if (host.matches("[0-9.]+")) {
      return IpLiteral.parse(host) != null;
    }
    return host.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?") && !host.contains("..");
  }

  private static IllegalArgumentException wrong(String text, String why) {
    return new IllegalArgumentException(
        "\"" + text + "\" " + why + "; expected HOST:PORT, for example 192.0.2.1:6881");
  }
}
