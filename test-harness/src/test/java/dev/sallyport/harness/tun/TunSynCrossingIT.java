package dev.sallyport.harness.tun;

import dev.sallyport.harness.topology.SynCrossingContract;

/** The proof of simultaneous open, through the NATs of the model. */
final class TunSynCrossingIT extends SynCrossingContract {
  TunSynCrossingIT() {
    super(new TunFabric());
  }
}
