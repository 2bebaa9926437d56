package dev.sallyport.harness.agreement;

import dev.sallyport.harness.nft.NftFabric;

/** The table, by real packets through the kernel's NAT. */
final class AgreementNftIT extends AgreementContract {
  AgreementNftIT() {
    super(new NftFabric());
  }
}
