package dev.sallyport.dht;

import static dev.sallyport.dht.TestNetwork.SEALER;
import static dev.sallyport.dht.TestNetwork.await;
import static dev.sallyport.dht.TestNetwork.failure;
import static dev.sallyport.dht.TestNetwork.item;
import static dev.sallyport.dht.TestNetwork.slot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LifecycleTest {
  private static final HostPort NOBODY = HostPort.parse("127.1.1.1:9");

  @Test
  void join_countsWhoIsThere() throws Exception {
    try (TestNetwork network = TestNetwork.of(5)) {
      Rendezvous.Presence presence = await(network.client().join());
      assertThat(presence.peers()).isEqualTo(5);
      assertThat(presence.took()).isPositive();
    }
  }

  @Test
  void nobodyAnswers_everythingFailsUnreachable_namingWhoWasTried() throws Exception {
    DhtConfig config = DhtConfig.of(List.of(NOBODY, HostPort.parse("no.such.invalid:6881")));
    try (DhtNode node = DhtNode.start(config, SEALER, LifecycleTest::noNames)) {
      DhtRendezvous rendezvous = new DhtRendezvous(node, SEALER);
      List<CompletionStage<?>> all =
          List.of(
              rendezvous.join(),
              rendezvous.lookup(slot(1).topic(), found -> {}),
              rendezvous.publish(slot(1), item(1, 10), 1),
              rendezvous.knock(slot(2), item(1, 10), Instant.now()));
      for (CompletionStage<?> stage : all) {
        RendezvousException failure = failure(stage);
        assertThat(failure.reason()).isEqualTo(Reason.UNREACHABLE);
        assertThat(failure)
            .hasMessageContaining("127.1.1.1:9 (no answer)")
            .hasMessageContaining("no.such.invalid:6881 (its name has no address)");
      }
    }
  }

  @Test
  void resolverHangs_theOtherBootstrapNodeServes() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    try (TestNetwork network = TestNetwork.of(3)) {
      List<HostPort> both =
          List.of(HostPort.parse("slow.example:1"), network.bootstrap().getFirst());
      try (DhtNode node =
          DhtNode.start(
              DhtConfig.of(both),
              SEALER,
              host -> {
                hang(hang);
                throw new UnknownHostException(host);
              })) {
        assertThat(await(node.join()).peers()).isEqualTo(3);
      }
    } finally {
      hang.countDown();
    }
  }

  @Test
  void resolverHangs_andNobodyElse_isUnreachableInTime() throws Exception {
    CountDownLatch hang = new CountDownLatch(1);
    try (DhtNode node =
        DhtNode.start(
            DhtConfig.of(List.of(HostPort.parse("slow.example:1"))),
            SEALER,
            host -> {
              hang(hang);
              throw new UnknownHostException(host);
            })) {
      assertThat(failure(node.join())).hasMessageContaining("slow.example:1");
    } finally {
      hang.countDown();
    }
  }

  @Test
  void nameThatIsLocal_makesTheNetworkPrivate() throws Exception {
    try (TestNetwork network = TestNetwork.of(3)) {
      HostPort entrance = network.bootstrap().getFirst();
      InetAddress address = IpLiteral.parse(entrance.host());
      DhtConfig config = DhtConfig.of(List.of(new HostPort("node.example", entrance.port())));
      assertThat(config.initialPolicy()).isEqualTo(CandidatePolicy.PUBLIC);
      try (DhtNode node = DhtNode.start(config, SEALER, host -> new InetAddress[] {address})) {
        assertThat(await(node.join()).peers()).isEqualTo(3);
        assertThat(node.isPrivate()).isTrue();
      }
    }
  }

  @Test
  void networkComesUpLater_theSameNodeGetsIn() throws Exception {
    InetAddress address = TestNetwork.freshAddress();
    int port = freePort(address);
    DhtConfig config = DhtConfig.of(List.of(new HostPort(address.getHostAddress(), port)));
    try (DhtNode client = DhtNode.start(config, SEALER)) {
      assertThat(failure(client.join()).reason()).isEqualTo(Reason.UNREACHABLE);
      DhtConfig first =
          DhtConfig.of(List.of()).withBind(List.of(address)).withPort(port).withReadOnly(false);
      try (DhtNode node = DhtNode.start(first, SEALER)) {
        assertThat(node.local().port()).isEqualTo(port);
        assertThat(await(client.join()).peers()).isEqualTo(1);
      }
    }
  }

  @Test
  void everyKnownNodeGone_bootstrapNodeLeadsIntoTheNewNetwork() throws Exception {
    InetAddress address = TestNetwork.freshAddress();
    DhtConfig first = DhtConfig.of(List.of()).withBind(List.of(address)).withReadOnly(false);
    DhtNode entrance = DhtNode.start(first, SEALER);
    List<HostPort> bootstrap = List.of(TestNetwork.at(entrance.local()));
    List<InetAddress> others = Stream.generate(TestNetwork::freshAddress).limit(19).toList();
    DhtConfig rest = new DhtConfig(bootstrap, 0, others, null, null, false);
    try (DhtNode client = DhtNode.start(DhtConfig.of(bootstrap), SEALER)) {
      try (DhtNodes network = DhtNodes.start(rest, SEALER, event -> {})) {
        Awaitility.await().until(() -> entrance.knownNodes() > 10);
        await(client.join());
        assertThat(client.knownNodes()).isGreaterThanOrEqualTo(8);
        assertThat(network.nodes()).hasSize(19);
      } finally {
        entrance.close();
      }
      try (DhtNode again = reopen(first.withPort(entrance.local().port()))) {
        DhtRendezvous rendezvous = new DhtRendezvous(client, SEALER);
        assertThat(await(rendezvous.publish(slot(5), item(1, 10), 1)).accepted()).isEqualTo(1);
        assertThat(again.items().snapshot()).hasSize(1);
      }
    }
  }

  @Test
  void closeWhileBusy_isQuick_andFailsWhatIsPending() throws Exception {
    DhtConfig config = DhtConfig.of(List.of(NOBODY));
    DhtRendezvous rendezvous = new DhtRendezvous(DhtNode.start(config, SEALER), SEALER);
    List<CompletionStage<?>> pending = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      pending.add(rendezvous.join());
      pending.add(rendezvous.lookup(slot(i).topic(), found -> {}));
      pending.add(rendezvous.publish(slot(i), item(i, 100), 1));
      pending.add(rendezvous.knock(slot(i), item(i, 100), Instant.now()));
    }
    Rendezvous.Watch watch = rendezvous.watch(slot(1), Rendezvous.Pace.FAST, found -> {});
    long before = System.nanoTime();
    rendezvous.close();
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    rendezvous.close();
    watch.pace(Rendezvous.Pace.STEADY);
    watch.close();
    for (CompletionStage<?> stage : pending) {
      assertThat(failure(stage).reason()).isEqualTo(Reason.CLOSED);
    }
    assertThat(failure(rendezvous.join()).reason()).isEqualTo(Reason.CLOSED);
    assertThat(failure(rendezvous.publish(slot(1), item(1, 1), 1)).reason())
        .isEqualTo(Reason.CLOSED);
    assertThat(took).isLessThan(Duration.ofSeconds(1));
  }

  @Test
  void portTaken_saysSoInOneSentence() throws Exception {
    InetAddress address = TestNetwork.freshAddress();
    try (DatagramSocket taken = new DatagramSocket(0, address)) {
      DhtConfig config =
          DhtConfig.of(List.of()).withBind(List.of(address)).withPort(taken.getLocalPort());
      assertThatThrownBy(() -> DhtNode.start(config, SEALER))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("UDP port " + taken.getLocalPort());
    }
  }

  @Test
  void portOfAnotherNode_isTakenToo() throws Exception {
    DhtConfig config = DhtConfig.of(List.of()).withBind(List.of(TestNetwork.freshAddress()));
    try (DhtNode first = DhtNode.start(config, SEALER)) {
      assertThatThrownBy(() -> DhtNode.start(config.withPort(first.local().port()), SEALER))
          .isInstanceOf(BindException.class);
    }
  }

  @Test
  void closed_portIsFreeSoon() throws Exception {
    DhtConfig config = DhtConfig.of(List.of()).withBind(List.of(TestNetwork.freshAddress()));
    DhtNode first = DhtNode.start(config, SEALER);
    DhtConfig samePort = config.withPort(first.local().port());
    first.close();
    reopen(samePort).close();
  }

  @Test
  void nothingGoesToStandardOutput() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    try (TestNetwork network = TestNetwork.of(2);
        FakeNode liar = FakeNode.start((method, arguments) -> Map.of())) {
      List<HostPort> both = List.of(network.bootstrap().getFirst(), liar.at());
      await(network.client(DhtConfig.of(both)).publish(slot(1), item(1, 10), 1));
    } finally {
      System.setOut(before);
    }
    assertThat(written.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  /** A port is given back some milliseconds after its node was closed. */
  private static DhtNode reopen(DhtConfig config) {
    return Awaitility.await()
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> DhtNode.start(config, SEALER), node -> true);
  }

  private static InetAddress[] noNames(String host) throws UnknownHostException {
    throw new UnknownHostException(host);
  }

  private static void hang(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort(InetAddress address) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(0, address)) {
      return socket.getLocalPort();
    }
  }
}
