package dev.sallyport.harness.tun;

import dev.sallyport.harness.topology.NatKindsContract;

/** The NATs of the model, fed with real packets, are of each kind. */
final class TunNatKindsIT extends NatKindsContract {
  TunNatKindsIT() {
    super(new TunFabric());
  }
}
