package dev.sallyport.app.cli;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Stands in front of a UDP server, passes everything on, and keeps a copy. */
final class Wiretap implements AutoCloseable {
  private static final int LONGEST = 2048;

  private final Endpoint server;
  private final DatagramSocket front;
  private final Map<SocketAddress, DatagramSocket> lines = new ConcurrentHashMap<>();
  private final ByteArrayOutputStream heard = new ByteArrayOutputStream();

  Wiretap(Endpoint server) throws IOException {
    this.server = server;
    this.front =
        new DatagramSocket(
            new InetSocketAddress(Objects.requireNonNull(IpLiteral.parse("127.0.0.5")), 0));
    start(this::fromClients);
  }

  /** Where its clients find it. */
  Endpoint at() {
    return Endpoint.of((InetSocketAddress) front.getLocalSocketAddress());
  }

  /** All that went through, in both directions. */
  byte[] heard() {
    synchronized (heard) {
      return heard.toByteArray();
    }
  }

  @Override
  public void close() {
    front.close();
    lines.values().forEach(DatagramSocket::close);
  }

  private void fromClients() throws IOException {
    while (true) {
      DatagramPacket packet = receive(front);
      DatagramSocket line = lines.get(packet.getSocketAddress());
      if (line == null) {
        DatagramSocket made = new DatagramSocket();
        SocketAddress client = packet.getSocketAddress();
        lines.put(client, made);
        line = made;
        start(() -> toClient(made, client));
      }
      packet.setSocketAddress(server.toSocketAddress());
      line.send(packet);
    }
  }

  private void toClient(DatagramSocket line, SocketAddress client) throws IOException {
    while (true) {
      DatagramPacket packet = receive(line);
      packet.setSocketAddress(client);
      front.send(packet);
    }
  }

  private DatagramPacket receive(DatagramSocket socket) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
    socket.receive(packet);
    synchronized (heard) {
      heard.write(packet.getData(), 0, packet.getLength());
    }
    return packet;
  }

  private interface Loop {
    void run() throws IOException;
  }

  private static void start(Loop loop) {
    Thread thread =
        new Thread(
            () -> {
              try {
                loop.run();
              } catch (IOException e) {
                // The tap is closed.
              }
            },
            "wiretap");
    thread.setDaemon(true);
    thread.start();
  }
}
