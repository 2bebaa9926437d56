package dev.sallyport.domain.session;

import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where the two meet, and what they learn of themselves: the in-memory rendezvous behind a delay
 * and with failures, and observers that answer late or not at all.
 */
final class SimMeeting {
  /**
   * @param failures the share of lookups, knocks and puts that fail
   * @param stun whether somebody looks at our TCP ports; the DHT alone sees our address only
   */
  record Conditions(Duration delay, double failures, boolean stun) {}

  private final SimWorld world;
  private final Conditions conditions;
  private final MemRendezvous rendezvous;

  SimMeeting(SimWorld world, Conditions conditions) {
    this.world = world;
    this.conditions = conditions;
    this.rendezvous = new MemRendezvous(new MemRendezvous.Network(world::now));
  }

  void discover(
      List<Integer> ports, String outside, String inside, Consumer<DiscoveryEvent> events) {
    events.accept(Cast.listed(inside));
    later(() -> events.accept(new DiscoveryEvent.Joined(1, conditions.delay)));
    later(
        () -> {
          events.accept(Cast.seenByDht(outside));
          if (conditions.stun) {
            ports.forEach(port -> events.accept(Cast.seen(port, outside + ":" + port)));
          }
          events.accept(new DiscoveryEvent.Surveyed());
        });
  }

  void lookup(DayKeys keys, Consumer<CallEvent> events) {
    later(
        () -> {
          if (world.chance(conditions.failures)) {
            events.accept(new CallEvent.LookupFailed(keys.day(), Reason.UNREACHABLE, "failed"));
            return;
          }
          done(
              rendezvous.lookup(
                  keys.slot().topic(),
                  item -> events.accept(new CallEvent.RecordArrived(keys.day(), item))));
          events.accept(new CallEvent.LookupEnded(keys.day()));
        });
  }

  void knock(CallEffect.Knock knock, Consumer<CallEvent> events) {
    later(
        () -> {
          if (world.chance(conditions.failures)) {
            events.accept(new CallEvent.KnockFailed(knock.nonce(), "failed"));
            return;
          }
          done(rendezvous.knock(knock.mailbox(), knock.item(), knock.expires()));
          events.accept(new CallEvent.KnockDelivered(knock.nonce(), 1, 1));
        });
  }

  void watchReplies(CallEffect.WatchReplies watch, Consumer<CallEvent> events) {
    rendezvous.watch(
        watch.mailbox(),
        Rendezvous.Pace.STEADY,
        item -> later(() -> events.accept(new CallEvent.ReplyArrived(watch.nonce(), item))));
  }

  void publish(ServeEffect.Publish publish, Consumer<ServeEvent> events) {
    LocalDate day = publish.keys().day();
    later(
        () -> {
          String trouble = world.chance(conditions.failures) ? "failed" : null;
          if (trouble == null) {
            trouble =
                done(rendezvous.publish(publish.keys().slot(), publish.item(), publish.sequence()));
          }
          events.accept(
              trouble == null
                  ? new ServeEvent.Published(day, 1, 1)
                  : new ServeEvent.PublishFailed(
                      day, publish.sequence(), Reason.REJECTED, trouble));
        });
  }

  void reply(ServeEffect.Reply reply) {
    later(
        () -> {
          if (!world.chance(conditions.failures)) {
            done(rendezvous.reply(reply.mailbox(), reply.item(), reply.expires()));
          }
        });
  }

  Mailboxes mailboxes(Consumer<SealedItem> sink) {
    return new Mailboxes(sink);
  }

  /** What one run of a service watches. */
  final class Mailboxes {
    private final Consumer<SealedItem> sink;
    private final Map<LocalDate, Rendezvous.Watch> watches = new HashMap<>();

    private Mailboxes(Consumer<SealedItem> sink) {
      this.sink = sink;
    }

    void watch(DayKeys keys, Rendezvous.Pace pace) {
      watches.put(
          keys.day(),
          rendezvous.watch(keys.mailbox(), pace, item -> later(() -> sink.accept(item))));
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

  private void later(Runnable what) {
    world.after(conditions.delay.plus(world.between(0, 50_000)), what);
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
