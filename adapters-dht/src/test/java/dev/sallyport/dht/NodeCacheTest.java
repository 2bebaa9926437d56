package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.SEALER;
import static dev.sallyport.dht.TestNetwork.await;
import static dev.sallyport.dht.TestNetwork.item;
import static dev.sallyport.dht.TestNetwork.slot;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import lbms.plugins.mldht.kad.Key;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeCacheTest {
  private static final DhtConfig NETWORK = DhtConfig.of(List.of(HostPort.parse("192.0.2.1:6881")));

  @TempDir Path folder;

  @Test
  void saved_isLoaded_atMostAHundred() throws Exception {
    Path file = folder.resolve("cache/sallyport/nodes");
    List<Contact> contacts = contacts(150);
    new NodeCache(file, NETWORK).save(contacts);
    assertThat(new NodeCache(file, NETWORK).load()).isEqualTo(contacts.subList(0, 100));
    try (Stream<Path> files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void anotherNetworks_isNotUsed() {
    Path file = folder.resolve("nodes");
    new NodeCache(file, NETWORK).save(contacts(3));
    DhtConfig other = DhtConfig.of(List.of(HostPort.parse("127.0.0.1:6881")));
    assertThat(new NodeCache(file, other).load()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "sallyport dht nodes 2\nnetwork 192.0.2.1:6881\n",
        "sallyport dht nodes 1\nnetwork 192.0.2.1:6881\nzz",
        "sallyport dht nodes 1\nnetwork 192.0.2.1:6881\n"
            + "0123456789012345678901234567890123456789 example.org:80",
        "sallyport dht nodes 1\nnetwork 192.0.2.1:6881\n"
            + "0123456789012345678901234567890123456789 1.2.3.4:99999",
        "\0\u00ff\u00fe\n\n\n"
      })
  void corrupt_isIgnored_andWrittenOver(String text) throws Exception {
    Path file = folder.resolve("nodes");
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    NodeCache cache = new NodeCache(file, NETWORK);
    assertThat(cache.load()).isEmpty();
    cache.save(contacts(2));
    assertThat(cache.load()).hasSize(2);
  }

  @Test
  void hugeFile_isIgnored() throws Exception {
    Path file = folder.resolve("nodes");
    Files.write(file, new byte[1 << 20]);
    assertThat(new NodeCache(file, NETWORK).load()).isEmpty();
  }

  @Test
  void unwritablePlace_harmsNothing() throws Exception {
    Path notAFolder = Files.createFile(folder.resolve("file"));
    new NodeCache(notAFolder.resolve("nodes"), NETWORK).save(contacts(2));
    new NodeCache(folder, NETWORK).save(contacts(2));
    assertThat(new NodeCache(folder, NETWORK).load()).isEmpty();
    assertThat(new NodeCache(null, NETWORK).load()).isEmpty();
  }

  @Test
  void bootstrapNodeGone_rememberedNodesLeadBackIn() throws Exception {
    Path file = folder.resolve("nodes");
    try (TestNetwork network = TestNetwork.of(10)) {
      DhtConfig config = network.clientConfig().withCache(file);
      await(network.client(config).publish(slot(60), item(1, 100), 1));
      await(network.client(config.withPort(0)).join());
      network.closeClients();
      network.nodes().getFirst().close();

      List<SealedItem> found = new CopyOnWriteArrayList<>();
      try (DhtNode again = DhtNode.start(config, SEALER)) {
        await(new DhtRendezvous(again, SEALER).lookup(slot(60).topic(), found::add));
      }
      assertThat(found).containsExactly(item(1, 100));
    }
  }

  private static List<Contact> contacts(int count) {
    List<Contact> contacts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      contacts.add(
          new Contact(
              Key.createRandomKey(),
              new InetSocketAddress(IpLiteral.of(new byte[] {10, 0, 0, (byte) i}), 1000 + i)));
    }
    return contacts;
  }
}
