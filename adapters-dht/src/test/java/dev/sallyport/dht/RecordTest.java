package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.await;
import static dev.sallyport.dht.TestNetwork.failure;
import static dev.sallyport.dht.TestNetwork.item;
import static dev.sallyport.dht.TestNetwork.slot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20})
  void published_lookedUpByAStranger_isFound(int size) throws Exception {
    try (TestNetwork network = TestNetwork.of(size)) {
      Slot slot = slot(size);
      SealedItem record = item(1, SealedItem.MAX_LENGTH);
      Rendezvous.Delivery delivery = await(network.client().publish(slot, record, 7));
      assertThat(delivery.accepted()).isBetween(Math.min(3, size), Math.min(8, size));

      List<SealedItem> found = new CopyOnWriteArrayList<>();
      Rendezvous.Lookup lookup = await(network.client().lookup(slot.topic(), found::add));
      assertThat(found).containsExactly(record);
      assertThat(lookup.answered()).isBetween(Math.min(3, size), lookup.asked());
    }
  }

  @Test
  void nothingPublished_lookUpEndsWithNothing() throws Exception {
    try (TestNetwork network = TestNetwork.of(3)) {
      List<SealedItem> found = new CopyOnWriteArrayList<>();
      Rendezvous.Lookup lookup = await(network.client().lookup(slot(1).topic(), found::add));
      assertThat(found).isEmpty();
      assertThat(lookup.answered()).isPositive();
    }
  }

  @Test
  void publishedAgain_newestWins_andOlderIsRejected() throws Exception {
    try (TestNetwork network = TestNetwork.of(3)) {
      Slot slot = slot(2);
      Rendezvous service = network.client();
      await(service.publish(slot, item(1, 100), 5));
      await(service.publish(slot, item(2, 100), 6));
      assertThat(failure(service.publish(slot, item(3, 100), 5)).reason())
          .isEqualTo(Reason.REJECTED);

      List<SealedItem> found = new CopyOnWriteArrayList<>();
      await(network.client().lookup(slot.topic(), found::add));
      assertThat(found).containsExactly(item(2, 100));
    }
  }

  @Test
  void holdersDiffer_eachDistinctItemIsDeliveredOnce() throws Exception {
    try (TestNetwork network = TestNetwork.of(3)) {
      Slot slot = slot(3);
      await(network.client().publish(slot, item(1, 100), 5));
      DhtNode alone = network.nodes().getLast();
      MutableItem newer =
          MutableItem.sign(TestNetwork.SEALER, slot, 9, ItemCodec.record(item(2, 100)));
      assertThat(network.store(alone, slot, newer)).isEqualTo(ItemStore.Result.STORED);

      List<SealedItem> found = new CopyOnWriteArrayList<>();
      await(network.client().lookup(slot.topic(), found::add));
      assertThat(found).containsExactlyInAnyOrder(item(1, 100), item(2, 100));
    }
  }

  @Test
  void halfTheNodesDead_recordIsFoundAndPublished() throws Exception {
    try (TestNetwork network = TestNetwork.of(20)) {
      Slot slot = slot(4);
      await(network.client().publish(slot, item(1, 500), 1));
      // The first stays: it is the one callers know.
      List<DhtNode> nodes = network.nodes();
      for (int i = 1; i < nodes.size(); i += 2) {
        nodes.get(i).close();
      }
      List<SealedItem> found = new CopyOnWriteArrayList<>();
      await(network.client().lookup(slot.topic(), found::add));
      assertThat(found).containsExactly(item(1, 500));
      Rendezvous.Delivery delivery = await(network.client().publish(slot, item(2, 500), 2));
      assertThat(delivery.accepted()).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void manyAtOnce_withoutJoining_allAreFound() throws Exception {
    try (TestNetwork network = TestNetwork.of(20)) {
      Rendezvous service = network.client();
      List<CompletionStage<Rendezvous.Delivery>> published = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        published.add(service.publish(slot(100 + i), item(i, 300), i));
      }
      for (CompletionStage<Rendezvous.Delivery> stage : published) {
        await(stage);
      }
      Rendezvous caller = network.client();
      List<SealedItem> found = new CopyOnWriteArrayList<>();
      List<CompletionStage<Rendezvous.Lookup>> lookups = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        lookups.add(caller.lookup(slot(100 + i).topic(), found::add));
      }
      for (CompletionStage<Rendezvous.Lookup> stage : lookups) {
        await(stage);
      }
      List<SealedItem> expected = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        expected.add(item(i, 300));
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
