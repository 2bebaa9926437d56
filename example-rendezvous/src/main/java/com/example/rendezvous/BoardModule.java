package com.example.rendezvous;

import dev.sallyport.app.wiring.RendezvousFactory.Opened;
import dev.sallyport.app.wiring.RendezvousModule;
import java.util.List;

/** Brings the scheme {@code board:}. */
public final class BoardModule extends RendezvousModule {
  @Override
  protected void configure() {
    offer("board", address -> new Opened(BoardRendezvous.at(address), List.of()));
  }
}
