package dev.sallyport.app.wiring;

import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.rendezvous.Rendezvous;
import java.util.List;

/**
 * Opens rendezvous of one URI scheme. A module offers one by adding it, under its scheme, to the
 * {@code MapBinder<String, RendezvousFactory>}; a third party's extends {@link RendezvousModule}.
 */
@FunctionalInterface
public interface RendezvousFactory {
  /**
   * Opens the rendezvous that the URI names.
   *
   * @param rest what follows the scheme and its colon; often nothing
   * @throws IllegalArgumentException with one clear sentence if the URI makes no sense for the
   *     scheme
   * @throws java.io.UncheckedIOException with one clear sentence if something about this computer
   *     keeps it from being opened
   */
  Opened open(String rest);

  /**
   * An open rendezvous.
   *
   * @param witnesses what it can say, by the way, about the endpoint others see us at
   */
  record Opened(Rendezvous rendezvous, List<Reflector> witnesses) {
    public Opened {
      witnesses = List.copyOf(witnesses);
    }
  }
}
