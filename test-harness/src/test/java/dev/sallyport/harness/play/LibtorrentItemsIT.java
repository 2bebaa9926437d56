package dev.sallyport.harness.play;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.dht.DhtConfig;
import dev.sallyport.dht.DhtNode;
import dev.sallyport.dht.DhtRendezvous;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Guest;
import dev.sallyport.harness.nft.NftFabric;
import dev.sallyport.harness.scenario.DhtSoftware;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Mutable items of BEP 44 are the same bytes to libtorrent and to us. */
@ExtendWith(LabNeeds.WithLibtorrent.class)
@Timeout(240)
final class LibtorrentItemsIT {
  private static final Scenario SCENARIO =
      Scenario.between(NatKind.NONE, NatKind.NONE).withoutStun().dht(DhtSoftware.LIBTORRENT);
  private static final JdkSealer SEALER = new JdkSealer();
  private static final HexFormat HEX = HexFormat.of();

  @TempDir private Path folder = Path.of("");
  private final List<AutoCloseable> open = new ArrayList<>();
  private Network network;
  private Guest libtorrent;
  private BufferedReader answers;
  private Rendezvous ours;

  @BeforeEach
  void start() throws Exception {
    network = new NftFabric().build(SCENARIO);
    open.add(network);
    List<InetAddress> addresses = network.dhtAddresses();
    libtorrent =
        network.start(
            LibtorrentNodes.command(network, folder, addresses, Middle.DHT_PORT)
                .redirectError(ProcessBuilder.Redirect.INHERIT));
    answers = new BufferedReader(new InputStreamReader(libtorrent.stdout(), ISO_8859_1));
    InetAddress observer = network.address(Place.MIDDLE);
    for (InetAddress address : addresses) {
      InetSocketAddress node = new InetSocketAddress(address, Middle.DHT_PORT);
      Poll.until(
          () -> network.inside(Place.MIDDLE, () -> DhtPing.nodesKnownTo(node, observer)) >= 8,
          Duration.ofSeconds(30),
          node + " does not know the others");
    }
    HostPort entrance = new HostPort(addresses.getFirst().getHostAddress(), Middle.DHT_PORT);
    // One that answers: libtorrent notes down whoever puts an item, read-only or not (BEP 43), and
    // its lookups would wait for a node that is silent.
    DhtConfig config = DhtConfig.of(List.of(entrance)).withReadOnly(false);
    DhtNode node = network.inside(Place.CLIENT, () -> DhtNode.start(config, SEALER));
    ours = new DhtRendezvous(node, SEALER);
    open.addFirst(ours);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void whatLibtorrentPuts_weReadAndVerify_andWouldHaveSignedTheSame() throws Exception {
    Slot slot = slot(1);
    byte[] item = bytes(2, 500);
    String[] put =
        ask("put " + expanded(slot.seed()) + " " + hex(slot) + " " + HEX.formatHex(item));
    assertThat(put[0]).isEqualTo("put");
    assertThat(Integer.parseInt(put[3])).as("nodes that took it").isEqualTo(8);

    List<SealedItem> found = new CopyOnWriteArrayList<>();
    await(ours.lookup(slot.topic(), found::add));
    assertThat(found).containsExactly(SealedItem.of(item));

    // Ed25519 signs the same bytes the same way: so they are the same bytes.
    byte[] signature = SEALER.sign(slot.seed(), signed(put[1], bencoded(item)));
    assertThat(put[2]).isEqualTo(HEX.formatHex(signature));
    assertStored(slot, put[1], bencoded(item), signature);
  }

  @Test
  void whatWePut_libtorrentReads_byteForByte() throws Exception {
    Slot slot = slot(3);
    byte[] item = bytes(4, SealedItem.MAX_LENGTH);
    assertThat(await(ours.publish(slot, SealedItem.of(item), 1_700_000_000)).accepted())
        .isGreaterThanOrEqualTo(3);
    String[] got = ask("get " + hex(slot));
    byte[] signature = SEALER.sign(slot.seed(), signed("1700000000", bencoded(item)));
    assertThat(got)
        .containsExactly(
            "got", "1700000000", HEX.formatHex(signature), HEX.formatHex(bencoded(item)));
    assertStored(slot, "1700000000", bencoded(item), signature);
  }

  @Test
  void ourItemsReplaceLibtorrents_andItsOurs() throws Exception {
    Slot slot = slot(5);
    String put = "put " + expanded(slot.seed()) + " " + hex(slot) + " ";
    assertThat(ask(put + HEX.formatHex(bytes(6, 100)))[1]).isEqualTo("1");
    await(ours.publish(slot, SealedItem.of(bytes(7, 100)), 7));
    // It reads the sequence number first, and goes one higher.
    assertThat(ask(put + HEX.formatHex(bytes(8, 100)))[1]).isEqualTo("8");
    List<SealedItem> found = new CopyOnWriteArrayList<>();
    await(ours.lookup(slot.topic(), found::add));
    // A node that got one of them late may still hold that one.
    assertThat(found).contains(SealedItem.of(bytes(8, 100)));
  }

  @Test
  void ourMailbox_whichIsAList_isTheSameToLibtorrent() throws Exception {
    Slot slot = slot(9);
    Instant expires = Instant.now().plusSeconds(600);
    await(ours.knock(slot, SealedItem.of(bytes(10, 300)), expires));
    await(ours.knock(slot, SealedItem.of(bytes(11, 300)), expires));
    String[] got = ask("get " + hex(slot));
    // A knock is left when three nodes have it; the others get it while we look.
    List<String> held =
        Awaitility.await()
            .atMost(Duration.ofSeconds(10))
            .until(
                () -> held(slot),
                all -> all.stream().filter(LibtorrentItemsIT::hasBothKnocks).count() >= 3);
    // Python is not shown lists; but libtorrent has verified what it wrote again by its own code.
    assertThat(held)
        .anySatisfy(
            answer ->
                assertThat(got)
                    .containsExactly(
                        "got",
                        between(answer, "3:seqi", "e3:sig"),
                        HEX.formatHex(between(answer, "3:sig64:", "5:token").getBytes(ISO_8859_1)),
                        "-"));
  }

  private static boolean hasBothKnocks(String answer) {
    String list = between(answer, "1:v", "e1:t2:aa");
    return list.startsWith("ll300:")
        && list.contains("300:" + text(bytes(10, 300)))
        && list.contains("300:" + text(bytes(11, 300)));
  }

  /** Asks all nodes for an item as anybody could: no code of libtorrent's or ours in between. */
  private void assertStored(Slot slot, String sequence, byte[] value, byte[] signature)
      throws Exception {
    List<String> held = held(slot);
    assertThat(held).hasSizeGreaterThanOrEqualTo(3);
    for (String answer : held) {
      assertThat(between(answer, "3:seqi", "e3:sig")).isEqualTo(sequence);
      assertThat(between(answer, "3:sig64:", "5:token")).isEqualTo(text(signature));
      assertThat(between(answer, "1:v", "e1:t2:aa")).isEqualTo(text(value));
    }
  }

  /** The answers of those nodes that hold the item. */
  private List<String> held(Slot slot) throws Exception {
    byte[] key = slot.topic().key().toByteArray();
    String target = text(MessageDigest.getInstance("SHA-1").digest(key));
    String query =
        "d1:ad2:id20:abcdefghij01234567896:target20:" + target + "e1:q3:get2:roi1e1:t2:aa1:y1:qe";
    List<String> held = new ArrayList<>();
    for (InetAddress node : network.dhtAddresses()) {
      String answer = network.inside(Place.MIDDLE, () -> exchange(node, query));
      if (answer.contains("1:k32:" + text(key))) {
        held.add(answer);
      }
    }
    return held;
  }

  /** What stands between two marks: the first one, and the last one. */
  private static String between(String answer, String before, String after) {
    int start = answer.indexOf(before) + before.length();
    return answer.substring(start, answer.lastIndexOf(after));
  }

  private static String exchange(InetAddress node, String query) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(5000);
      byte[] bytes = query.getBytes(ISO_8859_1);
      socket.send(new DatagramPacket(bytes, bytes.length, node, Middle.DHT_PORT));
      DatagramPacket answer = new DatagramPacket(new byte[3000], 3000);
      socket.receive(answer);
      return new String(answer.getData(), 0, answer.getLength(), ISO_8859_1);
    }
  }

  /** Gives libtorrent a command, and the words of its answer. */
  private String[] ask(String command) throws IOException {
    libtorrent.stdin().write((command + "\n").getBytes(ISO_8859_1));
    libtorrent.stdin().flush();
    String line = answers.readLine();
    assertThat(line).isNotNull().doesNotEndWith("nothing");
    return line.split(" ");
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static Slot slot(long seed) {
    Secret32 secret = Secret32.of(bytes(seed, Secret32.LENGTH));
    return new Slot(new Topic(SEALER.signingKey(secret)), secret);
  }

  private static String hex(Slot slot) {
    return HEX.formatHex(slot.topic().key().toByteArray());
  }

  /** The private key as libtorrent takes it: expanded (RFC 8032 section 5.1.5). */
  private static String expanded(Secret32 seed) throws Exception {
    byte[] expanded = MessageDigest.getInstance("SHA-512").digest(seed.toByteArray());
    expanded[0] &= (byte) 0xf8;
    expanded[31] = (byte) ((expanded[31] & 0x3f) | 0x40);
    return HEX.formatHex(expanded);
  }

  private static byte[] bencoded(byte[] item) {
    return (item.length + ":" + text(item)).getBytes(ISO_8859_1);
  }

  private static byte[] signed(String sequence, byte[] value) {
    return ("3:seqi" + sequence + "e1:v" + text(value)).getBytes(ISO_8859_1);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  private static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
