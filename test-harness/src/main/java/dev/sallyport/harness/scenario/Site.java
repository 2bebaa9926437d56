package dev.sallyport.harness.scenario;

import java.util.OptionalInt;

/**
 * One end: a host, and the router it stands behind.
 *
 * @param online whether the host has a network at all; if not, it has its loopback device only
 * @param forwardedPort the TCP port that the router forwards to the host whoever comes, if any
 */
public record Site(NatKind nat, boolean online, OptionalInt forwardedPort) {
  public Site {
    if (forwardedPort.isPresent()) {
      int port = forwardedPort.getAsInt();
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
      }
      if (!nat.translates()) {
        throw new IllegalArgumentException(
            "a port can be forwarded by a router with a NAT only, not by kind none");
      }
    }
  }

  /** A host with a network, behind a router of this kind that forwards nothing. */
  public static Site behind(NatKind nat) {
    return new Site(nat, true, OptionalInt.empty());
  }

  /** The same without any network. */
  public Site offline() {
    return new Site(nat, false, forwardedPort);
  }

  /** The same with one TCP port forwarded. */
  public Site forwarding(int port) {
    return new Site(nat, online, OptionalInt.of(port));
  }
}
