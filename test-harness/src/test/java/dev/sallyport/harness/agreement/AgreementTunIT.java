package dev.sallyport.harness.agreement;

import dev.sallyport.harness.tun.TunFabric;

/** The table, by real packets through the NATs of the model. */
final class AgreementTunIT extends AgreementContract {
  AgreementTunIT() {
    super(new TunFabric());
  }
}
