package dev.sallyport.app.wiring;

import dev.sallyport.app.runner.ManyRendezvous;
import dev.sallyport.app.wiring.RendezvousFactory.Opened;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.rendezvous.Rendezvous;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** From the URIs of the options to one open rendezvous. */
final class OpenRendezvous {
  private OpenRendezvous() {}

  /**
   * Opens all, or none.
   *
   * @throws IllegalArgumentException with one clear sentence if a URI makes no sense
   */
  static Opened all(List<String> uris, Map<String, RendezvousFactory> factories) {
    if (uris.size() == 1) {
      return one(uris.getFirst(), factories);
    }
    Map<String, Rendezvous> members = new LinkedHashMap<>();
    List<Reflector> witnesses = new ArrayList<>();
    try {
      for (String uri : uris) {
        Opened opened = one(uri, factories);
        members.put(uri, opened.rendezvous());
        witnesses.addAll(opened.witnesses());
      }
    } catch (RuntimeException e) {
      witnesses.forEach(Reflector::close);
      members.values().forEach(Rendezvous::close);
      throw e;
    }
    return new Opened(new ManyRendezvous(members), witnesses);
  }

  private static Opened one(String uri, Map<String, RendezvousFactory> factories) {
    int colon = uri.indexOf(':');
    RendezvousFactory factory = colon < 0 ? null : factories.get(uri.substring(0, colon));
    if (factory == null) {
      throw new IllegalArgumentException(
          "no rendezvous is known for \""
              + uri
              + "\"; expected one of the schemes "
              + String.join(", ", new TreeSet<>(factories.keySet()))
              + ", for example dht:");
    }
    return factory.open(uri.substring(colon + 1));
  }
}
