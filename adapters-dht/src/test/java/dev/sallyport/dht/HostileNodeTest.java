package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.SEALER;
import static dev.sallyport.dht.TestNetwork.await;
import static dev.sallyport.dht.TestNetwork.failure;
import static dev.sallyport.dht.TestNetwork.item;
import static dev.sallyport.dht.TestNetwork.slot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import the8472.bencode.BEncoder;

/** One holder lies; the others are what they should be. */
class HostileNodeTest {
  private static final Slot SLOT = slot(50);
  private static final SealedItem RECORD = item(1, 300);
  private static final byte[] VALUE = ItemCodec.record(item(2, 300));

  /** A lie, and its name for the report. */
  record Lie(String name, Map<String, Object> fields) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Lie> lies() {
    MutableItem foreign = MutableItem.sign(SEALER, slot(51), 99, VALUE);
    MutableItem right = MutableItem.sign(SEALER, SLOT, 99, VALUE);
    byte[] big = ItemCodec.record(item(3, 996));
    byte[] oversize = new byte[1400];
    System.arraycopy("1395:".getBytes(StandardCharsets.US_ASCII), 0, oversize, 0, 5);
    return Stream.of(
        new Lie("an item by another key", fields(foreign)),
        new Lie(
            "another value under our signature",
            fields(new MutableItem(99, big, right.signature()))),
        new Lie(
            "another sequence under our signature",
            fields(new MutableItem(100, VALUE, right.signature()))),
        new Lie("a short signature", fields(new MutableItem(99, VALUE, new byte[63]))),
        new Lie("a zero signature", fields(new MutableItem(99, VALUE, new byte[64]))),
        new Lie("a negative sequence", fields(MutableItem.sign(SEALER, SLOT, -5, VALUE))),
        new Lie("an item of 1400 bytes", fields(MutableItem.sign(SEALER, SLOT, 99, oversize))),
        new Lie("a number, signed", fields(signed("i5e"))),
        new Lie("a dictionary, signed", fields(signed("d1:ai5ee"))),
        new Lie("an empty string, signed", fields(signed("0:"))),
        new Lie("a mailbox with a bad entry, signed", fields(signed("ll1:ai-5eee"))),
        new Lie(
            "no signature", Map.of("nodes", new byte[0], "token", "t", "seq", 99L, "v", "hello")),
        new Lie("nodes that are not there", Map.of("nodes", randomNodes(8), "token", "t")),
        new Lie("hundreds of nodes", Map.of("nodes", randomNodes(60), "token", "t")),
        new Lie("no token", Map.of("nodes", new byte[0])));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void oneHolderLies_recordIsFound_andNothingElse(Lie lie) throws Exception {
    try (TestNetwork network = TestNetwork.of(3);
        FakeNode liar = FakeNode.start((method, arguments) -> lie.fields())) {
      await(network.client().publish(SLOT, RECORD, 1));
      List<SealedItem> found = new CopyOnWriteArrayList<>();
      await(network.client(clientOf(network, liar)).lookup(SLOT.topic(), found::add));
      assertThat(found).containsExactly(RECORD);
      assertThat(liar.asked()).isPositive();
    }
  }

  @ParameterizedTest
  @MethodSource("lies")
  void oneHolderLies_knockArrives(Lie lie) throws Exception {
    try (TestNetwork network = TestNetwork.of(3);
        FakeNode liar = FakeNode.start((method, arguments) -> lie.fields())) {
      List<SealedItem> seen = new CopyOnWriteArrayList<>();
      Rendezvous service = network.client(clientOf(network, liar));
      service.watch(SLOT, Rendezvous.Pace.FAST, seen::add);
      Rendezvous caller = network.client(clientOf(network, liar));
      await(caller.knock(SLOT, RECORD, Instant.now().plusSeconds(60)));
      await().until(() -> seen.contains(RECORD));
      assertThat(seen).containsOnly(RECORD);
    }
  }

  @Test
  void itClaimsAnIdItDoesNotHave_theRealHoldersAreUsed() throws Exception {
    byte[] wanted = MutableItem.target(SLOT.topic().key()).getHash();
    try (TestNetwork network = TestNetwork.of(3);
        FakeNode victim = FakeNode.start((method, arguments) -> FakeNode.emptyAnswer());
        FakeNode liar =
            FakeNode.start(
                (method, arguments) -> {
                  // The victim's address under the very id that is looked for.
                  byte[] node = victim.compact();
                  System.arraycopy(wanted, 0, node, 0, 20);
                  return Map.of("nodes", node, "token", "t");
                })) {
      await(network.client().publish(SLOT, RECORD, 1));
      List<SealedItem> found = new CopyOnWriteArrayList<>();
      await(network.client(clientOf(network, liar)).lookup(SLOT.topic(), found::add));
      assertThat(found).containsExactly(RECORD);
    }
  }

  @Test
  void aloneAndSilentAboutItems_publishIsRefusedWithAReason() throws Exception {
    try (FakeNode liar = FakeNode.start((method, arguments) -> Map.of("nodes", new byte[0]));
        DhtNode node = DhtNode.start(DhtConfig.of(List.of(liar.at())), SEALER)) {
      assertThat(failure(new DhtRendezvous(node, SEALER).publish(SLOT, RECORD, 1)).reason())
          .isEqualTo(Reason.REJECTED);
    }
  }

  @Test
  void itPromisesToStoreAndForgets_watchersFindTheOthers() throws Exception {
    try (TestNetwork network = TestNetwork.of(3);
        FakeNode liar = FakeNode.start((method, arguments) -> FakeNode.emptyAnswer())) {
      Rendezvous caller = network.client(clientOf(network, liar));
      await(caller.knock(SLOT, RECORD, Instant.now().plusSeconds(60)));
      List<SealedItem> seen = new CopyOnWriteArrayList<>();
      Rendezvous service = network.client(clientOf(network, liar));
      service.watch(SLOT, Rendezvous.Pace.STEADY, seen::add);
      await().until(() -> seen.contains(RECORD));
    }
  }

  /** A client that enters the network at an honest node and at the liar. */
  private static DhtConfig clientOf(TestNetwork network, FakeNode liar) {
    List<HostPort> both = List.of(network.bootstrap().getFirst(), liar.at());
    return DhtConfig.of(both).withBind(List.of(TestNetwork.freshAddress()));
  }

  private static MutableItem signed(String value) {
    return MutableItem.sign(SEALER, SLOT, 99, value.getBytes(StandardCharsets.US_ASCII));
  }

  private static Map<String, Object> fields(MutableItem item) {
    Map<String, Object> fields = FakeNode.emptyAnswer();
    fields.put("k", SLOT.topic().key().toByteArray());
    fields.put("seq", item.sequence());
    fields.put("sig", item.signature());
    fields.put("v", new BEncoder.RawData(ByteBuffer.wrap(item.value())));
    return fields;
  }

  private static byte[] randomNodes(int count) {
    byte[] nodes = new byte[26 * count];
    new Random(count).nextBytes(nodes);
    for (int i = 0; i < count; i++) {
      // 127.1.x.y: nobody is there.
      nodes[26 * i + 20] = 127;
      nodes[26 * i + 21] = 1;
    }
    return nodes;
  }
}
