package com.example.rendezvous;

import dev.sallyport.harness.rendezvous.RendezvousBackend;
import dev.sallyport.harness.rendezvous.RendezvousContract;
import java.io.IOException;

/** The example keeps every promise of the port. */
class BoardContractTest extends RendezvousContract {
  @Override
  protected RendezvousBackend newBackend() throws IOException {
    return new BoardBackend(BoardRendezvous::at);
  }
}
