package dev.sallyport.harness.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.topology.Probe.Answer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wire adds the delay and the loss that were asked for, and little else. */
@ExtendWith(LabNeeds.class)
public abstract class WireContract {
  private final Fabric fabric;

  protected WireContract(Fabric fabric) {
    this.fabric = fabric;
  }

  private static final int PORT = 7000;
  private static final Scenario OPEN = Scenario.between(NatKind.NONE, NatKind.NONE);

  @ParameterizedTest
  @ValueSource(ints = {0, 25, 100})
  void aRoundTrip_takesTwiceTheDelay_andHalfOfItToTheMiddle(int delayMillis) throws Exception {
    try (Network network = fabric.build(OPEN.delayMillis(delayMillis))) {
      Probe probe = new Probe(network);
      double acrossMillis = medianRoundTripMillis(probe, Place.SERVER);
      double middleMillis = medianRoundTripMillis(probe, Place.MIDDLE);
      System.out.printf(
          "wire: asked for %d ms RTT, host to host %.2f ms, host to middle %.2f ms; %s%n",
          2 * delayMillis, acrossMillis, middleMillis, network.wire());
      // The jitter is 2 % of each hold; the rest is what a busy machine adds.
      assertThat(acrossMillis).isBetween(1.9 * delayMillis, 2.0 * delayMillis + 6);
      assertThat(middleMillis).isBetween(0.95 * delayMillis, delayMillis + 5.0);
    }
  }

  private static double medianRoundTripMillis(Probe probe, Place far) throws Exception {
    try (DatagramSocket here = probe.udp(Place.CLIENT, PORT);
        DatagramSocket there = probe.udp(far, PORT)) {
      List<Double> times = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        long start = System.nanoTime();
        Endpoint source = Probe.seen(here, there);
        Probe.send(there, source);
        assertThat(Probe.hears(here)).isTrue();
        times.add((System.nanoTime() - start) / 1e6);
      }
      return times.stream().sorted().toList().get(times.size() / 2);
    }
  }

  @Test
  void lossPerTrip_isWhatWasAskedFor_andTheSameForTheSameSeed() throws Exception {
    int sent = 2000;
    long seed = 7;
    int arrived = arrived(seed, sent);
    assertThat(arrived).as("of %d with 20 %% loss, seed %d", sent, seed).isBetween(1530, 1670);
    assertThat(arrived(seed, sent)).as("once more with seed %d", seed).isEqualTo(arrived);
  }

  private int arrived(long seed, int count) throws Exception {
    NetworkPath lossy = new NetworkPath(Duration.ZERO, 20, seed);
    try (Network network = fabric.build(OPEN.over(lossy))) {
      return burst(new Probe(network), count);
    }
  }

  @Test
  void whereNoStunServersAre_packetsToThemVanish() throws Exception {
    try (Network network = fabric.build(OPEN.withoutStun())) {
      Probe probe = new Probe(network);
      InetAddress client = network.address(Place.CLIENT);
      for (InetAddress server : network.stunAddresses()) {
        assertThat(probe.knock(Place.CLIENT, client, server, 3478)).isEqualTo(Answer.SILENCE);
      }
    }
  }

  @Test
  void thousandsOfPacketsASecond_passWithoutLossAndInOrder() throws Exception {
    try (Network network = fabric.build(OPEN.delayMillis(2))) {
      Probe probe = new Probe(network);
      int count = 20_000;
      long start = System.nanoTime();
      assertThat(burst(probe, count)).isEqualTo(count);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("wire: %d packets in %.2f s; %s%n", count, seconds, network.wire());
      assertThat(seconds).isLessThan(count / 2000.0);
    }
  }

  /** Sends numbered packets from host to host as fast as they are taken; returns how many came. */
  private static int burst(Probe probe, int count) throws IOException, InterruptedException {
    try (DatagramSocket here = probe.udp(Place.CLIENT, PORT);
        DatagramSocket there = probe.udp(Place.SERVER, PORT)) {
      Endpoint target = Endpoint.of((InetSocketAddress) there.getLocalSocketAddress());
      int sent = 0;
      int came = 0;
      int last = -1;
      DatagramPacket in = new DatagramPacket(new byte[4], 4);
      while (true) {
        // A window smaller than any buffer on the way: what is lost, the wire has lost.
        for (int i = 0; i < 100 && sent < count; i++, sent++) {
          byte[] number = {
            (byte) (sent >> 24), (byte) (sent >> 16), (byte) (sent >> 8), (byte) sent
          };
          here.send(new DatagramPacket(number, 4, target.toSocketAddress()));
        }
        there.setSoTimeout(sent < count ? 40 : Probe.SILENCE_MILLIS);
        try {
          for (int i = 0; i < 100; i++) {
            there.receive(in);
            int number = ByteBuffer.wrap(in.getData()).getInt();
            assertThat(number).as("in order").isGreaterThan(last);
            last = number;
            came++;
          }
        } catch (SocketTimeoutException e) {
          if (sent == count) {
            return came;
          }
        }
      }
    }
  }
}
