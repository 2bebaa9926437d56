package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.SEALER;
import static dev.sallyport.dht.TestNetwork.item;
import static dev.sallyport.dht.TestNetwork.slot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DhtNodesTest {
  private final List<DhtEvent> events = new CopyOnWriteArrayList<>();

  @Test
  void nodesOfOneCommand_knowEachOther_andSaySo() throws Exception {
    try (DhtNodes nodes = DhtNodes.start(first(4), SEALER, events::add)) {
      await()
          .atMost(Duration.ofSeconds(2))
          .untilAsserted(
              () ->
                  assertThat(events)
                      .filteredOn(
                          event -> event instanceof DhtEvent.Knows knows && knows.nodes() == 3)
                      .hasSize(4));
      assertThat(events).filteredOn(event -> event instanceof DhtEvent.Listening).hasSize(4);
      assertThat(events.getFirst().node()).isEqualTo(nodes.nodes().getFirst().local());
    }
  }

  @Test
  void bootstrappedElsewhere_bothNetworksBecomeOne() throws Exception {
    try (TestNetwork network = TestNetwork.of(10)) {
      DhtConfig joined = new DhtConfig(network.bootstrap(), 0, first(10).bind(), null, null, false);
      try (DhtNodes nodes = DhtNodes.start(joined, SEALER, events::add)) {
        await()
            .untilAsserted(() -> assertThat(nodes.nodes()).allMatch(node -> node.knownNodes() > 9));
        DhtConfig entrance = DhtConfig.of(List.of(TestNetwork.at(nodes.nodes().getLast().local())));
        TestNetwork.await(network.client(entrance).publish(slot(70), item(1, 100), 1));
        List<SealedItem> found = new CopyOnWriteArrayList<>();
        TestNetwork.await(network.client().lookup(slot(70).topic(), found::add));
        assertThat(found).containsExactly(item(1, 100));
      }
    }
  }

  @Test
  void nobodyElsewhere_saysSo_andServesOnItsOwn() throws Exception {
    DhtConfig config =
        new DhtConfig(
            List.of(HostPort.parse("127.1.1.1:9")), 0, first(2).bind(), null, null, false);
    try (DhtNodes nodes = DhtNodes.start(config, SEALER, events::add)) {
      await()
          .untilAsserted(
              () ->
                  assertThat(events)
                      .filteredOn(event -> event instanceof DhtEvent.Alone)
                      .isNotEmpty()
                      .allSatisfy(
                          event ->
                              assertThat(((DhtEvent.Alone) event).why())
                                  .contains("127.1.1.1:9 (no answer)")));
      assertThat(nodes.nodes()).allMatch(node -> node.knownNodes() == 1);
    }
  }

  @Test
  void oneAddressCannotBeUsed_noneRuns() throws Exception {
    InetAddress good = TestNetwork.freshAddress();
    int port;
    try (DatagramSocket probe = new DatagramSocket(0, good)) {
      port = probe.getLocalPort();
    }
    InetAddress taken = TestNetwork.freshAddress();
    DhtConfig config = DhtConfig.of(List.of()).withPort(port).withBind(List.of(good, taken));
    try (DatagramSocket holder = new DatagramSocket(port, taken)) {
      assertThatThrownBy(() -> DhtNodes.start(config, SEALER, events::add))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(taken.getHostAddress());
      assertThat(holder.isClosed()).isFalse();
    }
    await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .untilAsserted(() -> new DatagramSocket(port, good).close());
  }

  private static DhtConfig first(int count) {
    List<InetAddress> addresses = Stream.generate(TestNetwork::freshAddress).limit(count).toList();
    return DhtConfig.of(List.of()).withBind(addresses).withReadOnly(false);
  }
}
