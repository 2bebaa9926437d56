package dev.sallyport.harness.nft;

import dev.sallyport.harness.topology.NatKindsContract;

/** The kernel's own NAT, by our rules, is of each kind. */
final class NftNatKindsIT extends NatKindsContract {
  NftNatKindsIT() {
    super(new NftFabric());
  }
}
