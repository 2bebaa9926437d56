package dev.sallyport.dht;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Topic;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import lbms.plugins.mldht.kad.Key;
import lbms.plugins.mldht.kad.messages.PutRequest;

/** A private network on loopback: each node and each client has an address of its own. */
final class TestNetwork implements AutoCloseable {
  static final Sealer SEALER = new TestSealer();

  /** Parallel runs of the tests on one machine keep apart by these. */
  private static final int NET = new Random().nextInt(256 * 200);

  private static final AtomicInteger HOST = new AtomicInteger(1);

  private final DhtNodes nodes;
  private final List<DhtRendezvous> clients = new ArrayList<>();

  private TestNetwork(DhtNodes nodes) {
    this.nodes = nodes;
  }

  static TestNetwork of(int size) throws IOException {
    List<InetAddress> addresses = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      addresses.add(freshAddress());
    }
    DhtConfig config = DhtConfig.of(List.of()).withBind(addresses).withReadOnly(false);
    return new TestNetwork(DhtNodes.start(config, SEALER, event -> {}));
  }

  /** An address on loopback that nothing else uses. */
  static InetAddress freshAddress() {
    int host = HOST.getAndIncrement();
    return IpLiteral.of(
        new byte[] {
          127, (byte) (20 + NET / 256), (byte) (NET % 256 ^ host / 250), (byte) (1 + host % 250)
        });
  }

  List<DhtNode> nodes() {
    return nodes.nodes();
  }

  /** The first node, as a user names it. */
  List<HostPort> bootstrap() {
    return List.of(at(nodes().getFirst().local()));
  }

  static HostPort at(Endpoint endpoint) {
    return new HostPort(endpoint.address().getHostAddress(), endpoint.port());
  }

  DhtConfig clientConfig() {
    return DhtConfig.of(bootstrap()).withBind(List.of(freshAddress()));
  }

  /** A client with nothing done yet. */
  DhtRendezvous client() throws IOException {
    return client(clientConfig());
  }

  DhtRendezvous client(DhtConfig config) throws IOException {
    return owned(new DhtRendezvous(DhtNode.start(config, SEALER), SEALER));
  }

  /** Closed with the network. */
  DhtRendezvous owned(DhtRendezvous client) {
    clients.add(client);
    return client;
  }

  void closeClients() {
    clients.forEach(DhtRendezvous::close);
  }

  @Override
  public void close() {
    closeClients();
    nodes.close();
  }

  /** What the nodes hold of a mailbox, in all. */
  Set<SealedItem> held(Slot mailbox) {
    Set<SealedItem> held = new HashSet<>();
    Key target = MutableItem.target(mailbox.topic().key());
    for (DhtNode node : nodes()) {
      ItemStore.Stored stored = node.items().get(target, System.nanoTime());
      if (stored != null) {
        MutableItem item = new MutableItem(stored.sequence(), stored.value(), stored.signature());
        Mailbox.of(item, mailbox.topic(), SEALER)
            .entries()
            .forEach(entry -> held.add(entry.item()));
      }
    }
    return held;
  }

  /** Puts an item at one node, past its tokens. */
  ItemStore.Result store(DhtNode node, Slot slot, MutableItem item) {
    PutRequest query = new PutRequest();
    query.setPubkey(slot.topic().key().toByteArray());
    query.setSequenceNumber(item.sequence());
    query.setSignature(item.signature());
    query.setValue(ByteBuffer.wrap(item.value()));
    return node.items().put(query, System.nanoTime());
  }

  /** The nodes closest to a slot. */
  List<DhtNode> closest(Slot slot, int count) {
    Key target = MutableItem.target(slot.topic().key());
    return nodes().stream()
        .sorted(Comparator.comparing(DhtNode::id, new Key.DistanceOrder(target)))
        .limit(count)
        .toList();
  }

  static Slot slot(long seed) {
    byte[] raw = new byte[32];
    new Random(seed).nextBytes(raw);
    Secret32 secret = Secret32.of(raw);
    return new Slot(new Topic(SEALER.signingKey(secret)), secret);
  }

  static SealedItem item(int number, int length) {
    byte[] bytes = new byte[length];
    new Random(number).nextBytes(bytes);
    return SealedItem.of(bytes);
  }

  /** How a stage failed. */
  static RendezvousException failure(CompletionStage<?> stage) {
    try {
      throw new AssertionError("did not fail: " + await(stage));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RendezvousException failure) {
        return failure;
      }
      throw new AssertionError("failed otherwise", e);
    }
  }

  /** The value of a stage that must come soon. */
  static <T> T await(CompletionStage<T> stage) throws ExecutionException {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no end of " + stage, e);
    }
  }
}
