package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.SEALER;
import static dev.sallyport.dht.TestNetwork.item;
import static dev.sallyport.dht.TestNetwork.slot;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.fuzz.DecoderFuzzing;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import lbms.plugins.mldht.kad.DHT.DHTtype;
import lbms.plugins.mldht.kad.messages.AbstractLookupResponse;
import lbms.plugins.mldht.kad.messages.GetResponse;
import lbms.plugins.mldht.kad.messages.MessageBase;
import lbms.plugins.mldht.kad.messages.MessageBase.Method;
import lbms.plugins.mldht.kad.messages.MessageDecoder;
import lbms.plugins.mldht.kad.messages.PutRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;
import the8472.bencode.BDecoder;
import the8472.bencode.BEncoder;
import the8472.bencode.Utils;

/** Any bytes as what nodes of the DHT say and hold, and as the file that remembers them. */
class DhtFuzzTest extends DecoderFuzzing {
  private static final int MAX_DATAGRAM = 5 * 1024;

  /** What an answer may be to; SAMPLE_INFOHASHES is nothing that we ask. */
  private static final List<Method> ASKED =
      List.of(
          Method.PING, Method.FIND_NODE, Method.GET_PEERS, Method.GET, Method.PUT, Method.UNKNOWN);

  private static final Slot SLOT = slot(70);
  private static final InetSocketAddress NODE = Endpoint.parse("192.0.2.7:6881").toSocketAddress();
  private static final DhtConfig NETWORK = DhtConfig.of(List.of(HostPort.parse("192.0.2.1:6881")));

  private static List<byte[]> records() {
    return List.of(ascii("5:hello"), ItemCodec.record(item(1, SealedItem.MAX_LENGTH)));
  }

  @MethodSource("records")
  @FuzzTest
  void record(byte[] value) throws Exception {
    SealedItem record = decode(MalformedException.class, value, () -> ItemCodec.readRecord(value));
    if (record != null) {
      assertSameBytes(value, ItemCodec.record(record));
    }
  }

  private static List<byte[]> mailboxes() {
    return List.of(
        ascii("le"),
        ascii("ll5:knocki1790000040eel2:k2i0eee"),
        ItemCodec.mailbox(
            List.of(
                new MailboxEntry(item(1, 300), 1_790_000_040),
                new MailboxEntry(item(2, 300), 1_790_000_100),
                new MailboxEntry(item(3, 300), MailboxEntry.MAX_EXPIRY))));
  }

  /** And whatever is in it, there is room for another knock, or it says that there is none. */
  @MethodSource("mailboxes")
  @FuzzTest
  void mailbox(byte[] value) throws Exception {
    List<MailboxEntry> entries =
        decode(MalformedException.class, value, () -> ItemCodec.readMailbox(value));
    if (entries != null) {
      assertSameBytes(value, ItemCodec.mailbox(entries));
      MailboxEntry added = new MailboxEntry(item(9, 250), 1_790_000_160);
      byte[] more = new Mailbox(1, entries).with(added, 1_790_000_000);
      if (more != null) {
        assertThat(ItemCodec.readMailbox(more)).startsWith(added);
      }
    }
  }

  private static List<byte[]> answers() {
    byte[] value = ItemCodec.record(item(4, 100));
    MutableItem held = MutableItem.sign(SEALER, SLOT, 7, value);
    Map<String, Object> named = new TreeMap<>();
    named.put("id", new byte[20]);
    named.put("nodes", new byte[20 * 26]);
    named.put("token", new byte[8]);
    Map<String, Object> holding = new TreeMap<>(named);
    holding.put("k", SLOT.topic().key().toByteArray());
    holding.put("seq", held.sequence());
    holding.put("sig", held.signature());
    holding.put("v", item(4, 100).toByteArray());
    return List.of(
        answer(Method.PING, Map.of("id", new byte[20])),
        answer(Method.FIND_NODE, named),
        answer(Method.GET_PEERS, named),
        answer(Method.GET, holding),
        answer(Method.PUT, Map.of("id", new byte[20])));
  }

  /**
   * All that we read out of an answer. Its first byte says what was asked; mldht's decoder comes
   * first, as on the wire.
   */
  @MethodSource("answers")
  @FuzzTest
  void answer(byte[] bytes) throws Exception {
    decode(
        MalformedException.class,
        bytes,
        () -> {
          MessageBase message = message(bytes);
          if (message == null || message.getID() == null) {
            return null;
          }
          Reply.Answer answer =
              new Reply.Answer(message, new Contact(message.getID(), NODE), bytes.length);
          Observation seen = new Observations(6881).in(NODE, answer);
          if (seen != null) {
            assertThat(Endpoint.parse(seen.observed().toString())).isEqualTo(seen.observed());
          }
          if (message instanceof AbstractLookupResponse response) {
            List<Contact> contacts = Contact.in(response);
            assertThat(contacts).hasSizeLessThanOrEqualTo(16);
            assertThat(contacts)
                .allMatch(contact -> contact.address().getAddress() instanceof Inet4Address);
          }
          if (message instanceof GetResponse get) {
            read(MutableItem.in(get));
          }
          MldhtCore.isOurVersion(message);
          return message;
        });
  }

