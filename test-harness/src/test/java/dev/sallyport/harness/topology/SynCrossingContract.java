package dev.sallyport.harness.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The proof of simultaneous open, on the lab's own wire. */
@ExtendWith(LabNeeds.class)
public abstract class SynCrossingContract {
  private final Fabric fabric;

  protected SynCrossingContract(Fabric fabric) {
    this.fabric = fabric;
  }

  private static final int PORT = 8765;

  @Test
  void twoHostsBehindPortRestrictedNats_connectBySynsThatCross() throws Exception {
    Scenario scenario =
        Scenario.between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED).delayMillis(100);
    try (Network network = fabric.build(scenario)) {
      Probe probe = new Probe(network);
      FutureTask<Socket> fromServer = inBackground(() -> dial(probe, Place.SERVER, Place.CLIENT));
      try (Socket one = dial(probe, Place.CLIENT, Place.SERVER);
          Socket other = fromServer.get()) {
        one.getOutputStream().write(42);
        assertThat(other.getInputStream().read()).isEqualTo(42);
      }
      InetAddress serverOutside = network.publicAddress(Place.SERVER);
      assertThat(network.syns().crossed(new Endpoint(serverOutside, PORT))).isTrue();
      assertThat(network.syns().delivered(Network.CLIENT_SITE)).isPositive();
      assertThat(network.syns().delivered(Network.SERVER_SITE)).isPositive();
    }
  }

  @Test
  void aPlainConnect_sendsNoSynsThatCross() throws Exception {
    Scenario scenario = Scenario.between(NatKind.PORT_RESTRICTED, NatKind.NONE).delayMillis(20);
    try (Network network = fabric.build(scenario)) {
      Probe probe = new Probe(network);
      try (ServerSocket server = probe.listen(Place.SERVER, network.address(Place.SERVER), PORT);
          Socket client = dial(probe, Place.CLIENT, Place.SERVER);
          Socket accepted = server.accept()) {
        assertThat(client.isConnected() && accepted.isConnected()).isTrue();
      }
      assertThat(network.syns().crossed(null)).isFalse();
      assertThat(network.syns().delivered(Network.CLIENT_SITE)).isOne();
    }
  }

  private static Socket dial(Probe probe, Place from, Place to) throws Exception {
    Network network = probe.network();
    return probe.dial(from, network.address(from), PORT, network.publicAddress(to), PORT);
  }

  private static <T> FutureTask<T> inBackground(Callable<T> task) {
    FutureTask<T> future = new FutureTask<>(task);
    Thread.ofPlatform().daemon().start(future);
    return future;
  }
}
