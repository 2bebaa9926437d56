package dev.sallyport.domain.rendezvous;

import static dev.sallyport.domain.formats.Samples.KEYS;
import static dev.sallyport.domain.formats.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.rendezvous.Rendezvous.Delivery;
import dev.sallyport.domain.rendezvous.Rendezvous.Lookup;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.Rendezvous.Presence;
import dev.sallyport.domain.rendezvous.Rendezvous.Watch;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class MemRendezvousTest {
  private static final Slot SLOT = KEYS.slot();
  private static final Slot MAILBOX = KEYS.mailbox();

  private Instant now = NOW;
  private final MemRendezvous.Network network = new MemRendezvous.Network(() -> now);
  private final MemRendezvous service = new MemRendezvous(network);
  private final MemRendezvous caller = new MemRendezvous(network);
  private final List<SealedItem> seen = new ArrayList<>();

  @Test
  void published_isFoundByOthers() {
    assertThat(done(service.join())).isEqualTo(new Presence(1, Duration.ZERO));
    assertThat(done(service.publish(SLOT, item(1), 5))).isEqualTo(new Delivery(1, 1));
    assertThat(done(caller.lookup(SLOT.topic(), seen::add))).isEqualTo(new Lookup(1, 1));
    assertThat(seen).containsExactly(item(1));
  }

  @Test
  void nothing_isFoundWhereNothingIs() {
    done(service.publish(SLOT, item(1), 5));
    assertThat(done(caller.lookup(MAILBOX.topic(), seen::add))).isEqualTo(new Lookup(1, 1));
    assertThat(seen).isEmpty();
  }

  @Test
  void highestSequenceNumber_wins() {
    done(service.publish(SLOT, item(1), 5));
    done(service.publish(SLOT, item(2), 6));
    assertFails(service.publish(SLOT, item(3), 5), Reason.REJECTED);
    assertFails(service.publish(SLOT, item(3), 6), Reason.REJECTED);
    done(service.publish(SLOT, item(2), 6));
    done(caller.lookup(SLOT.topic(), seen::add));
    assertThat(seen).containsExactly(item(2));
    assertThatIllegalArgumentException().isThrownBy(() -> service.publish(SLOT, item(1), -1));
  }

  @Test
  void published_isForgottenTwoHoursAfterItWasLastRenewed() {
    done(service.publish(SLOT, item(1), 5));
    now = now.plus(Duration.ofHours(1));
    done(service.publish(SLOT, item(1), 5));
    now = now.plus(Duration.ofHours(2)).minusMillis(1);
    done(caller.lookup(SLOT.topic(), seen::add));
    assertThat(seen).hasSize(1);
    now = now.plusMillis(1);
    done(caller.lookup(SLOT.topic(), seen::add));
    assertThat(seen).hasSize(1);
  }

  @Test
  void watcher_getsWhatWaitsAndWhatComes_eachOnce() {
    knock(item(1));
    knock(item(2));
    knock(item(1));
    service.watch(MAILBOX, Pace.FAST, seen::add).pace(Pace.STEADY);
    assertThat(seen).containsExactly(item(1), item(2));
    knock(item(3));
    knock(item(1));
    knock(item(3));
    assertThat(seen).containsExactly(item(1), item(2), item(3));
  }

  @Test
  void whatOneWatcherHasSeen_isGoneFromTheMailbox() {
    service.watch(MAILBOX, Pace.FAST, seen::add);
    knock(item(1));
    List<SealedItem> late = new ArrayList<>();
    service.watch(MAILBOX, Pace.FAST, late::add);
    assertThat(late).isEmpty();
    knock(item(2));
    assertThat(late).containsExactly(item(2));
    assertThat(seen).containsExactly(item(1), item(2));
  }

  @Test
  void reply_reachesTheCallersMailboxOnly() {
    caller.watch(SLOT, Pace.FAST, seen::add);
    done(service.reply(SLOT, item(1), now.plusSeconds(60)));
    done(service.reply(MAILBOX, item(2), now.plusSeconds(60)));
    assertThat(seen).containsExactly(item(1));
  }

  @Test
  void knock_isForgottenWhenItExpires_orAfterTenMinutes() {
    done(caller.knock(MAILBOX, item(1), now.plusSeconds(60)));
    done(caller.knock(MAILBOX, item(2), now.plusSeconds(61)));
    done(caller.knock(MAILBOX, item(3), now.plus(Duration.ofDays(1))));
    now = now.plusSeconds(60);
    service.watch(MAILBOX, Pace.FAST, seen::add).close();
    assertThat(seen).containsExactly(item(2), item(3));
    done(caller.knock(MAILBOX, item(4), now.plus(Duration.ofDays(1))));
    now = now.plus(Duration.ofMinutes(10));
    service.watch(MAILBOX, Pace.FAST, seen::add);
    assertThat(seen).containsExactly(item(2), item(3));
  }

  @Test
  void fullMailbox_saysSo() {
    for (int i = 0; i < MemRendezvous.MAILBOX_CAPACITY; i++) {
      knock(item(i));
    }
    assertFails(caller.knock(MAILBOX, item(200), now.plusSeconds(60)), Reason.FULL);
    knock(item(0));
    service.watch(MAILBOX, Pace.FAST, seen::add);
    assertThat(seen).hasSize(MemRendezvous.MAILBOX_CAPACITY);
    knock(item(200));
    assertThat(seen).contains(item(200));
  }

  @Test
  void closedWatch_hearsNothingMore_andLeavesKnocksToTheNext() {
    Watch watch = service.watch(MAILBOX, Pace.FAST, seen::add);
    watch.close();
    watch.close();
    knock(item(1));
    assertThat(seen).isEmpty();
    service.watch(MAILBOX, Pace.FAST, seen::add);
    assertThat(seen).containsExactly(item(1));
  }

  @Test
  void closedMember_failsEverything_andLeavesTheOthersAlone() {
    service.watch(MAILBOX, Pace.FAST, seen::add);
    service.close();
    service.close();
    assertFails(service.join(), Reason.CLOSED);
    assertFails(service.publish(SLOT, item(1), 1), Reason.CLOSED);
    assertFails(service.lookup(SLOT.topic(), seen::add), Reason.CLOSED);
    assertFails(service.knock(MAILBOX, item(1), now), Reason.CLOSED);
    assertFails(service.reply(MAILBOX, item(1), now), Reason.CLOSED);
    assertThatThrownBy(() -> service.watch(MAILBOX, Pace.FAST, seen::add))
        .isInstanceOf(RendezvousException.class);
    knock(item(1));
    assertThat(seen).isEmpty();
  }

  @Test
  void sink_mayAnswerAndCloseFromWithin() {
    service.watch(
        MAILBOX, Pace.FAST, knock -> done(service.reply(SLOT, item(99), now.plusSeconds(60))));
    AtomicInteger depth = new AtomicInteger();
    List<Watch> own = new ArrayList<>();
    own.add(
        caller.watch(
            SLOT,
            Pace.FAST,
            reply -> {
              assertThat(depth.incrementAndGet()).isEqualTo(1);
              seen.add(reply);
              done(caller.reply(SLOT, item(98), now.plusSeconds(60)));
              own.forEach(Watch::close);
              depth.decrementAndGet();
            }));
    knock(item(1));
    assertThat(seen).containsExactly(item(99));
  }

  @Test
  void manyThreads_everyKnockArrivesOnce_oneAtATime() throws Exception {
    int threads = 4;
    int each = 250;
    AtomicInteger inSink = new AtomicInteger();
    AtomicInteger overlaps = new AtomicInteger();
    ConcurrentLinkedQueue<SealedItem> arrived = new ConcurrentLinkedQueue<>();
    service.watch(
        MAILBOX,
        Pace.FAST,
        knock -> {
          if (inSink.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
          }
          arrived.add(knock);
          inSink.decrementAndGet();
        });
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int base = t * each;
        running.add(
            pool.submit(
                () -> {
                  start.await();
                  for (int i = 0; i < each; i++) {
                    knock(item(base + i));
                    knock(item(i));
                  }
                  return null;
                }));
      }
      start.countDown();
      for (Future<?> thread : running) {
        thread.get(20, TimeUnit.SECONDS);
      }
    }
    assertThat(arrived).hasSize(threads * each).doesNotHaveDuplicates();
    assertThat(overlaps).hasValue(0);
  }

  private void knock(SealedItem item) {
    assertThat(done(caller.knock(MAILBOX, item, now.plusSeconds(60))))
        .isEqualTo(new Delivery(1, 1));
  }

  private static SealedItem item(int number) {
    return SealedItem.of(new byte[] {(byte) (number >>> 8), (byte) number});
  }

  private static <T> T done(CompletionStage<T> stage) {
    assertThat(stage.toCompletableFuture()).isDone();
    return stage.toCompletableFuture().join();
  }

  private static void assertFails(CompletionStage<?> stage, Reason reason) {
    assertThat(stage.toCompletableFuture()).isDone();
    assertThatThrownBy(() -> stage.toCompletableFuture().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RendezvousException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
