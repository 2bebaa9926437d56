package dev.sallyport.app.wiring;

import dev.sallyport.domain.rendezvous.Rendezvous;
import java.net.URI;

/**
 * Opens rendezvous of one URI scheme. A module offers one by adding it, under its scheme, to the
 * {@code MapBinder<String, RendezvousFactory>}.
 */
@FunctionalInterface
public interface RendezvousFactory {
  /**
   * Opens the rendezvous that the URI names; does not send anything yet.
   *
   * @throws IllegalArgumentException with one clear sentence if the URI makes no sense for the
   *     scheme
   */
  Rendezvous open(URI uri);
}
