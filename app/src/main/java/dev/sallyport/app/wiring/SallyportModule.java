package dev.sallyport.app.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.multibindings.Multibinder;
import dev.sallyport.app.runner.MonotonicClock;
import dev.sallyport.app.runner.Ports;
import dev.sallyport.app.storage.NatMemoryFile;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.nat.LocalAddresses;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.NatMemory;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.session.LinkUpgrade;
import dev.sallyport.domain.session.SecureUpgrade;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The whole program: the domain, every adapter, and all rendezvous that the options name. */
public final class SallyportModule extends AbstractModule {
  private final NetworkOptions options;

  public SallyportModule(NetworkOptions options) {
    this.options = options;
  }

  @Override
  protected void configure() {
    binder().requireExplicitBindings();
    bind(NetworkOptions.class).toInstance(options);
    bind(NatMemory.class).toInstance(new NatMemoryFile(options.cacheDir().resolve("nat-memory")));
    bind(Sealer.class).toInstance(new JdkSealer());
    bind(RandomGenerator.class).toInstance(new SecureRandom());
    Multibinder.newSetBinder(binder(), Reflector.class, PerPunchPort.class);
    Multibinder.newSetBinder(binder(), NatInquiry.class);
    MapBinder.newMapBinder(binder(), String.class, RendezvousFactory.class);
    install(new DhtModule(options));
    install(new NetModule(options));
    install(new WsModule());
  }

  @Provides
  @Singleton
  static RendezvousFactory.Opened rendezvous(
      NetworkOptions options, Map<String, RendezvousFactory> factories) {
    return OpenRendezvous.all(
        options.rendezvous(),
        Plugins.addedTo(factories, SallyportModule.class.getClassLoader(), options));
  }

  @Provides
  @Singleton
  static Ports ports(
      RendezvousFactory.Opened rendezvous,
      PunchTransport.Factory transports,
      LocalAddresses localAddresses,
      @PerPunchPort Set<Reflector> perPunchPort,
      Set<NatInquiry> inquiries,
      NatMemory memory,
      SecureUpgrade secureUpgrade,
      LinkUpgrade linkUpgrade,
      Sealer sealer,
      RandomGenerator random) {
    return new Ports(
        rendezvous.rendezvous(),
        transports,
        localAddresses,
        List.copyOf(perPunchPort),
        rendezvous.witnesses(),
        List.copyOf(inquiries),
        memory,
        secureUpgrade,
        linkUpgrade,
        sealer,
        random,
        new MonotonicClock());
  }
}
