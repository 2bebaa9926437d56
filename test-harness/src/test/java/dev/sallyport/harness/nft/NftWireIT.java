package dev.sallyport.harness.nft;

import dev.sallyport.harness.topology.WireContract;

/** The wire of the nft fabric. */
final class NftWireIT extends WireContract {
  NftWireIT() {
    super(new NftFabric());
  }
}
