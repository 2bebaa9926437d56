package dev.sallyport.harness.rendezvous;

import dev.sallyport.domain.rendezvous.MemRendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous;
import java.time.Instant;

class MemRendezvousContractTest extends RendezvousContract {
  @Override
  protected RendezvousBackend newBackend() {
    MemRendezvous.Network network = new MemRendezvous.Network(Instant::now);
    return new RendezvousBackend() {
      @Override
      public Rendezvous newClient() {
        return new MemRendezvous(network);
      }

      @Override
      public void close() {}
    };
  }
}
