package dev.sallyport.harness.bench;

import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * What a fabric's own wire carries: a plain TCP transfer from one site to the other, through both
 * NATs by a forwarded port, without delay. It bounds what can be measured there of anything else.
 */
public record WireBench(Fabric fabric) {
  /** The size of one transfer. */
  public static final int BYTES = 64 << 20;

  private static final int PORT = 9000;
  private static final int TIMEOUT_MILLIS = 60_000;
  private static final byte DONE = 1;

  private static final Scenario SCENARIO =
      Scenario.between(NatKind.PORT_RESTRICTED, NatKind.FULL_CONE)
          .server(Site.behind(NatKind.FULL_CONE).forwarding(PORT));

  /**
   * Transfers that often, one after the other, after one transfer to get warm.
   *
   * @return megabytes (10^6 bytes) a second, in ascending order
   * @throws FabricException saying what this machine lacks
   */
  public List<Double> run(int times) throws FabricException, IOException, InterruptedException {
    String missing = fabric.missing(SCENARIO);
    if (missing != null) {
      throw new FabricException(missing);
    }
    List<Double> rates = new ArrayList<>();
    try (Network network = fabric.build(SCENARIO);
        ServerSocket door = door(network)) {
      for (int i = -1; i < times; i++) {
        double rate = transfer(network, door);
        if (i >= 0) {
          rates.add(rate);
        }
      }
    }
    Collections.sort(rates);
    return rates;
  }

  private static ServerSocket door(Network network) throws IOException, InterruptedException {
    InetSocketAddress own = new InetSocketAddress(network.address(Place.SERVER), PORT);
    ServerSocket door =
        network.inside(Place.SERVER, () -> new ServerSocket(own.getPort(), 1, own.getAddress()));
    door.setSoTimeout(TIMEOUT_MILLIS);
    return door;
  }

  private static double transfer(Network network, ServerSocket door)
      throws IOException, InterruptedException {
    FutureTask<Boolean> received = new FutureTask<>(() -> receive(door));
    Thread.ofPlatform().daemon().start(received);
    try (Socket socket = network.inside(Place.CLIENT, () -> bound(network))) {
      socket.connect(
          new InetSocketAddress(network.publicAddress(Place.SERVER), PORT), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      byte[] piece = new byte[1 << 16];
      OutputStream out = socket.getOutputStream();
      long start = System.nanoTime();
      for (int sent = 0; sent < BYTES; sent += piece.length) {
        out.write(piece);
      }
      if (socket.getInputStream().read() != DONE) {
        throw new EOFException("the transfer broke off");
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      received.get();
      return BYTES / 1e6 / seconds;
    } catch (ExecutionException e) {
      throw new IOException("the receiver failed: " + e.getCause(), e);
    }
  }

  /** Java opens a socket no sooner than it is bound, and it belongs to where that happens. */
  private static Socket bound(Network network) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(network.address(Place.CLIENT), 0));
    return socket;
  }

  private static boolean receive(ServerSocket door) throws IOException {
    try (Socket socket = door.accept()) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      InputStream in = socket.getInputStream();
      in.skipNBytes(BYTES);
      socket.getOutputStream().write(DONE);
      return true;
    }
  }
}
