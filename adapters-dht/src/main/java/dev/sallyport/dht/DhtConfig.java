package dev.sallyport.dht;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to take part in a DHT. Immutable; start from {@link #publicNetwork} or {@link #of}.
 *
 * @param bootstrap where to enter the network; empty for the first node of a new one
 * @param port the UDP port, 0 for any free one
 * @param bind the local IPv4 addresses to bind; empty for any-local
 * @param cache where to remember good nodes between runs, null for nowhere; unreadable, corrupt or
 *     another network's contents are ignored and overwritten
 * @param policy null to choose by the bootstrap addresses: {@code PUBLIC} if there are some and
 *     none of them is loopback, private or shared, else {@code PRIVATE}
 * @param readOnly whether we only ask and never answer (BEP 43): right for whoever sits behind a
 *     NAT or stays for a short time, so that no node hands out an address nobody can reach
 */
public record DhtConfig(
    List<HostPort> bootstrap,
    int port,
    List<InetAddress> bind,
    @Nullable Path cache,
    @Nullable CandidatePolicy policy,
    boolean readOnly) {

  /** The well-known entrances to the public network. */
  public static final List<HostPort> PUBLIC_ROUTERS =
      List.of(
          new HostPort("router.bittorrent.com", 6881),
          new HostPort("dht.transmissionbt.com", 6881),
          new HostPort("router.utorrent.com", 6881),
          new HostPort("dht.libtorrent.org", 25401));

  private static final int MAX_BOOTSTRAP = 32;
  private static final int MAX_BIND = 256;

  public DhtConfig {
    bootstrap = List.copyOf(bootstrap);
    bind = List.copyOf(bind);
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(
          "UDP port " + port + " is not between 0 (any) and 65535, for example 6881");
    }
    if (bootstrap.size() > MAX_BOOTSTRAP) {
      throw new IllegalArgumentException(
          bootstrap.size() + " bootstrap nodes where at most " + MAX_BOOTSTRAP + " are useful");
    }
    if (bind.size() > MAX_BIND) {
      throw new IllegalArgumentException(
          bind.size() + " bind addresses where at most " + MAX_BIND + " are allowed");
    }
    for (InetAddress address : bind) {
      if (!(address instanceof Inet4Address)) {
        throw new IllegalArgumentException(
            "the DHT speaks IPv4 only, not "
                + address.getHostAddress()
                + "; expected for example 192.0.2.1");
      }
    }
  }

  /** Takes part in the public network through {@link #PUBLIC_ROUTERS}, asking only. */
  public static DhtConfig publicNetwork() {
    return of(PUBLIC_ROUTERS);
  }

  /** Takes part in the network these nodes belong to, asking only, on any port. */
  public static DhtConfig of(List<HostPort> bootstrap) {
    return new DhtConfig(bootstrap, 0, List.of(), null, null, true);
  }

  public DhtConfig withPort(int newPort) {
    return new DhtConfig(bootstrap, newPort, bind, cache, policy, readOnly);
  }

  public DhtConfig withBind(List<InetAddress> newBind) {
    return new DhtConfig(bootstrap, port, newBind, cache, policy, readOnly);
  }

  public DhtConfig withCache(@Nullable Path newCache) {
    return new DhtConfig(bootstrap, port, bind, newCache, policy, readOnly);
  }

  public DhtConfig withPolicy(@Nullable CandidatePolicy newPolicy) {
    return new DhtConfig(bootstrap, port, bind, cache, newPolicy, readOnly);
  }

  public DhtConfig withReadOnly(boolean newReadOnly) {
    return new DhtConfig(bootstrap, port, bind, cache, policy, newReadOnly);
  }

  /** The policy as far as it can be told without looking up a name. */
  CandidatePolicy initialPolicy() {
    if (policy != null) {
      return policy;
    }
    boolean local = bootstrap.stream().anyMatch(DhtConfig::isLocalLiteral);
    return local || bootstrap.isEmpty() ? CandidatePolicy.PRIVATE : CandidatePolicy.PUBLIC;
  }

  /**
   * Whether a bootstrap name that turns out to be local makes the network a private one. Not for
   * the public routers: their names lead somewhere local only when a resolver lies.
   */
  boolean mayTurnPrivate() {
    return policy == null && !bootstrap.equals(PUBLIC_ROUTERS);
  }

  private static boolean isLocalLiteral(HostPort entrance) {
    InetAddress address = IpLiteral.parse(entrance.host());
    return address != null && !AddressScope.of(address).isGlobal();
  }
}
