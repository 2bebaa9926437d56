package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.await;
import static dev.sallyport.dht.TestNetwork.failure;
import static dev.sallyport.dht.TestNetwork.item;
import static dev.sallyport.dht.TestNetwork.slot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailboxTest {
  private static final int KNOCK_LENGTH = 300;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20})
  void knock_whileWatched_isSeenOnce_andCleared(int size) throws Exception {
    try (TestNetwork network = TestNetwork.of(size)) {
      Slot mailbox = slot(10 + size);
      List<SealedItem> seen = new CopyOnWriteArrayList<>();
      Rendezvous service = network.client();
      service.watch(mailbox, Pace.FAST, seen::add);
      Rendezvous caller = network.client();
      Rendezvous.Delivery delivery =
          await(caller.knock(mailbox, item(1, KNOCK_LENGTH), inAMinute()));
      assertThat(delivery.accepted()).isGreaterThanOrEqualTo(Math.min(3, size));
      await().until(() -> !seen.isEmpty());
      await().until(() -> network.held(mailbox).isEmpty());
      await(caller.knock(mailbox, item(2, KNOCK_LENGTH), inAMinute()));
      await().until(() -> seen.contains(item(2, KNOCK_LENGTH)));
      assertThat(seen).containsExactly(item(1, KNOCK_LENGTH), item(2, KNOCK_LENGTH));
    }
  }

  @Test
  void knock_beforeAnybodyWatches_waits() throws Exception {
    try (TestNetwork network = TestNetwork.of(3)) {
      Slot mailbox = slot(20);
      await(network.client().knock(mailbox, item(1, KNOCK_LENGTH), inAMinute()));
      List<SealedItem> seen = new CopyOnWriteArrayList<>();
      network.client().watch(mailbox, Pace.STEADY, seen::add);
      await().until(() -> !seen.isEmpty());
      assertThat(seen).containsExactly(item(1, KNOCK_LENGTH));
    }
  }

  @Test
  void twentyCallersAtOnce_allAreSeen() throws Exception {
    try (TestNetwork network = TestNetwork.of(20)) {
      Slot mailbox = slot(21);
      List<SealedItem> seen = new CopyOnWriteArrayList<>();
      List<SealedItem> sent = new ArrayList<>();
      List<CompletionStage<Rendezvous.Delivery>> knocks = new ArrayList<>();
      network.client().watch(mailbox, Pace.FAST, seen::add);
      for (int i = 0; i < 20; i++) {
        sent.add(item(i, KNOCK_LENGTH));
        knocks.add(network.client().knock(mailbox, sent.getLast(), inAMinute()));
      }
      for (CompletionStage<Rendezvous.Delivery> knock : knocks) {
        await(knock);
      }
      await().until(() -> seen.size() >= 20);
      assertThat(seen).containsExactlyInAnyOrderElementsOf(sent);
    }
  }

  @Test
  void nobodyWatches_mailboxFillsUp_andSaysSo() throws Exception {
    try (TestNetwork network = TestNetwork.of(1)) {
      Slot mailbox = slot(22);
      DhtNode node = DhtNode.start(network.clientConfig(), TestNetwork.SEALER);
      Rendezvous caller =
          network.owned(
              new DhtRendezvous(
                  node, TestNetwork.SEALER, InstantSource.system(), Duration.ofSeconds(2)));
      await(caller.knock(mailbox, item(1, 480), inAMinute()));
      await(caller.knock(mailbox, item(2, 480), inAMinute()));
      assertThat(failure(caller.knock(mailbox, item(3, 480), inAMinute())).reason())
          .isEqualTo(Reason.FULL);
      assertThat(network.held(mailbox)).containsExactlyInAnyOrder(item(1, 480), item(2, 480));
    }
  }

  @Test
  void fullOfExpiredKnocks_newOneFindsRoom() throws Exception {
    try (TestNetwork network = TestNetwork.of(1)) {
      Slot mailbox = slot(23);
      Rendezvous caller = network.client();
      Instant past = Instant.now().minus(Duration.ofMinutes(5));
      await(caller.knock(mailbox, item(1, 480), past));
      await(caller.knock(mailbox, item(2, 480), past));
      await(caller.knock(mailbox, item(3, 480), inAMinute()));
      assertThat(network.held(mailbox)).contains(item(3, 480));
    }
  }

  @Test
  void sameKnockTwice_isHeldOnce() throws Exception {
    try (TestNetwork network = TestNetwork.of(1)) {
      Slot mailbox = slot(24);
      Rendezvous caller = network.client();
      await(caller.knock(mailbox, item(1, KNOCK_LENGTH), inAMinute()));
      await(caller.knock(mailbox, item(1, KNOCK_LENGTH), inAMinute()));
      assertThat(network.held(mailbox)).containsExactly(item(1, KNOCK_LENGTH));
    }
  }

  @Test
  void garbageSignedByTheKey_isWrittenOver() throws Exception {
    try (TestNetwork network = TestNetwork.of(1)) {
      Slot mailbox = slot(25);
      Rendezvous caller = network.client();
      await(caller.publish(mailbox, item(9, 700), 77));
      await(caller.knock(mailbox, item(1, KNOCK_LENGTH), inAMinute()));
      assertThat(network.held(mailbox)).containsExactly(item(1, KNOCK_LENGTH));
    }
  }

  @Test
  void reply_reachesTheCallerWhoWatches() throws Exception {
    try (TestNetwork network = TestNetwork.of(20)) {
      Slot replies = slot(26);
      List<SealedItem> seen = new CopyOnWriteArrayList<>();
      network.client().watch(replies, Pace.FAST, seen::add);
      await(network.client().reply(replies, item(5, 200), inAMinute()));
      await().until(() -> seen.contains(item(5, 200)));
    }
  }

  @Test
  void lookUpOfAMailbox_deliversItsKnocks_andPreparesAKnock() throws Exception {
    try (TestNetwork network = TestNetwork.of(3)) {
      Slot mailbox = slot(27);
      await(network.client().knock(mailbox, item(1, 200), inAMinute()));
      Rendezvous caller = network.client();
      List<SealedItem> found = new CopyOnWriteArrayList<>();
      await(caller.lookup(mailbox.topic(), found::add));
      assertThat(found).containsExactly(item(1, 200));
      await(caller.knock(mailbox, item(2, 200), inAMinute()));
      assertThat(network.held(mailbox)).contains(item(1, 200), item(2, 200));
    }
  }

  @Test
  void fastWatch_andPublishing_bothGetThrough() throws Exception {
    try (TestNetwork network = TestNetwork.of(3)) {
      Rendezvous service = network.client();
      Slot slot = slot(28);
      List<SealedItem> seen = new CopyOnWriteArrayList<>();
      service.watch(slot(29), Pace.FAST, seen::add);
      for (int i = 0; i < 10; i++) {
        await(service.publish(slot, item(i, 300), i));
      }
      await(network.client().knock(slot(29), item(50, KNOCK_LENGTH), inAMinute()));
      await().until(() -> !seen.isEmpty());
    }
  }

  @Test
  void holdersDie_watchMovesToOthers() throws Exception {
    try (TestNetwork network = TestNetwork.of(20)) {
      Slot mailbox = slot(30);
      List<SealedItem> seen = new CopyOnWriteArrayList<>();
      network.client().watch(mailbox, Pace.FAST, seen::add);
      await(network.client().knock(mailbox, item(1, KNOCK_LENGTH), inAMinute()));
      await().until(() -> !seen.isEmpty());
      for (DhtNode holder : network.closest(mailbox, 8)) {
        if (holder != network.nodes().getFirst()) {
          holder.close();
        }
      }
      await(network.client().knock(mailbox, item(2, KNOCK_LENGTH), inAMinute()));
      await().until(() -> seen.contains(item(2, KNOCK_LENGTH)));
    }
  }

  @Test
  void closedWatch_deliversNothingMore() throws Exception {
    try (TestNetwork network = TestNetwork.of(1)) {
      Slot mailbox = slot(31);
      List<SealedItem> seen = new CopyOnWriteArrayList<>();
      Rendezvous service = network.client();
      Rendezvous.Watch closed = service.watch(mailbox, Pace.FAST, seen::add);
      closed.close();
      await(network.client().knock(mailbox, item(1, KNOCK_LENGTH), inAMinute()));
      List<SealedItem> others = new CopyOnWriteArrayList<>();
      service.watch(mailbox, Pace.FAST, others::add);
      await().until(() -> !others.isEmpty());
      assertThat(seen).isEmpty();
    }
  }

  private static Instant inAMinute() {
    return Instant.now().plusSeconds(60);
  }
}
