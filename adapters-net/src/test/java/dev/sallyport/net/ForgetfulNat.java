package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before one server, on loopback, and gives each who comes a port of its own, as a NAT does.
 * Whatever lies quiet for its lifetime it drops, and whatever comes for it later.
 */
final class ForgetfulNat implements AutoCloseable {
  private final Endpoint server;
  private final Duration udpLifetime;
  private final Duration tcpLifetime;
  private final ServerSocketChannel listener = ServerSocketChannel.open();
  private final DatagramChannel inside = DatagramChannel.open();
  private final Map<SocketAddress, Mapping> mappings = new ConcurrentHashMap<>();
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

  ForgetfulNat(Endpoint server, Duration udpLifetime, Duration tcpLifetime) throws IOException {
    this.server = server;
    this.udpLifetime = udpLifetime;
    this.tcpLifetime = tcpLifetime;
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    inside.bind(listener.getLocalAddress());
    Daemons.start("nat-tcp", this::acceptAll);
    Daemons.start("nat-udp", this::sendAll);
  }

  /** The server as it is seen from inside. */
  Endpoint endpoint() {
    return new Endpoint(listener.socket().getInetAddress(), listener.socket().getLocalPort());
  }

  private final class Mapping {
    private final DatagramChannel outside = DatagramChannel.open();
    private final SocketAddress inner;
    private volatile long used = System.nanoTime();

    Mapping(SocketAddress inner) throws IOException {
      this.inner = inner;
      outside.connect(server.toSocketAddress());
      open.add(outside);
      Daemons.start("nat-mapping", this::receiveAll);
    }

    private void receiveAll() {
      ByteBuffer buffer = ByteBuffer.allocate(2000);
      try {
        while (outside.read(buffer.clear()) >= 0) {
          if (System.nanoTime() - used < udpLifetime.toNanos()) {
            used = System.nanoTime();
            inside.send(buffer.flip(), inner);
          }
        }
      } catch (IOException e) {
        // Closed: the test is over.
      }
    }
  }

  private void sendAll() {
    ByteBuffer buffer = ByteBuffer.allocate(2000);
    try {
      while (true) {
        SocketAddress inner = inside.receive(buffer.clear());
        Mapping mapping = mappings.get(inner);
        if (mapping == null) {
          mapping = new Mapping(inner);
          mappings.put(inner, mapping);
        }
        mapping.used = System.nanoTime();
        mapping.outside.write(buffer.flip());
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void acceptAll() {
    try {
      while (true) {
        SocketChannel client = listener.accept();
        open.add(client);
        SocketChannel outside = SocketChannel.open(server.toSocketAddress());
        open.add(outside);
        Daemons.start("nat-out", () -> relay(client, outside));
        Daemons.start("nat-in", () -> relay(outside, client));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void relay(ByteChannel from, ByteChannel to) {
    ByteBuffer buffer = ByteBuffer.allocate(2000);
    try {
      long used = System.nanoTime();
      while (from.read(buffer.clear()) >= 0) {
        if (System.nanoTime() - used >= tcpLifetime.toNanos()) {
          return;
        }
        used = System.nanoTime();
        to.write(buffer.flip());
      }
    } catch (IOException e) {
      // One of them has gone, or the test closed us.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    inside.close();
    open.forEach(Quietly::close);
  }
}