  private static void read(@Nullable MutableItem item) {
    if (item == null) {
      return;
    }
    assertThat(item.value()).hasSizeBetween(1, MutableItem.MAX_VALUE);
    Mailbox mailbox = Mailbox.of(item, SLOT.topic(), SEALER);
    if (!mailbox.equals(Mailbox.EMPTY)) {
      assertThat(item.isBy(SLOT.topic().key(), SEALER)).isTrue();
    }
  }

  private static List<byte[]> puts() {
    byte[] value = ItemCodec.record(item(5, 100));
    MutableItem item = MutableItem.sign(SEALER, SLOT, 7, value);
    Map<String, Object> immutable = new TreeMap<>();
    immutable.put("id", new byte[20]);
    immutable.put("token", new byte[8]);
    immutable.put("v", "any");
    Map<String, Object> mutable = new TreeMap<>(immutable);
    mutable.put("k", SLOT.topic().key().toByteArray());
    mutable.put("seq", item.sequence());
    mutable.put("sig", item.signature());
    mutable.put("v", item(5, 100).toByteArray());
    return List.of(query("put", immutable), query("put", mutable));
  }

  /** What is stored is what was signed, and no longer than BEP 44 allows. */
  @MethodSource("puts")
  @FuzzTest
  void put(byte[] bytes) throws Exception {
    decode(
        MalformedException.class,
        bytes,
        () -> {
          if (!(message(bytes) instanceof PutRequest put)) {
            return null;
          }
          ItemStore store = new ItemStore(SEALER);
          if (store.put(put, 0) != ItemStore.Result.STORED) {
            return null;
          }
          ItemStore.Stored stored = Objects.requireNonNull(store.get(put.deriveTargetKey(), 1));
          assertThat(stored.value()).hasSizeLessThanOrEqualTo(MutableItem.MAX_VALUE);
          byte[] key = stored.key();
          if (key != null) {
            byte[] signed =
                MutableItem.signedBytes(put.getSalt(), stored.sequence(), stored.value());
            assertThat(SEALER.verify(PublicKey32.of(key), signed, stored.signature())).isTrue();
          }
          return stored;
        });
  }

  private static List<byte[]> caches() {
    String head = "sallyport dht nodes 1\nnetwork 192.0.2.1:6881\n";
    String id = "0123456789abcdef0123456789abcdef01234567";
    return List.of(
        ascii(head),
        ascii(head + id + " 192.0.2.3:6881\n" + id + " 192.0.2.4:1\n"),
        ascii(head + id + " [2001:db8::1]:6881\n"));
  }

  /** A list of nodes, or none; what was read reads the same when it is written. */
  @MethodSource("caches")
  @FuzzTest
  void nodeCache(byte[] file) throws Exception {
    NodeCache cache = new NodeCache(CacheFile.PATH, NETWORK);
    Files.write(CacheFile.PATH, file);
    List<Contact> nodes =
        decode(
            IOException.class,
            file,
            () -> {
              List<Contact> loaded = cache.load();
              return loaded.isEmpty() ? null : loaded;
            });
    if (nodes != null) {
      assertThat(nodes).hasSizeLessThanOrEqualTo(NodeCache.MAX_NODES);
      cache.save(nodes);
      assertThat(cache.load()).isEqualTo(nodes);
    }
  }

  private static final class CacheFile {
    static final Path PATH;

    static {
      try {
        PATH = Files.createTempDirectory("fuzz").resolve("nodes");
        PATH.toFile().deleteOnExit();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** As mldht decodes a datagram; null if it refuses. */
  private static @Nullable MessageBase message(byte[] bytes) {
    if (bytes.length < 1 || bytes.length > MAX_DATAGRAM) {
      return null;
    }
    Method asked = ASKED.get((bytes[0] & 0xff) % ASKED.size());
    byte[] datagram = Arrays.copyOfRange(bytes, 1, bytes.length);
    try {
      Map<String, Object> map = new BDecoder().decode(ByteBuffer.wrap(datagram));
      MessageDecoder decoder = new MessageDecoder(id -> Optional.of(asked), DHTtype.IPV4_DHT);
      decoder.toDecode(ByteBuffer.wrap(datagram), map);
      return decoder.parseMessage();
    } catch (Exception e) {
      // Whatever mldht throws, its own caller takes for a refusal.
      return null;
    }
  }

  private static byte[] answer(Method asked, Map<String, Object> body) {
    Map<String, Object> answer = new TreeMap<>();
    answer.put("ip", new byte[] {(byte) 203, 0, 113, 7, 0x1f, (byte) 0x90});
    answer.put("r", body);
    answer.put("t", "xy");
    answer.put("v", "mlSP");
    answer.put("y", "r");
    return datagram(asked, answer);
  }

  private static byte[] query(String method, Map<String, Object> arguments) {
    Map<String, Object> query = new TreeMap<>();
    query.put("a", arguments);
    query.put("q", method);
    query.put("t", "xy");
    query.put("y", "q");
    return datagram(Method.PING, query);
  }

  private static byte[] datagram(Method asked, Map<String, Object> message) {
    byte[] bytes = Utils.buf2ary(new BEncoder().encode(message, MAX_DATAGRAM));
    return ByteBuffer.allocate(1 + bytes.length)
        .put((byte) ASKED.indexOf(asked))
        .put(bytes)
        .array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
