package dev.sallyport.app.runner;

import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.nat.NatMemory;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.ServeSettings;
import dev.sallyport.domain.session.TlsIdentity;
import dev.sallyport.net.NioPunchTransport;
import dev.sallyport.net.TlsUpgrade;
import dev.sallyport.ws.WebSocketUpgrade;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A service on real sockets, TLS and WebSocket over loopback, and who calls it; `mem:` between. */
final class RealService implements AutoCloseable {
  static final Sealer SEALER = new JdkSealer();

  final Supplier<Instant> clock = new MonotonicClock();
  final MemRendezvous.Network rendezvous = new MemRendezvous.Network(clock);
  final Random random = new Random(7);
  final Identity identity = Identity.fromSeed(secret(), SEALER);
  final Identity caller = Identity.fromSeed(secret(), SEALER);
  final ServiceId id = ServiceId.of(ServiceName.DEFAULT, identity.key());
  final Secret32 knockPrivate = secret();
  final TlsIdentity tls = newTls();
  final List<Progress> progress = new CopyOnWriteArrayList<>();
  final ServeRunner runner =
      new ServeRunner(ports(), tls, true, progress::add, p -> new QuietListener());
  final int port;

  /**
   * Started and registered.
   *
   * @param seenAs where the service tells others to dial; null for where it is
   */
  RealService(Endpoint... seenAs) throws Exception {
    port = runner.listen(0);
    List<Endpoint> advertised = seenAs.length > 0 ? List.of(seenAs) : List.of(at());
    ServeSettings settings =
        new ServeSettings(
            ServiceName.DEFAULT,
            identity,
            tls.key(),
            knockPrivate,
            port,
            advertised,
            AllowList.EVERYBODY,
            LadderPolicy.DEFAULT,
            PunchPolicy.DEFAULT,
            new BurstGuard());
    inBackground(() -> runner.run(settings));
    await().until(() -> progress.stream().anyMatch(Progress.Registered.class::isInstance));
  }

  Endpoint at() {
    return Endpoint.parse("127.0.0.1:" + port);
  }

  CallRunner call(Duration timeout) {
    return new CallRunner(
        ports(),
        new CallRunner.Settings(
            id,
            caller,
            newTls(),
            LadderPolicy.DEFAULT,
            PunchPolicy.DEFAULT,
            new BurstGuard(),
            timeout),
        happened -> {},
        new QuietListener());
  }

  DayKeys today() {
    return DayKeys.of(id, DayKeys.toTry(clock.get()).getFirst(), SEALER);
  }

  TlsIdentity newTls() {
    return Secrets.tls(SEALER, random);
  }

  Secret32 secret() {
    return Secrets.next(random);
  }

  @Override
  public void close() {
    runner.cancel();
    runner.close();
  }

  private Ports ports() {
    return new Ports(
        new MemRendezvous(rendezvous),
        NioPunchTransport.factory(),
        List::of,
        List.of(),
        List.of(),
        List.of(),
        NatMemory.NONE,
        new TlsUpgrade(),
        new WebSocketUpgrade(),
        SEALER,
        random,
        clock);
  }

  /** What a test does beside. */
  interface Task {
    void run() throws Exception;
  }

  static Thread inBackground(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Exception e) {
                // What it talked to is gone: the test is over.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
