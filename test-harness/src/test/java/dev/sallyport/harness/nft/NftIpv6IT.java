package dev.sallyport.harness.nft;

import dev.sallyport.harness.topology.Ipv6Contract;

/** IPv6 on the nft fabric. */
final class NftIpv6IT extends Ipv6Contract {
  NftIpv6IT() {
    super(new NftFabric());
  }
}
