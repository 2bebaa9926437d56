package dev.sallyport.harness.rendezvous;

import static org.awaitility.Awaitility.await;

import dev.sallyport.dht.DhtConfig;
import dev.sallyport.dht.DhtNode;
import dev.sallyport.dht.DhtNodes;
import dev.sallyport.dht.DhtRendezvous;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The DHT, as a private network of a few nodes on loopback. */
class DhtRendezvousContractTest extends RendezvousContract {
  private static final Sealer SEALER = new JdkSealer();
  private static final int NODES = 5;

  /** Parallel runs of the tests on one machine keep apart by these. */
  private static final int NET = new Random().nextInt(256 * 50);

  private static final AtomicInteger HOST = new AtomicInteger(1);

  @Override
  protected RendezvousBackend newBackend() throws IOException {
    return new PrivateNetwork();
  }

  /** An address on loopback that nothing else uses. */
  private static InetAddress freshAddress() {
    int host = HOST.getAndIncrement();
    return IpLiteral.of(
        new byte[] {
          127, (byte) (200 + NET / 256), (byte) (NET % 256 ^ host / 250), (byte) (1 + host % 250)
        });
  }

  private static final class PrivateNetwork implements RendezvousBackend {
    private static final int PORT = 6881;

    private final DhtConfig config;
    private final List<DatagramSocket> deaf = new ArrayList<>();
    private DhtNodes nodes;

    PrivateNetwork() throws IOException {
      List<InetAddress> addresses = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        addresses.add(freshAddress());
      }
      config = DhtConfig.of(List.of()).withBind(addresses).withPort(PORT).withReadOnly(false);
      nodes = DhtNodes.start(config, SEALER, event -> {});
    }

    @Override
    public Rendezvous newClient() throws IOException {
      HostPort entrance = new HostPort(config.bind().getFirst().getHostAddress(), PORT);
      DhtConfig own = DhtConfig.of(List.of(entrance)).withBind(List.of(freshAddress()));
      return new DhtRendezvous(DhtNode.start(own, SEALER), SEALER);
    }

    @Override
    public boolean verifiesWriters() {
      return true;
    }

    @Override
    public boolean hang() throws IOException {
      nodes.close();
      for (InetAddress address : config.bind()) {
        // A node gives its port back when its selector next looks.
        deaf.add(
            await().ignoreException(BindException.class).until(() -> bound(address), s -> true));
      }
      return true;
    }

    private static DatagramSocket bound(InetAddress address) throws SocketException {
      return new DatagramSocket(PORT, address);
    }

    @Override
    public boolean fail() {
      nodes.close();
      return true;
    }

    @Override
    public boolean heal() {
      nodes =
          await()
              .ignoreException(IOException.class)
              .until(() -> DhtNodes.start(config, SEALER, event -> {}), n -> true);
      return true;
    }

    /** Nodes store what is signed with the slot's key only; whoever has the id can do that. */
    @Override
    public boolean litter(Slot slot) throws Exception {
      byte[] garbage = new byte[700];
      new Random(77).nextBytes(garbage);
      try (Rendezvous vandal = newClient()) {
        vandal
            .publish(slot, SealedItem.of(garbage), 77)
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
      }
      return true;
    }

    @Override
    public void close() {
      deaf.forEach(DatagramSocket::close);
      nodes.close();
    }
  }
}
