package dev.sallyport.app.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import dev.sallyport.app.wiring.RendezvousFactory.Opened;
import dev.sallyport.dht.DhtConfig;
import dev.sallyport.dht.DhtNode;
import dev.sallyport.dht.DhtReflector;
import dev.sallyport.dht.DhtRendezvous;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The mainline DHT: the rendezvous {@code dht:}, and a second witness of our address. */
final class DhtModule extends AbstractModule {
  private static final String SCHEME = "dht";

  private final NetworkOptions options;

  DhtModule(NetworkOptions options) {
    this.options = options;
  }

  @Override
  protected void configure() {
    MapBinder.newMapBinder(binder(), String.class, RendezvousFactory.class)
        .addBinding(SCHEME)
        .toInstance(this::open);
  }

  private Opened open(String rest) {
    if (!rest.isEmpty()) {
      throw new IllegalArgumentException(
          "the rendezvous \"dht:" + rest + "\" has more than a scheme; expected just dht:");
    }
    DhtConfig network =
        options.bootstrap().isEmpty()
            ? DhtConfig.publicNetwork()
            : DhtConfig.of(options.bootstrap());
    Sealer sealer = new JdkSealer();
    try {
      DhtNode node =
          DhtNode.start(network.withCache(options.cacheDir().resolve("dht-nodes")), sealer);
      return new Opened(new DhtRendezvous(node, sealer), List.of(new DhtReflector(node)));
    } catch (IOException e) {
      throw new UncheckedIOException("the DHT node could not start: " + e.getMessage(), e);
    }
  }
}
