package dev.sallyport.harness.sim;

import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.session.CallEffect;
import dev.sallyport.domain.session.CallEvent;
import dev.sallyport.domain.session.ServeEffect;
import dev.sallyport.domain.session.ServeEvent;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the two meet: the in-memory rendezvous, behind a delay. What one leaves is there after the
 * delay, and the other sees it after as much again.
 */
final class Meeting {
  private static final String FAILED = "the rendezvous failed";

  private final World world;
  private final Duration delay;
  private final BooleanSupplier fails;
  private final MemRendezvous rendezvous;
  private Duration unseen = Duration.ZERO;

  Meeting(World world, Duration delay) {
    this(world, delay, () -> false);
  }

  /**
   * @param fails asked at each record, lookup, knock and reply: whether this one fails. Whoever
   *     left a reply does not hear of it
   */
  Meeting(World world, Duration delay, BooleanSupplier fails) {
    this.world = world;
    this.delay = delay;
    this.fails = fails;
    this.rendezvous = new MemRendezvous(new MemRendezvous.Network(world::now));
  }

  /** From now on whatever lies in a mailbox is seen so much later. */
  void seeLater(Duration by) {
    unseen = by;
  }

  void lookup(DayKeys keys, Consumer<CallEvent> events) {
    LocalDate day = keys.day();
    if (fails.getAsBoolean()) {
      world.after(
          delay.multipliedBy(2),
          () -> events.accept(new CallEvent.LookupFailed(day, Reason.UNREACHABLE, FAILED)));
      return;
    }
    world.after(
        delay,
        () ->
            done(
                rendezvous.lookup(
                    keys.slot().topic(),
                    item ->
                        world.after(
                            delay, () -> events.accept(new CallEvent.RecordArrived(day, item))))));
    world.after(delay.multipliedBy(2), () -> events.accept(new CallEvent.LookupEnded(day)));
  }

  void knock(CallEffect.Knock knock, Consumer<CallEvent> events) {
    boolean lost = fails.getAsBoolean();
    world.after(
        delay,
        () -> {
          String trouble =
              lost
                  ? FAILED
                  : done(rendezvous.knock(knock.mailbox(), knock.item(), knock.expires()));
          world.after(
              delay,
              () ->
                  events.accept(
                      trouble == null
                          ? new CallEvent.KnockDelivered(knock.nonce(), 1, 1)
                          : new CallEvent.KnockFailed(knock.nonce(), trouble)));
        });
  }

  void publish(ServeEffect.Publish publish, Consumer<ServeEvent> events) {
    LocalDate day = publish.keys().day();
    long sequence = publish.sequence();
    boolean lost = fails.getAsBoolean();
    world.after(
        delay,
        () -> {
          String trouble =
              lost
                  ? FAILED
                  : done(rendezvous.publish(publish.keys().slot(), publish.item(), sequence));
          world.after(
              delay,
              () ->
                  events.accept(
                      trouble == null
                          ? new ServeEvent.Published(day, 1, 1)
                          : new ServeEvent.PublishFailed(day, sequence, Reason.REJECTED, trouble)));
        });
  }

  void reply(ServeEffect.Reply reply) {
    if (!fails.getAsBoolean()) {
      world.after(
          delay, () -> done(rendezvous.reply(reply.mailbox(), reply.item(), reply.expires())));
    }
  }

  /** Watches one mailbox; what lies there is seen after the delay. */
  Rendezvous.Watch watch(Slot mailbox, Consumer<SealedItem> sink) {
    return rendezvous.watch(
        mailbox,
        Rendezvous.Pace.FAST,
        item -> world.after(delay.plus(unseen), () -> sink.accept(item)));
  }

  /** The mailboxes that one service watches, a day each. */
  final class Mailboxes {
    private final Consumer<SealedItem> sink;
    private final Map<LocalDate, Rendezvous.Watch> watches = new HashMap<>();

    Mailboxes(Consumer<SealedItem> sink) {
      this.sink = sink;
    }

    void watch(DayKeys keys) {
      watches.put(keys.day(), Meeting.this.watch(keys.mailbox(), sink));
    }

    void unwatch(LocalDate day) {
      Rendezvous.Watch watch = watches.remove(day);
      if (watch != null) {
        watch.close();
      }
    }

    void close() {
      watches.values().forEach(Rendezvous.Watch::close);
      watches.clear();
    }
  }

  /** The in-memory rendezvous is done when it returns: why it failed, or null. */
  private static @Nullable String done(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().join();
      return null;
    } catch (CompletionException e) {
      if (e.getCause() instanceof RendezvousException failed) {
        return String.valueOf(failed.getMessage());
      }
      throw e;
    }
  }
}
