package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What the tests need of this machine. */
final class Loopback {
  private Loopback() {}

  static Endpoint at(int port) {
    return Endpoint.parse("127.0.0.1:" + port);
  }

  /** A port that nobody listened on a moment ago. */
  static int freePort() {
    try (ServerSocketChannel channel = ServerSocketChannel.open()) {
      channel.bind(new InetSocketAddress(0));
      return channel.socket().getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int openFiles() {
    return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
  }

  /** An endpoint that answers no SYN: the backlog of its listener is full. */
  static final class BlackHole implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final List<SocketChannel> fillers = new ArrayList<>();

    BlackHole() throws IOException {
      listener = ServerSocketChannel.open();
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
      for (int i = 0; i < 4; i++) {
        SocketChannel filler = SocketChannel.open();
        filler.configureBlocking(false);
        filler.connect(listener.getLocalAddress());
        fillers.add(filler);
      }
    }

    Endpoint endpoint() {
      return at(listener.socket().getLocalPort());
    }

    @Override
    public void close() throws IOException {
      for (SocketChannel filler : fillers) {
        filler.close();
      }
      listener.close();
    }
  }
}
