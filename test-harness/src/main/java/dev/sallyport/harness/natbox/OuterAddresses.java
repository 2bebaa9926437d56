package dev.sallyport.harness.natbox;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.random.RandomGenerator;

/** The outer addresses of a box, and the ports of each. */
final class OuterAddresses {
  private final InetAddress[] addresses;
  private final PortPool[] pools;
  private final Pooling pooling;
  private final RandomGenerator random;

  OuterAddresses(NatBehavior behavior, List<InetAddress> given, RandomGenerator random) {
    this.random = random;
    pooling = behavior.pooling();
    addresses =
        behavior.translates()
            ? given.stream()
                .filter(address -> address instanceof Inet4Address)
                .limit(behavior.outerAddresses())
                .toArray(InetAddress[]::new)
            : new InetAddress[0];
    if (behavior.translates() && addresses.length == 0) {
      throw new IllegalArgumentException("a NAT needs an outer IPv4 address");
    }
    pools = new PortPool[addresses.length];
    for (int i = 0; i < pools.length; i++) {
      pools[i] = new PortPool(behavior.ports(), random);
    }
  }

  int count() {
    return addresses.length;
  }

  InetAddress address(int index) {
    return addresses[index];
  }

  PortPool pool(int index) {
    return pools[index];
  }

  /** Which one this is, or -1. */
  int indexOf(InetAddress address) {
    for (int i = 0; i < addresses.length; i++) {
      if (addresses[i].equals(address)) {
        return i;
      }
    }
    return -1;
  }

  /** Which one a new mapping of this host gets. */
  int pick(InetAddress host) {
    if (addresses.length == 1) {
      return 0;
    }
    return pooling == Pooling.PAIRED ? paired(host) : random.nextInt(addresses.length);
  }

  /** The one that the host always has: by its address, so that nothing need be remembered. */
  int paired(InetAddress host) {
    return Math.floorMod(host.hashCode(), addresses.length);
  }
}
