package dev.sallyport.app.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.Candidate;
import dev.sallyport.domain.address.CandidateKind;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Slot;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.LinkListener;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.ServeSettings;
import dev.sallyport.domain.session.TlsIdentity;
import dev.sallyport.net.NioPunchTransport;
import dev.sallyport.net.TlsUpgrade;
import dev.sallyport.ws.WebSocketUpgrade;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service on real sockets among people who want it to fail; who has business there gets in. */
@Timeout(120)
class StrangersTest {
  private static final Sealer SEALER = new JdkSealer();
  private static final int IDLE = 1000;
  private static final int DRIPPING = 20;
  private static final int RUBBISH = 10_000;

  private final Supplier<Instant> clock = new MonotonicClock();
  private final MemRendezvous.Network rendezvous = new MemRendezvous.Network(clock);
  private final Random random = new Random(7);
  private final Identity identity = Identity.fromSeed(secret(), SEALER);
  private final Identity caller = Identity.fromSeed(secret(), SEALER);
  private final ServiceId id = ServiceId.of(ServiceName.DEFAULT, identity.key());
  private final Secret32 knockPrivate = secret();
  private final TlsIdentity serviceTls = tls();
  private final List<Progress> progress = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> strangers = new ArrayList<>();
  private final ServeRunner service =
      new ServeRunner(ports(), serviceTls, true, progress::add, peer -> new Quiet());
  private int port;

  @BeforeEach
  void serve() throws Exception {
    port = service.listen(0);
    ServeSettings settings =
        new ServeSettings(
            ServiceName.DEFAULT,
            identity,
            serviceTls.key(),
            knockPrivate,
            port,
            List.of(Endpoint.parse("127.0.0.1:" + port)),
            AllowList.EVERYBODY,
            LadderPolicy.DEFAULT,
            PunchPolicy.DEFAULT);
    inBackground(() -> service.run(settings));
    await().until(() -> progress.stream().anyMatch(Progress.Registered.class::isInstance));
  }

  @AfterEach
  void close() throws IOException {
    service.cancel();
    service.close();
    for (SocketChannel stranger : strangers) {
      stranger.close();
    }
  }

  @Test
  void idleConnections_drippingHandshakes_andRubbishInTheMailbox_keepNobodyOut() throws Exception {
    for (int i = 0; i < IDLE; i++) {
      connect("127.0.0." + (2 + i % 8));
    }
    List<SocketChannel> dripping = new ArrayList<>();
    for (int i = 0; i < DRIPPING; i++) {
      dripping.add(connect("127.0.0.10"));
    }
    Thread drips = inBackground(() -> drip(dripping));
    Thread rubbish = inBackground(this::throwRubbish);

    try (CallRunner call = call()) {
      CallRunner.Result result = call.run();
      assertThat(result.outcome()).isInstanceOf(CallOutcome.Linked.class);
      assertThat(result.call()).isNotNull();
    }
    Slot mailbox = today().mailbox();
    Knock knock = knock();
    try (MemRendezvous member = new MemRendezvous(rendezvous)) {
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofSeconds(1)) // as a caller does who got no answer
          .until(
              () -> {
                var unused = member.knock(mailbox, seal(knock), knock.expires());
                return progress.stream().anyMatch(Progress.KnockReceived.class::isInstance);
              });
    }
    rubbish.join();
    drips.interrupt();
    long told = progress.stream().filter(Progress.Trouble.class::isInstance).count();
    assertThat(told).as("complaints on the screen").isLessThan(10);
    assertThat(service.openSockets()).isLessThanOrEqualTo(SocketTable.MAX_STRANGERS + 1);
  }

  private SocketChannel connect(String from) throws IOException {
    SocketChannel stranger = SocketChannel.open();
    strangers.add(stranger);
    stranger.bind(new InetSocketAddress(Objects.requireNonNull(IpLiteral.parse(from)), 0));
    stranger.connect(Endpoint.parse("127.0.0.1:" + port).toSocketAddress());
    return stranger;
  }

  /** The beginning of a TLS record that never ends, a byte at a time. */
  private static void drip(List<SocketChannel> sockets) throws InterruptedException {
    byte[] start = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3};
    for (int i = 0; ; i++) {
      for (SocketChannel socket : sockets) {
        try {
          socket.write(ByteBuffer.wrap(new byte[] {i < start.length ? start[i] : 7}));
        } catch (IOException e) {
          // It was thrown out, as it should be.
        }
      }
      Thread.sleep(50);
    }
  }

  private void throwRubbish() {
    Slot mailbox = today().mailbox();
    Random dice = new Random(3);
    try (MemRendezvous member = new MemRendezvous(rendezvous)) {
      for (int i = 0; i < RUBBISH; i++) {
        byte[] bytes = new byte[100 + dice.nextInt(200)];
        dice.nextBytes(bytes);
        var unused =
            member.knock(mailbox, SealedItem.of(bytes), clock.get().plus(Duration.ofMinutes(1)));
      }
    }
  }

  private CallRunner call() {
    return new CallRunner(
        ports(),
        new CallRunner.Settings(
            id, caller, tls(), LadderPolicy.DEFAULT, PunchPolicy.DEFAULT, Duration.ofSeconds(30)),
        happened -> {},
        new Quiet());
  }

  private Knock knock() {
    Instant now = clock.get();
    byte[] nonce = new byte[CallNonce.LENGTH];
    random.nextBytes(nonce);
    return new Knock(
        caller.key(),
        List.of(new Candidate(CandidateKind.REFLEXIVE, Endpoint.parse("192.0.2.1:4000"))),
        NatProfile.unknown(),
        new Strategy.SimultaneousOpen(),
        now,
        CallNonce.of(nonce),
        now,
        now.plus(Duration.ofMinutes(2)));
  }

  private SealedItem seal(Knock knock) {
    return Knock.seal(knock, caller, id, SEALER.agreementKey(knockPrivate), secret(), SEALER)
        .item();
  }

  private Ports ports() {
    return new Ports(
        new MemRendezvous(rendezvous),
        NioPunchTransport.factory(),
        List::of,
        List.of(),
        List.of(),
        new TlsUpgrade(),
        new WebSocketUpgrade(),
        SEALER,
        random,
        clock);
  }

  private DayKeys today() {
    return DayKeys.of(id, DayKeys.toTry(clock.get()).getFirst(), SEALER);
  }

  private TlsIdentity tls() {
    Secret32 seed = secret();
    return new TlsIdentity(SEALER.signingKey(seed), seed);
  }

  private Secret32 secret() {
    byte[] bytes = new byte[Secret32.LENGTH];
    random.nextBytes(bytes);
    return Secret32.of(bytes);
  }

  private interface Task {
    void run() throws Exception;
  }

  private static Thread inBackground(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Exception e) {
                // It was interrupted: the test is over.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static final class Quiet implements LinkListener {
    @Override
    public void text(String message) {}

    @Override
    public void binary(byte[] message) {}

    @Override
    public void closed(boolean clean, String why) {}
  }
}
