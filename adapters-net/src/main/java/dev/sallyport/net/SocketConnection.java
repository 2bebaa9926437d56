package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.RawConnection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;

/**
 * An established socket in blocking mode, in no selector. Closing it resets the connection: nothing
 * of worth is on it yet, and a reset frees the pair of endpoints at both ends for the next try (see
 * {@link PunchSockets#dialer}).
 */
final class SocketConnection implements RawConnection {
  private final SocketChannel channel;
  private final Endpoint local;
  private final Endpoint remote;

  /**
   * @throws IOException if the connection is already gone
   */
  SocketConnection(SocketChannel channel) throws IOException {
    this.channel = channel;
    if (!(channel.getLocalAddress() instanceof InetSocketAddress localAddress)
        || !(channel.getRemoteAddress() instanceof InetSocketAddress remoteAddress)) {
      throw new IOException("the connection is gone");
    }
    this.local = Endpoint.of(localAddress);
    this.remote = Endpoint.of(remoteAddress);
    PunchSockets.tune(channel);
    channel.configureBlocking(true);
  }

  SocketChannel channel() {
    return channel;
  }

  @Override
  public Endpoint local() {
    return local;
  }

  @Override
  public Endpoint remote() {
    return remote;
  }

  /** Both ends are one and the same socket: a simultaneous open with ourselves. */
  boolean isSelf() {
    return local.equals(remote);
  }

  @Override
  public void close() {
    Quietly.close(channel);
  }

  @Override
  public String toString() {
    return local + " - " + remote;
  }
}
