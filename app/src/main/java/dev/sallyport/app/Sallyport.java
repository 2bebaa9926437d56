package dev.sallyport.app;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Stage;
import com.google.inject.spi.Message;
import dev.sallyport.app.runner.CallRunner;
import dev.sallyport.app.runner.CallTap;
import dev.sallyport.app.runner.Ports;
import dev.sallyport.app.runner.ServeRunner;
import dev.sallyport.app.runner.ServiceHandler;
import dev.sallyport.app.wiring.NetworkOptions;
import dev.sallyport.app.wiring.PluginException;
import dev.sallyport.app.wiring.SallyportModule;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.punch.PunchTransport.PortUnavailableException;
import dev.sallyport.domain.session.LinkListener;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.ServeSettings;
import dev.sallyport.domain.session.TlsIdentity;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The library: opens the network once, then serves and connects.
 *
 * <pre>{@code
 * try (Sallyport sallyport = Sallyport.open(options);
 *     CallRunner call = sallyport.call(connect, progress, listener)) {
 *   CallRunner.Result result = call.run();
 *   ...
 * }
 * }</pre>
 *
 * <p>Thread-safe.
 */
public final class Sallyport implements AutoCloseable {
  private final Ports ports;
  private final BurstGuard guard = new BurstGuard();

  private Sallyport(Ports ports) {
    this.ports = ports;
  }

  /**
   * Wires everything up. Nothing is sent before {@link #serve} or {@link #call} run.
   *
   * @throws IllegalArgumentException with one clear sentence if a rendezvous URI has a scheme that
   *     nobody offers, or makes no sense for its scheme
   * @throws UncheckedIOException with one clear sentence if something about this computer keeps a
   *     rendezvous from being opened
   * @throws PluginException if a plugin cannot be used
   */
  public static Sallyport open(NetworkOptions options) {
    try {
      // In this stage all singletons are made at once: whatever cannot be opened shows here.
      Injector injector = Guice.createInjector(Stage.PRODUCTION, new SallyportModule(options));
      return new Sallyport(injector.getInstance(Ports.class));
    } catch (CreationException e) {
      throw promised(e);
    }
  }

  /** What an adapter says of its options is a sentence; Guice wraps it into a page. */
  private static RuntimeException promised(CreationException wrapped) {
    for (Message message : wrapped.getErrorMessages()) {
      switch (message.getCause()) {
        case IllegalArgumentException e -> {
          return e;
        }
        case UncheckedIOException e -> {
          return e;
        }
        case PluginException e -> {
          return e;
        }
        case null, default -> {}
      }
    }
    return wrapped;
  }

  /** What runs on this network, for code that drives the ports itself. */
  public Ports ports() {
    return ports;
  }

  /**
   * Starts listening for a service.
   *
   * @throws PortUnavailableException if the port that was asked for is taken
   */
  public RunningService serve(
      ServeOptions options, Consumer<Progress> progress, ServiceHandler handler)
      throws PortUnavailableException {
    TlsIdentity tls = newTlsIdentity();
    ServeRunner runner = new ServeRunner(ports, tls, options.echo(), progress, handler);
    try {
      int port = listen(runner, options.port());
      ServeSettings settings =
          new ServeSettings(
              options.name(),
              options.identity(),
              tls.key(),
              randomSecret(),
              port,
              options.advertised(),
              options.allowed(),
              LadderPolicy.DEFAULT,
              PunchPolicy.DEFAULT,
              guard);
      return new RunningService(runner, settings);
    } catch (PortUnavailableException e) {
      runner.close();
      throw e;
    }
  }

  /** Prepares a call; {@link CallRunner#run} makes it. */
  public CallRunner call(
      ConnectOptions options, Consumer<Progress> progress, LinkListener listener) {
    return call(options, progress, listener, null);
  }

  /**
   * The same, with somebody who looks on.
   *
   * @param tap null for nobody
   */
  public CallRunner call(
      ConnectOptions options,
      Consumer<Progress> progress,
      LinkListener listener,
      @Nullable CallTap tap) {
    return new CallRunner(
        ports,
        new CallRunner.Settings(
            options.id(),
            options.caller(),
            newTlsIdentity(),
            options.ladder(),
            PunchPolicy.DEFAULT,
            guard,
            options.timeout()),
        progress,
        listener,
        tap);
  }

  @Override
  public void close() {
    ports.hostReflectors().forEach(Reflector::close);
    ports.punchPortReflectors().forEach(Reflector::close);
    ports.inquiries().forEach(NatInquiry::close);
    ports.rendezvous().close();
  }

  private static int listen(ServeRunner runner, int wanted) throws PortUnavailableException {
    if (wanted != 0) {
      return runner.listen(wanted);
    }
    try {
      return runner.listen(ServeOptions.DEFAULT_PORT);
    } catch (PortUnavailableException e) {
      return runner.listen(0);
    }
  }

  private TlsIdentity newTlsIdentity() {
    Secret32 seed = randomSecret();
    return new TlsIdentity(ports.sealer().signingKey(seed), seed);
  }

  private Secret32 randomSecret() {
    byte[] bytes = new byte[Secret32.LENGTH];
    ports.random().nextBytes(bytes);
    return Secret32.of(bytes);
  }
}
