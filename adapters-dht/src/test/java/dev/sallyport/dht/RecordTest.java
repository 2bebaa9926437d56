package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.await;
import static dev.sallyport.dht.TestNetwork.item;
import static dev.sallyport.dht.TestNetwork.slot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 20})
  void published_lookedUpByAStranger_found(int size) throws Exception {
    try (TestNetwork network = TestNetwork.of(size)) {
      Slot slot = slot(size);
      SealedItem record = item(1, SealedItem.MAX_LENGTH);
      Rendezvous.Delivery delivery = await(network.client().publish(slot, record, 7));
      assertThat(delivery.accepted()).isEqualTo(Math.min(8, size));
      assertThat(delivery.asked()).isEqualTo(Math.min(8, size));

      List<SealedItem> found = new CopyOnWriteArrayList<>();
      Rendezvous.Lookup lookup = await(network.client().lookup(slot.topic(), found::add));
      assertThat(found).containsExactly(record);
      assertThat(lookup.answered()).isBetween(Math.min(8, size), size);
    }
  }
}
