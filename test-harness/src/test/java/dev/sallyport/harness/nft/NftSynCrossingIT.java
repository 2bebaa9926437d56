package dev.sallyport.harness.nft;

import dev.sallyport.harness.topology.SynCrossingContract;

/** The proof of simultaneous open, on the wire of the nft fabric. */
final class NftSynCrossingIT extends SynCrossingContract {
  NftSynCrossingIT() {
    super(new NftFabric());
  }
}
