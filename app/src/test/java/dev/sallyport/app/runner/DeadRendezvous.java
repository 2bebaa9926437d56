package dev.sallyport.app.runner;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.NullUnmarked;

/** A rendezvous that is of no use, in each way in which one can be. */
enum DeadRendezvous implements Rendezvous {
  /** Nothing ever comes, not even an end. */
  SILENT,
  /** Every stage fails. */
  FAILING,
  /** Every method throws, the promised exception or another. */
  THROWING,
  /** Its library is not the one it was built for. */
  UNLINKED,
  /** Breaks even the promise of a stage. */
  NULL;

  @Override
  public CompletionStage<Presence> join() {
    return stage();
  }

  @Override
  public CompletionStage<Delivery> publish(Slot slot, SealedItem item, long sequence) {
    return stage();
  }

  @Override
  public CompletionStage<Lookup> lookup(Topic topic, Consumer<SealedItem> sink) {
    return stage();
  }

  @Override
  public CompletionStage<Delivery> knock(Slot mailbox, SealedItem knock, Instant expires) {
    return stage();
  }

  @Override
  public CompletionStage<Delivery> reply(Slot mailbox, SealedItem reply, Instant expires) {
    return stage();
  }

  @Override
  @NullUnmarked
  public Watch watch(Slot mailbox, Pace pace, Consumer<SealedItem> sink) {
    return switch (this) {
      case SILENT -> new DeadWatch(false);
      case FAILING -> new DeadWatch(true);
      case THROWING -> throw unreachable();
      case UNLINKED -> throw new NoSuchMethodError("watch");
      case NULL -> null;
    };
  }

  @Override
  public void close() {
    switch (this) {
      case SILENT -> hang();
      case UNLINKED -> throw new NoSuchMethodError("close");
      case FAILING, THROWING, NULL -> throw new IllegalStateException("cannot be closed");
    }
  }

  @NullUnmarked
  private <T> CompletionStage<T> stage() {
    return switch (this) {
      case SILENT -> new CompletableFuture<>();
      case FAILING -> CompletableFuture.failedStage(unreachable());
      case THROWING -> throw new IllegalStateException("out of order");
      case UNLINKED -> throw new NoSuchMethodError("a method");
      case NULL -> null;
    };
  }

  private static RendezvousException unreachable() {
    return new RendezvousException(Reason.UNREACHABLE, "nobody at 192.0.2.1");
  }

  private static void hang() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record DeadWatch(boolean throwing) implements Watch {
    @Override
    public void pace(Pace pace) {
      failIfThrowing();
    }

    @Override
    public void close() {
      failIfThrowing();
    }

    private void failIfThrowing() {
      if (throwing) {
        throw new IllegalStateException("out of order");
      }
    }
  }
}
