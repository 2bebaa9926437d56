package dev.sallyport.app.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.multibindings.MapBinder;

/**
 * What a third party extends to bring rendezvous of further URI schemes. Sallyport finds it with
 * {@link java.util.ServiceLoader}: the jar names the class in {@code
 * META-INF/services/dev.sallyport.app.wiring.RendezvousModule} and lies in the plugins folder. The
 * class is public and has a public constructor without parameters.
 *
 * <p>Each such module gets an injector of its own, in which {@link NetworkOptions} is bound too: it
 * can neither see nor change what Sallyport itself is wired from. A module that fails, or offers a
 * scheme that is there already, ends the program with one sentence that names it.
 */
public abstract class RendezvousModule extends AbstractModule {
  /** For subclasses. */
  protected RendezvousModule() {}

  /**
   * Offers a scheme; to be called in {@link #configure}. The same as adding the factory to the
   * {@code MapBinder<String, RendezvousFactory>}.
   *
   * @param scheme lower-case letters, digits and {@code + - .}, without the colon
   */
  protected final void offer(String scheme, RendezvousFactory factory) {
    MapBinder.newMapBinder(binder(), String.class, RendezvousFactory.class)
        .addBinding(scheme)
        .toInstance(factory);
  }
}
