package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.SEALER;
import static dev.sallyport.dht.TestNetwork.item;
import static dev.sallyport.dht.TestNetwork.slot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.rendezvous.Slot;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.messages.MessageBase;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import the8472.bencode.BEncoder;
import the8472.bencode.Utils;

/** What other software gets to see of a node. */
class AnswersTest {
  private static final byte[] TARGET = new byte[20];
  private static final Slot SLOT = slot(80);

  @Test
  void ping_isAnswered_withTheAskersEndpoint() throws Exception {
    try (TestNetwork network = TestNetwork.of(1);
        RawClient client = new RawClient(network.nodes().getFirst())) {
      Map<String, Object> answer = Objects.requireNonNull(client.ask("ping", Map.of()));
      assertThat(answer.get("ip"))
          .isEqualTo(compact(client.local().getAddress(), client.local().getPort()));
      assertThat(answer.get("t")).isEqualTo(new byte[] {'x', 'y'});
    }
  }

  @Test
  void findNode_andGetPeers_nameOurPrivateNodes() throws Exception {
    try (TestNetwork network = TestNetwork.of(5);
        RawClient client = new RawClient(network.nodes().getFirst())) {
      byte[] nodes = (byte[]) client.answer("find_node", Map.of("target", TARGET)).get("nodes");
      assertThat(nodes).hasSize(4 * 26);
      Map<String, Object> peers = client.answer("get_peers", Map.of("info_hash", TARGET));
      assertThat((byte[]) peers.get("nodes")).hasSize(4 * 26);
      assertThat(peers).doesNotContainKeys("token", "values");
    }
  }

  @Test
  void putThenGet_asBep44Says() throws Exception {
    try (TestNetwork network = TestNetwork.of(1);
        RawClient client = new RawClient(network.nodes().getFirst())) {
      MutableItem first = MutableItem.sign(SEALER, SLOT, 5, ItemCodec.record(item(1, 900)));
      assertThat(error(put(client, first, Map.of()))).isZero();
      Map<String, Object> got = client.answer("get", Map.of("target", target()));
      assertThat(got.get("seq")).isEqualTo(5L);
      assertThat(got.get("sig")).isEqualTo(first.signature());
      assertThat(got.get("k")).isEqualTo(SLOT.topic().key().toByteArray());
      assertThat(got.get("v")).isEqualTo(item(1, 900).toByteArray());
      assertThat(client.answer("get", Map.of("target", target(), "seq", 5L)))
          .doesNotContainKeys("v", "sig", "k")
          .containsKey("token");
    }
  }

  @Test
  void putThatBreaksTheRules_getsItsCode() throws Exception {
    try (TestNetwork network = TestNetwork.of(1);
        RawClient client = new RawClient(network.nodes().getFirst())) {
      byte[] value = ItemCodec.record(item(1, 100));
      MutableItem fifth = MutableItem.sign(SEALER, SLOT, 5, value);
      put(client, fifth, Map.of());
      MutableItem sixth = MutableItem.sign(SEALER, SLOT, 6, value);
      assertThat(error(put(client, sixth, Map.of("cas", 4L)))).isEqualTo(301);
      assertThat(error(put(client, MutableItem.sign(SEALER, SLOT, 4, value), Map.of())))
          .isEqualTo(302);
      assertThat(error(put(client, new MutableItem(6, value, fifth.signature()), Map.of())))
          .isEqualTo(206);
      assertThat(error(put(client, sixth, Map.of("token", "wrong")))).isEqualTo(203);
      byte[] big = new byte[1001];
      Arrays.fill(big, (byte) 'a');
      System.arraycopy(new byte[] {'9', '9', '7', ':'}, 0, big, 0, 4);
      assertThat(error(put(client, MutableItem.sign(SEALER, SLOT, 6, big), Map.of())))
          .isEqualTo(205);
      assertThat(error(put(client, sixth, Map.of("cas", 5L)))).isZero();
    }
  }

