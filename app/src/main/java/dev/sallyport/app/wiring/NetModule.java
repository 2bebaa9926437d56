package dev.sallyport.app.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;
import com.google.inject.multibindings.Multibinder;
import dev.sallyport.app.wiring.RendezvousFactory.Opened;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.nat.LocalAddresses;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.session.SecureUpgrade;
import dev.sallyport.net.InterfaceAddresses;
import dev.sallyport.net.NameLookup;
import dev.sallyport.net.NioPunchTransport;
import dev.sallyport.net.StunInquiry;
import dev.sallyport.net.StunReflector;
import dev.sallyport.net.TlsUpgrade;
import dev.sallyport.net.file.FileRendezvous;
import java.util.List;

/** Sockets, addresses, STUN and TLS; the rendezvous {@code file:}. */
final class NetModule extends AbstractModule {
  private final NetworkOptions options;

  NetModule(NetworkOptions options) {
    this.options = options;
  }

  @Override
  protected void configure() {
    NameLookup names = new NameLookup();
    bind(NameLookup.class).toInstance(names);
    bind(PunchTransport.Factory.class).toInstance(NioPunchTransport.factory());
    bind(LocalAddresses.class).toInstance(new InterfaceAddresses());
    bind(SecureUpgrade.class).toInstance(new TlsUpgrade());
    MapBinder.newMapBinder(binder(), String.class, RendezvousFactory.class)
        .addBinding("file")
        .toInstance(folder -> new Opened(FileRendezvous.open(folder, new JdkSealer()), List.of()));
    Multibinder<Reflector> reflectors =
        Multibinder.newSetBinder(binder(), Reflector.class, PerPunchPort.class);
    for (HostPort server : options.stun()) {
      reflectors
          .addBinding()
          .toInstance(
              new GuardedReflector(
                  "stun " + server,
                  new StunReflector(List.of(server), names, options.keepsMappings())));
    }
    Multibinder<NatInquiry> inquiries = Multibinder.newSetBinder(binder(), NatInquiry.class);
    for (NatInquiry inquiry : StunInquiry.of(options.stun(), names)) {
      inquiries.addBinding().toInstance(new GuardedInquiry(inquiry));
    }
  }
}
