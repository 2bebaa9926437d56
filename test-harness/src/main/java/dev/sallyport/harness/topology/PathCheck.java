package dev.sallyport.harness.topology;

import dev.sallyport.harness.fabric.FabricException;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Waits until packets get from a host to the middle and back. A kernel that has just been told of a
 * device drops what is sent there until it gets round to it, which on a busy machine takes a while.
 */
final class PathCheck {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PAUSE_MILLIS = 10;

  private PathCheck() {}

  /**
   * Waits for each family that the host has.
   *
   * @throws FabricException if nothing comes back at all
   */
  static void await(Network network, Place host)
      throws FabricException, IOException, InterruptedException {
    await(network, host, network::address);
    if (network.ipv6Address(host).isPresent()) {
      await(network, host, place -> network.ipv6Address(place).orElseThrow());
    }
  }

  private static void await(Network network, Place host, Function<Place, InetAddress> addresses)
      throws FabricException, IOException, InterruptedException {
    long start = System.nanoTime();
    try (DatagramSocket here = socket(network, host, addresses);
        DatagramSocket middle = socket(network, Place.MIDDLE, addresses)) {
      while (System.nanoTime() - start < PATIENCE.toNanos()) {
        here.send(new DatagramPacket(new byte[1], 1, middle.getLocalSocketAddress()));
        DatagramPacket seen = receive(middle);
        if (seen != null) {
          middle.send(new DatagramPacket(new byte[1], 1, seen.getSocketAddress()));
        }
        if (receive(here) != null) {
          return;
        }
      }
    }
    throw new FabricException(
        "Packets do not get from "
            + network.name(host)
            + ", "
            + addresses.apply(host).getHostAddress()
            + ", to the middle and back.");
  }

  private static DatagramSocket socket(
      Network network, Place place, Function<Place, InetAddress> addresses)
      throws IOException, InterruptedException {
    InetSocketAddress anyPort = new InetSocketAddress(addresses.apply(place), 0);
    DatagramSocket socket = network.inside(place, () -> new DatagramSocket(anyPort));
    socket.setSoTimeout(PAUSE_MILLIS);
    return socket;
  }

  private static @Nullable DatagramPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[1], 1);
    try {
      socket.receive(packet);
      return packet;
    } catch (SocketTimeoutException e) {
      return null;
    }
  }
}
