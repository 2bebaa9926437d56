package dev.sallyport.app.wiring;

import dev.sallyport.domain.address.HostPort;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * Where to find others and who tells us how we look from outside.
 *
 * @param rendezvous which rendezvous, each a scheme and what the scheme needs, such as {@code dht:}
 *     for the mainline DHT; from 1 to {@link #MAX_RENDEZVOUS}, all different, used side by side
 * @param bootstrap DHT nodes to start from; empty for the public routers
 * @param stun STUN servers to ask; empty for none
 * @param keepsMappings whether to keep our NAT's mappings alive between calls: right for a service
 * @param cacheDir where good nodes are remembered, and what our NATs are like
 */
public record NetworkOptions(
    List<String> rendezvous,
    List<HostPort> bootstrap,
    List<HostPort> stun,
    boolean keepsMappings,
    Path cacheDir) {

  /** The rendezvous if none is given. */
  public static final List<String> DEFAULT_RENDEZVOUS = List.of("dht:");

  /** How many rendezvous can be used at once. */
  public static final int MAX_RENDEZVOUS = 8;

  /**
   * @throws IllegalArgumentException with one clear sentence if there is no rendezvous, too many,
   *     or the same one twice
   */
  public NetworkOptions {
    rendezvous = List.copyOf(rendezvous);
    if (rendezvous.isEmpty() || rendezvous.size() > MAX_RENDEZVOUS) {
      throw new IllegalArgumentException(
          "there are " + rendezvous.size() + " rendezvous; expected 1 to " + MAX_RENDEZVOUS);
    }
    for (String uri : rendezvous) {
      if (Collections.frequency(rendezvous, uri) > 1) {
        throw new IllegalArgumentException(
            "\"" + uri + "\" is given twice; expected each rendezvous once");
      }
    }
    bootstrap = List.copyOf(bootstrap);
    stun = List.copyOf(stun);
  }
}
