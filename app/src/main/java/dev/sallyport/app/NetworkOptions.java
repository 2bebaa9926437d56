package dev.sallyport.app;

import dev.sallyport.domain.address.HostPort;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * Where to find others and who tells us how we look from outside.
 *
 * @param rendezvous which rendezvous: {@code dht:} for the mainline DHT
 * @param bootstrap DHT nodes to start from; empty for the public routers
 * @param stun STUN servers to ask; empty for none
 * @param cacheDir where good nodes are remembered
 */
public record NetworkOptions(
    URI rendezvous, List<HostPort> bootstrap, List<HostPort> stun, Path cacheDir) {

  /** The rendezvous if none is given. */
  public static final URI DEFAULT_RENDEZVOUS = URI.create("dht:");

  public NetworkOptions {
    bootstrap = List.copyOf(bootstrap);
    stun = List.copyOf(stun);
  }
}