  @Test
  void immutableItem_isStoredUnderItsDigest() throws Exception {
    try (TestNetwork network = TestNetwork.of(1);
        RawClient client = new RawClient(network.nodes().getFirst())) {
      byte[] digest = Digests.sha1().digest("5:hello".getBytes(StandardCharsets.US_ASCII));
      Object token = client.answer("get", Map.of("target", digest)).get("token");
      client.answer("put", Map.of("token", Objects.requireNonNull(token), "v", "hello"));
      assertThat(client.answer("get", Map.of("target", digest)).get("v"))
          .isEqualTo("hello".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @Test
  void unknownMethod_isTreatedAsALookup_announceIsRefused() throws Exception {
    try (TestNetwork network = TestNetwork.of(2);
        RawClient client = new RawClient(network.nodes().getFirst())) {
      assertThat(client.answer("novelty", Map.of("target", TARGET))).containsKey("nodes");
      assertThat(
              error(
                  client.ask(
                      "announce_peer", Map.of("info_hash", TARGET, "port", 1L, "token", "x"))))
          .isEqualTo(203);
    }
  }

  @Test
  void readOnlyNode_answersNobody() throws Exception {
    try (TestNetwork network = TestNetwork.of(1);
        DhtNode readOnly = DhtNode.start(network.clientConfig(), SEALER);
        RawClient client = new RawClient(readOnly)) {
      client.patience(300);
      assertThat(client.ask("ping", Map.of())).isNull();
    }
  }

  @Test
  void readOnlyNode_saysSo_inEveryQuery() {
    Queries queries = new Queries(true);
    Key key = new Key(TARGET);
    MutableItem item = new MutableItem(1, new byte[0], new byte[64]);
    List<MessageBase> all =
        List.of(
            queries.ping(),
            queries.findNode(key),
            queries.get(key, -1),
            queries.put(SLOT.topic().key(), item, new byte[1], -1));
    for (MessageBase query : all) {
      query.setID(key);
      query.setMTID(new byte[6]);
      assertThat(query.getBase()).containsEntry("ro", 1);
    }
  }

  @Test
  void whoAsks_isNamedToOthersOnceItHasAnswered() throws Exception {
    try (TestNetwork network = TestNetwork.of(1);
        DhtNode member = DhtNode.start(network.clientConfig().withReadOnly(false), SEALER);
        DhtNode guest = DhtNode.start(network.clientConfig(), SEALER)) {
      TestNetwork.await(guest.join());
      TestNetwork.await(member.join());
      DhtNode first = network.nodes().getFirst();
      await().until(() -> first.knownNodes() == 1);
      assertThat(first.table().freshest(9).getFirst().id()).isEqualTo(member.id());
    }
  }

  @Test
  void garbagePackets_harmNothing() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestNetwork network = TestNetwork.of(1);
        RawClient client = new RawClient(network.nodes().getFirst());
        RawClient other = new RawClient(network.nodes().getFirst())) {
      byte[] valid =
          Utils.buf2ary(
              new BEncoder()
                  .encode(
                      Map.of("t", "xy", "y", "q", "q", "ping", "a", Map.of("id", TARGET)), 200));
      for (int i = 0; i < 3000; i++) {
        byte[] packet = valid.clone();
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
          packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
        }
        client.send(ByteBuffer.wrap(packet));
      }
      assertThat(other.ask("ping", Map.of())).as("seed %d", seed).isNotNull();
    }
  }

  private static Map<String, Object> put(
      RawClient client, MutableItem item, Map<String, Object> more) throws Exception {
    Map<String, Object> arguments = new HashMap<>();
    arguments.put("token", client.answer("get", Map.of("target", target())).get("token"));
    arguments.put("k", SLOT.topic().key().toByteArray());
    arguments.put("seq", item.sequence());
    arguments.put("sig", item.signature());
    arguments.put("v", new BEncoder.RawData(ByteBuffer.wrap(item.value())));
    arguments.putAll(more);
    return Objects.requireNonNull(client.ask("put", arguments));
  }

  /** The code of an error; 0 if it is none. */
  private static long error(@Nullable Map<String, Object> answer) {
    return answer != null && answer.get("e") instanceof List<?> error ? (Long) error.getFirst() : 0;
  }

  private static byte[] target() {
    return MutableItem.target(SLOT.topic().key()).getHash();
  }

  private static byte[] compact(InetAddress address, int port) {
    return ByteBuffer.allocate(6).put(address.getAddress()).putShort((short) port).array();
  }
}
