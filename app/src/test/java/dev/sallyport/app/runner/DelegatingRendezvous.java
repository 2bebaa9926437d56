package dev.sallyport.app.runner;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous.Delivery;
import dev.sallyport.domain.rendezvous.Rendezvous.Lookup;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.Rendezvous.Watch;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Another rendezvous, for the methods that a test does not replace. */
abstract class DelegatingRendezvous implements Rendezvous {
  private final Rendezvous member;

  DelegatingRendezvous(Rendezvous member) {
    this.member = member;
  }

  @Override
  public CompletionStage<Presence> join() {
    return member.join();
  }

  @Override
  public CompletionStage<Delivery> publish(Slot slot, SealedItem item, long sequence) {
    return member.publish(slot, item, sequence);
  }

  @Override
  public CompletionStage<Lookup> lookup(Topic topic, Consumer<SealedItem> sink) {
    return member.lookup(topic, sink);
  }

  @Override
  public CompletionStage<Delivery> knock(Slot mailbox, SealedItem knock, Instant expires) {
    return member.knock(mailbox, knock, expires);
  }

  @Override
  public CompletionStage<Delivery> reply(Slot mailbox, SealedItem reply, Instant expires) {
    return member.reply(mailbox, reply, expires);
  }

  @Override
  public Watch watch(Slot mailbox, Pace pace, Consumer<SealedItem> sink) {
    return member.watch(mailbox, pace, sink);
  }

  @Override
  public void close() {
    member.close();
  }
}
