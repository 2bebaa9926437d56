package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.LocalAddresses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link LocalAddresses} from the interfaces of this host and its routing table.
 *
 * <p>The source address of the default route comes first, of each family, and is kept whatever its
 * interface is called, for a bridge or a veth can be a host's only way out. Apart from it,
 * interfaces of containers, bridges and virtual machines are left out by name; those of VPNs stay.
 *
 * <p>Threading: stateless, safe from any thread.
 */
public final class InterfaceAddresses implements LocalAddresses {
  private static final Logger LOG = LoggerFactory.getLogger(InterfaceAddresses.class);

  private static final Pattern VIRTUAL =
      Pattern.compile(
          "(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxd|cni|podman|cali|flannel|incusbr).*");

  // Root name servers a and k: addresses that only a default route leads to. Nothing is sent.
  private static final List<InetAddress> FAR_AWAY =
      Stream.of("198.41.0.4", "2001:503:ba3e::2:30")
          .map(text -> Objects.requireNonNull(IpLiteral.parse(text)))
          .toList();

  private static final Path LINUX_IPV6_FLAGS = Path.of("/proc/net/if_inet6");
  private static final int TEMPORARY = 0x01;
  private static final int DEPRECATED = 0x20;

  @Override
  public List<InetAddress> list() {
    List<InetAddress> sources = new ArrayList<>();
    for (InetAddress remote : FAR_AWAY) {
      InetAddress source = RouteProbe.sourceTowards(remote);
      if (source != null && AddressScope.of(source).isRoutable()) {
        sources.add(bare(source));
      }
    }
    return ordered(sources, interfaceAddresses(), ipv6Flags());
  }

  /**
   * The most promising first.
   *
   * @param sources what packets to far away come from, one of each family at most. Of several IPv6
   *     addresses, it is the one that a firewall has seen us use: what comes in for another is
   *     dropped
   * @param found all addresses, the oldest interface first
   * @param flags of those addresses that are not to stay
   */
  static List<InetAddress> ordered(
      List<InetAddress> sources, List<InetAddress> found, Map<InetAddress, Integer> flags) {
    Set<InetAddress> ordered = new LinkedHashSet<>();
    sources.stream().findFirst().ifPresent(ordered::add);
    Stream.concat(sources.stream(), found.stream())
        .sorted(
            Comparator.comparing((InetAddress address) -> AddressFamily.of(address))
                .thenComparing(address -> !sources.contains(address))
                .thenComparing(address -> flags.getOrDefault(address, 0)))
        .forEach(ordered::add);
    return List.copyOf(ordered);
  }

  /** Whether an interface of this name belongs to containers or virtual machines. */
  static boolean isVirtual(String interfaceName) {
    return VIRTUAL.matcher(interfaceName).matches();
  }

  private static List<InetAddress> interfaceAddresses() {
    List<InetAddress> addresses = new ArrayList<>();
    try {
      List<NetworkInterface> oldestFirst =
          NetworkInterface.networkInterfaces()
              .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
              .toList();
      for (NetworkInterface network : oldestFirst) {
        if (network.isUp() && !network.isLoopback() && !isVirtual(network.getName())) {
          network
              .inetAddresses()
              .filter(address -> AddressScope.of(address).isRoutable())
              .map(InterfaceAddresses::bare)
              .forEach(addresses::add);
        }
      }
    } catch (SocketException e) {
      LOG.debug("cannot list the network interfaces: {}", e.getMessage());
    }
    return addresses;
  }

  /** Without the name of its interface, so that equal addresses are equal. */
  private static InetAddress bare(InetAddress address) {
    return IpLiteral.of(address.getAddress());
  }

  /** For each IPv6 address 0 if it is to stay, more if it is temporary (RFC 8981) or deprecated. */
  private static Map<InetAddress, Integer> ipv6Flags() {
    Map<InetAddress, Integer> flags = new HashMap<>();
    try (Stream<String> lines = Files.lines(LINUX_IPV6_FLAGS)) {
      lines
          .map(line -> line.strip().split("\\s+"))
          .filter(columns -> columns.length >= 5 && columns[0].length() == 32)
          .forEach(
              columns ->
                  flags.put(
                      IpLiteral.of(HexFormat.of().parseHex(columns[0])),
                      HexFormat.fromHexDigits(columns[4]) & (TEMPORARY | DEPRECATED)));
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      // Not Linux, or no IPv6: the order of the interfaces stands.
      LOG.trace("no IPv6 address flags: {}", e.getMessage());
    }
    return flags;
  }
}
