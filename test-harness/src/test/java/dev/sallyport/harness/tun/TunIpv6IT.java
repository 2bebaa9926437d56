package dev.sallyport.harness.tun;

import dev.sallyport.harness.topology.Ipv6Contract;

/** IPv6 on the tun fabric. */
final class TunIpv6IT extends Ipv6Contract {
  TunIpv6IT() {
    super(new TunFabric());
  }
}
