package dev.sallyport.app.runner;

import dev.sallyport.domain.rendezvous.Rendezvous.Lookup;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.Rendezvous.Watch;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Answers no lookup, but what its sinks get is up to the test. */
final class SlowRendezvous extends DelegatingRendezvous {
  private final List<Consumer<SealedItem>> sinks = new ArrayList<>();
  private final List<Pace> paces = new ArrayList<>();
  private int closedWatches;

  SlowRendezvous() {
    super(DeadRendezvous.SILENT);
  }

  /** The paces that its watches were given, in order. */
  List<Pace> paces() {
    return paces;
  }

  int closedWatches() {
    return closedWatches;
  }

  /** Hands an item to the last lookup and to all watches, open or not. */
  void deliver(SealedItem item) {
    List.copyOf(sinks).forEach(sink -> sink.accept(item));
  }

  @Override
  public CompletionStage<Lookup> lookup(Topic topic, Consumer<SealedItem> sink) {
    sinks.clear();
    sinks.add(sink);
    return new CompletableFuture<>();
  }

  @Override
  public Watch watch(Slot mailbox, Pace pace, Consumer<SealedItem> sink) {
    sinks.add(sink);
    paces.add(pace);
    return new Watch() {
      @Override
      public void pace(Pace pace) {
        paces.add(pace);
      }

      @Override
      public void close() {
        closedWatches++;
      }
    };
  }
}
