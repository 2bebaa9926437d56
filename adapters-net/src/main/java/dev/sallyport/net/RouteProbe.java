package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/** Asks the kernel's routing table without sending anything. */
final class RouteProbe {
  // Any port does: connecting a UDP socket only picks the route and the source address.
  private static final int DISCARD = 9;

  private RouteProbe() {}

  /** The address packets to {@code remote} would come from, or null if there is no route. */
  static @Nullable InetAddress sourceTowards(InetAddress remote) {
    boolean v4 = AddressFamily.of(remote) == AddressFamily.IPV4;
    try (DatagramChannel channel =
        DatagramChannel.open(v4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6)) {
      channel.connect(new InetSocketAddress(remote, DISCARD));
      return channel.getLocalAddress() instanceof InetSocketAddress local
          ? local.getAddress()
          : null;
    } catch (IOException | UnsupportedOperationException e) {
      return null;
    }
  }
}
