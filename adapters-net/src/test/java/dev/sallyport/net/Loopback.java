package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

  /**
   * How many sockets, pollers and the like this process has open; not plain files, for the JVM
   * opens some of those when it likes.
   */
  static long openFiles() {
    long count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path file : files) {
        if (Files.isSymbolicLink(file)
            && Files.readSymbolicLink(file).toString().matches("(socket|anon_inode|pipe):.*")) {
          count++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return count;
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
