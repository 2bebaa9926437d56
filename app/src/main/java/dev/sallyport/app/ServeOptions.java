package dev.sallyport.app;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.ServiceName;
import java.util.List;

/**
 * A service to offer.
 *
 * @param port the port to listen on and punch from; 0 for 8765 or, if it is taken, any free one
 * @param advertised endpoints that others can dial, such as a port forward
 * @param allowed whom to let in, to begin with
 * @param echo whether callers are told that what they send comes back; sending it back is the
 *     handler's work
 */
public record ServeOptions(
    ServiceName name,
    Identity identity,
    int port,
    List<Endpoint> advertised,
    AllowList allowed,
    boolean echo) {

  /** The port if none is given. */
  public static final int DEFAULT_PORT = 8765;

  public ServeOptions {
    advertised = List.copyOf(advertised);
  }
}
