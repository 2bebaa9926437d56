package dev.sallyport.harness.tun;

import dev.sallyport.harness.topology.WireContract;

/** The lines of the model, in real time. */
final class TunWireIT extends WireContract {
  TunWireIT() {
    super(new TunFabric());
  }
}
