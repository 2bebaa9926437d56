package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.AddressScope;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which network a host is in, as far as the host can tell without asking anybody: its own IPv4
 * address there. Many networks give out the same private addresses, so this finds what may be known
 * of a network; only an observer outside can say that it is the same one (see {@link Remembered}).
 *
 * @param address of the host, IPv4 and routable
 */
public record NetworkId(InetAddress address) {
  public NetworkId {
    if (!names(address)) {
      throw new IllegalArgumentException(address.getHostAddress() + " names no IPv4 network");
    }
  }

  /**
   * The network that packets to far away leave through; null if there is none over IPv4.
   *
   * @param hostAddresses in the order of {@link LocalAddresses#list}
   */
  public static @Nullable NetworkId of(List<InetAddress> hostAddresses) {
    return hostAddresses.stream()
        .filter(NetworkId::names)
        .findFirst()
        .map(NetworkId::new)
        .orElse(null);
  }

  private static boolean names(InetAddress address) {
    return AddressFamily.of(address) == AddressFamily.IPV4 && AddressScope.of(address).isRoutable();
  }
}
