package dev.sallyport.harness.topology;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;

/** Raw sockets in the places of a network: what a NAT does is seen from both of its sides. */
record Probe(Network network) {
  /** Longer than any answer takes in a network without delay. */
  static final int SILENCE_MILLIS = 400;

  /** How a TCP connection attempt ended. */
  enum Answer {
    ACCEPTED,
    RESET,
    SILENCE
  }

  DatagramSocket udp(Place place, InetAddress address, int port)
      throws IOException, InterruptedException {
    DatagramSocket socket =
        network.inside(place, () -> new DatagramSocket(new InetSocketAddress(address, port)));
    socket.setSoTimeout(SILENCE_MILLIS);
    return socket;
  }

  DatagramSocket udp(Place place, int port) throws IOException, InterruptedException {
    return udp(place, network.address(place), port);
  }

  ServerSocket listen(Place place, InetAddress address, int port)
      throws IOException, InterruptedException {
    return network.inside(
        place,
        () -> {
          ServerSocket listener = new ServerSocket();
          listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
          listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
          listener.bind(new InetSocketAddress(address, port));
          listener.setSoTimeout(SILENCE_MILLIS);
          return listener;
        });
  }

  /** Dials from a fixed address and port. */
  Socket dial(Place place, InetAddress from, int fromPort, InetAddress to, int toPort)
      throws IOException, InterruptedException {
    Socket socket =
        network.inside(
            place,
            () -> {
              Socket unconnected = new Socket();
              unconnected.setOption(StandardSocketOptions.SO_REUSEADDR, true);
              unconnected.setOption(StandardSocketOptions.SO_REUSEPORT, true);
              unconnected.bind(new InetSocketAddress(from, fromPort));
              return unconnected;
            });
    try {
      socket.connect(new InetSocketAddress(to, toPort), SILENCE_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** How an attempt ends; a connection that came up is closed at once. */
  Answer knock(Place place, InetAddress from, InetAddress to, int toPort)
      throws IOException, InterruptedException {
    try {
      dial(place, from, 0, to, toPort).close();
      return Answer.ACCEPTED;
    } catch (SocketTimeoutException e) {
      return Answer.SILENCE;
    } catch (ConnectException e) {
      return Answer.RESET;
    }
  }

  /** Sends a datagram, and says where the receiver saw it come from. */
  static Endpoint seen(DatagramSocket from, DatagramSocket to) throws IOException {
    send(from, Endpoint.of((InetSocketAddress) to.getLocalSocketAddress()));
    DatagramPacket packet = new DatagramPacket(new byte[64], 64);
    to.receive(packet);
    return Endpoint.of((InetSocketAddress) packet.getSocketAddress());
  }

  static void send(DatagramSocket from, Endpoint to) throws IOException {
    from.send(new DatagramPacket(new byte[] {1}, 1, to.toSocketAddress()));
  }

  /** Whether a datagram comes before the silence is over. */
  static boolean hears(DatagramSocket socket) throws IOException {
    try {
      socket.receive(new DatagramPacket(new byte[64], 64));
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }
}
