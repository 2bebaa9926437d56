package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/**
 * Makes the sockets that share one local port, with the options that make sharing work.
 *
 * <p>Everything dialled is bound in the family of its remote: an IPv4 socket may stand next to a
 * dual-stack listener on the same port, and works where IPv6 is switched off.
 */
final class PunchSockets {
  private static final int BACKLOG = 256;

  private PunchSockets() {}

  /**
   * An unconnected socket that can dial {@code remote} from {@code localPort}; 0 leaves the port to
   * the kernel.
   *
   * <p>It is set to close abortively (SO_LINGER 0). An unwanted connection that ends with a FIN
   * would stay in TIME_WAIT here for a minute and hold its pair of endpoints, so that the next dial
   * fails; a simultaneous open abandoned half-way would even go on sending. A reset frees both ends
   * and the NATs' half-open entries at once, also when this process dies.
   */
  static SocketChannel dialer(Endpoint remote, int localPort) throws IOException {
    boolean v4 = remote.family() == AddressFamily.IPV4;
    SocketChannel channel =
        SocketChannel.open(v4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      if (localPort != 0) {
        share(channel);
        channel.bind(new InetSocketAddress(localPort));
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * A listener on every address of both families, or of IPv4 where that is all there is.
   *
   * <p>An exclusive one listens before it allows sharing. So the kernel itself refuses the port if
   * anybody else listens there, sharing or not, and there is no moment in which two processes can
   * both believe that they have it. Sockets that only dial from the port do not stand in the way.
   */
  static ServerSocketChannel listener(int port, boolean exclusive) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      if (!exclusive) {
        share(channel);
      }
      channel.bind(new InetSocketAddress(port), BACKLOG);
      share(channel);
      channel.configureBlocking(false);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Options of an established connection: see {@link #dialer} for the abortive close. */
  static void tune(SocketChannel channel) throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    // The default of two hours finds a dead peer long after every NAT has forgotten it.
    trySet(channel, ExtendedSocketOptions.TCP_KEEPIDLE, 60);
    trySet(channel, ExtendedSocketOptions.TCP_KEEPINTERVAL, 15);
    trySet(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
  }

  private static void share(NetworkChannel channel) throws IOException {
    trySet(channel, StandardSocketOptions.SO_REUSEADDR, true);
    trySet(channel, StandardSocketOptions.SO_REUSEPORT, true);
  }

  /** Sets what the platform knows; everything works without it, if less well. */
  private static <T> void trySet(NetworkChannel channel, SocketOption<T> option, T value)
      throws IOException {
    if (channel.supportedOptions().contains(option)) {
      channel.setOption(option, value);
    }
  }
}
