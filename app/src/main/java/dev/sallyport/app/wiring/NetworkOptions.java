package dev.sallyport.app.wiring;

import dev.sallyport.domain.address.HostPort;
import java.nio.file.Path;
import java.util.List;

/**
 * Where to find others and who tells us how we look from outside.
 *
 * @param rendezvous which rendezvous, a scheme and what the scheme needs: {@code dht:} for the
 *     mainline DHT
 * @param bootstrap DHT nodes to start from; empty for the public routers
 * @param stun STUN servers to ask; empty for none
 * @param keepsMappings whether to keep our NAT's mappings alive between calls: right for a service
 * @param cacheDir where good nodes are remembered
 */
public record NetworkOptions(
    String rendezvous,
    List<HostPort> bootstrap,
    List<HostPort> stun,
    boolean keepsMappings,
    Path cacheDir) {

  /** The rendezvous if none is given. */
  public static final String DEFAULT_RENDEZVOUS = "dht:";

  public NetworkOptions {
    bootstrap = List.copyOf(bootstrap);
    stun = List.copyOf(stun);
  }
}
