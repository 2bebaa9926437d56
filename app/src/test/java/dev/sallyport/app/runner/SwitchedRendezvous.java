package dev.sallyport.app.runner;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous.Delivery;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.util.concurrent.CompletionStage;

/** Fails to publish until it is switched on. */
final class SwitchedRendezvous extends DelegatingRendezvous {
  private boolean on;

  SwitchedRendezvous(Rendezvous member) {
    super(member);
  }

  void switchOn() {
    on = true;
  }

  @Override
  public CompletionStage<Delivery> publish(Slot slot, SealedItem item, long sequence) {
    return on
        ? super.publish(slot, item, sequence)
        : DeadRendezvous.FAILING.publish(slot, item, sequence);
  }
}
