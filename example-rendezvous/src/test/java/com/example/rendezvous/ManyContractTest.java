package com.example.rendezvous;

import dev.sallyport.app.runner.ManyRendezvous;
import dev.sallyport.harness.rendezvous.RendezvousBackend;
import dev.sallyport.harness.rendezvous.RendezvousContract;
import java.io.IOException;
import java.util.Map;

/** Several rendezvous, one of them gone for good, keep every promise of one. */
class ManyContractTest extends RendezvousContract {
  /** Nobody listens on TCP port 1 (tcpmux). */
  private static final String GONE = "http://127.0.0.1:1";

  @Override
  protected RendezvousBackend newBackend() throws IOException {
    return new BoardBackend(
        address ->
            new ManyRendezvous(
                Map.of("gone", BoardRendezvous.at(GONE), "here", BoardRendezvous.at(address))));
  }
}
