package dev.sallyport.app.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.app.runner.FakeNet.Connection;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.identity.ServiceName;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.nat.NatMemory;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Hello;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkListener;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.RefusalCode;
import dev.sallyport.domain.session.ServeSettings;
import dev.sallyport.domain.session.TlsIdentity;
import dev.sallyport.domain.session.Welcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both runners over ports that live in this JVM. */
@Timeout(60)
class RunnersTest {
  private static final Sealer SEALER = new JdkSealer();
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Supplier<Instant> clock = new MonotonicClock();
  private final MemRendezvous.Network rendezvous = new MemRendezvous.Network(clock);
  private final FakeNet net = new FakeNet();
  private final Random random = new Random(7);
  private final Identity identity = Identity.fromSeed(secret(), SEALER);
  private final Identity callerIdentity = Identity.fromSeed(secret(), SEALER);
  private final TlsIdentity serviceTls = tls();
  private final ServiceId id = ServiceId.of(ServiceName.DEFAULT, identity.key());
  private final List<Progress> serviceProgress = new CopyOnWriteArrayList<>();
  private final List<Peer> peers = new CopyOnWriteArrayList<>();
  private boolean handlerFails;
  private final ServeRunner service =
      new ServeRunner(ports(), serviceTls, true, serviceProgress::add, this::connected);
  private int port;
  private @Nullable CompletableFuture<@Nullable Failure> serving;

  @BeforeEach
  void serve() throws Exception {
    port = service.listen(0);
    ServeSettings settings =
        new ServeSettings(
            ServiceName.DEFAULT,
            identity,
            serviceTls.key(),
            secret(),
            port,
            List.of(FakeNet.loopback(port)),
            AllowList.EVERYBODY,
            LadderPolicy.DEFAULT,
            PunchPolicy.DEFAULT,
            new BurstGuard());
    CompletableFuture<@Nullable Failure> ended = new CompletableFuture<>();
    serving = ended;
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ended.complete(service.run(settings));
              } catch (Exception e) {
                ended.completeExceptionally(e);
              }
            });
    await()
        .atMost(PATIENCE)
        .until(() -> serviceProgress.stream().anyMatch(Progress.Registered.class::isInstance));
  }

  @AfterEach
  void close() {
    service.close();
  }

  @Test
  void aCallIsLinked_messagesGoOver_andNothingButTheLinkIsLeft() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    CallRunner caller = caller(heard);
    CallRunner.Result result = caller.run();
    assertThat(result.outcome()).isInstanceOf(CallOutcome.Linked.class);
    CallRunner.Call call = Objects.requireNonNull(result.call());
    assertThat(call.serviceEchoes()).isTrue();
    assertThat(caller.openSockets()).isZero();
    call.link().start();
    call.link().send("hello");
    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
    assertThat(peers).extracting(Peer::key).containsExactly(callerIdentity.key());
    caller.close();
    call.link().send("still there");
    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("still there");
    call.link().close();
    await().atMost(PATIENCE).until(() -> service.openSockets() == 0);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @EnumSource
  void aDeadRendezvousBesideALivingOne_keepsNoCallFromBeingLinked(DeadRendezvous dead)
      throws Exception {
    Rendezvous living = new MemRendezvous(rendezvous);
    Rendezvous elsewhere = new MemRendezvous(new MemRendezvous.Network(clock));
    Ports ports =
        ports(net, new ManyRendezvous(Map.of("dead:", dead, "mem:", living, "other:", elsewhere)));
    try (CallRunner caller =
        new CallRunner(
            ports, callSettings(), progress -> {}, new Collector(new LinkedBlockingQueue<>()))) {
      assertThat(caller.run().outcome()).isInstanceOf(CallOutcome.Linked.class);
    }
    ports.rendezvous().close();
  }

  @Test
  void twentyCallersInParallel() {
    List<CompletableFuture<CallOutcome>> calls =
        IntStream.range(0, 20)
            .mapToObj(
                i -> {
                  CompletableFuture<CallOutcome> ended = new CompletableFuture<>();
                  Thread.ofVirtual()
                      .start(
                          () -> {
                            try (CallRunner caller = caller(new LinkedBlockingQueue<>())) {
                              ended.complete(caller.run().outcome());
                            } catch (Exception e) {
                              ended.completeExceptionally(e);
                            }
                          });
                  return ended;
                })
            .toList();
    assertThat(calls)
        .allSatisfy(
            call ->
                assertThat(call.get(40, TimeUnit.SECONDS)).isInstanceOf(CallOutcome.Linked.class));
  }

  @Test
  void cancelled_theCallEndsSoon_andEverythingIsClosed() throws Exception {
    service.cancel();
    Objects.requireNonNull(serving).get(10, TimeUnit.SECONDS);
    CallRunner caller = caller(new LinkedBlockingQueue<>());
    CompletableFuture<CallOutcome> ended = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                ended.complete(caller.run().outcome());
              } catch (InterruptedException e) {
                ended.completeExceptionally(e);
              }
            });
    caller.cancel();
    assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo(new CallOutcome.Abandoned());
    assertThat(caller.openSockets()).isZero();
    caller.close();
  }

  @Test
  void theServiceEnds_itsLinksAreClosed_andItsMailboxIsWatchedNoMore() throws Exception {
    CallRunner caller = caller(new LinkedBlockingQueue<>());
    CallRunner.Call call = Objects.requireNonNull(caller.run().call());
    call.link().start();
    await().atMost(PATIENCE).until(() -> peers.size() == 1);
    service.cancel();
    assertThat(Objects.requireNonNull(serving).get(10, TimeUnit.SECONDS)).isNull();
    assertThat(service.openSockets()).isZero();
    await().atMost(PATIENCE).until(() -> net.open() == 0);
    caller.close();
  }

  @Test
  void aHelloThatHolds_isWelcomed_andTheWelcomeHolds() throws Exception {
    TlsIdentity tls = tls();
    CallNonce nonce = CallNonce.of(new byte[CallNonce.LENGTH]);
    DayKeys keys = today();
    Hello hello = Hello.make(nonce, callerIdentity, keys, tls.key(), serviceTls.key(), SEALER);
    byte[] answer = say(tls, hello.encode());
    Welcome welcome = Welcome.decode(answer);
    assertThat(welcome.verify(nonce, keys, tls.key(), serviceTls.key())).isTrue();
    assertThat(welcome.echoes()).isTrue();
  }

  @Test
  void aHelloFromAnotherConnection_andOneWithoutTheId_areRefused() throws Exception {
    TlsIdentity tls = tls();
    CallNonce nonce = CallNonce.of(new byte[CallNonce.LENGTH]);
    Hello passedOn =
        Hello.make(nonce, callerIdentity, today(), tls().key(), serviceTls.key(), SEALER);
    assertThat(RefusalCode.of(say(tls, passedOn.encode())[0])).isEqualTo(RefusalCode.BAD_PROOF);

    ServiceId other = ServiceId.of(ServiceName.DEFAULT, callerIdentity.key());
    DayKeys wrong = DayKeys.of(other, today().day(), SEALER);
    Hello guessed = Hello.make(nonce, callerIdentity, wrong, tls.key(), serviceTls.key(), SEALER);
    assertThat(RefusalCode.of(say(tls, guessed.encode())[0])).isEqualTo(RefusalCode.BAD_PROOF);
    assertThat(RefusalCode.of(say(tls, new byte[] {1, 2, 3})[0])).isEqualTo(RefusalCode.BAD_PROOF);
    await().atMost(PATIENCE).until(() -> service.openSockets() == 0);
  }

  @Test
  void aStrangerWhoHangsUp_leavesNothingBehind() {
    Connection stranger = net.connect(port);
    stranger.close();
    await().atMost(PATIENCE).until(() -> service.openSockets() == 0);
    await().atMost(PATIENCE).until(() -> net.open() == 0);
  }

  @Test
  void aHandlerThatFails_costsItsCallerTheLink_notTheServiceItsLife() throws Exception {
    handlerFails = true;
    try (CallRunner caller = caller(new LinkedBlockingQueue<>())) {
      assertThat(caller.run().outcome()).isInstanceOf(CallOutcome.Linked.class);
      await().atMost(PATIENCE).until(() -> service.openSockets() == 0);
    }
    handlerFails = false;
    try (CallRunner caller = caller(new LinkedBlockingQueue<>())) {
      assertThat(caller.run().outcome()).isInstanceOf(CallOutcome.Linked.class);
    }
    assertThat(Objects.requireNonNull(serving).isDone()).isFalse();
  }

  @Test
  void noPortToListenOn_isALocalProblem() throws Exception {
    CallRunner caller =
        new CallRunner(
            ports(sink -> new NoPorts()),
            callSettings(),
            progress -> {},
            new Collector(new LinkedBlockingQueue<>()));
    assertThat(caller.run().outcome())
        .isInstanceOfSatisfying(
            CallOutcome.Failed.class,
            failed -> assertThat(failed.failure().kind()).isEqualTo(Failure.Kind.LOCAL_PROBLEM));
    caller.close();
  }

  /** Says HELLO as a caller would, and gives the answer. */
  private byte[] say(TlsIdentity tls, byte[] hello) throws LinkException {
    Connection connection = net.connect(port);
    PublicKey32 seen = net.dial(connection, tls, serviceTls.key(), PATIENCE).peerKey();
    assertThat(seen).isEqualTo(serviceTls.key());
    connection.send(hello);
    return connection.receive(PATIENCE);
  }

  private LinkListener connected(Peer peer) {
    if (handlerFails) {
      throw new IllegalStateException("in a test");
    }
    peers.add(peer);
    return new Collector(new LinkedBlockingQueue<>()) {
      @Override
      public void text(String message) {
        try {
          peer.link().send(message);
        } catch (LinkException e) {
          throw new AssertionError(e);
        }
      }
    };
  }

  private CallRunner caller(BlockingQueue<String> heard) {
    return new CallRunner(ports(), callSettings(), progress -> {}, new Collector(heard));
  }

  private CallRunner.Settings callSettings() {
    return new CallRunner.Settings(
        id,
        callerIdentity,
        tls(),
        LadderPolicy.DEFAULT,
        PunchPolicy.DEFAULT,
        new BurstGuard(),
        Duration.ofSeconds(30));
  }

  private Ports ports() {
    return ports(net);
  }

  private Ports ports(PunchTransport.Factory transports) {
    return ports(transports, new MemRendezvous(rendezvous));
  }

  private Ports ports(PunchTransport.Factory transports, Rendezvous rendezvous) {
    return new Ports(
        rendezvous,
        transports,
        List::of,
        List.of(),
        List.of(),
        List.of(),
        NatMemory.NONE,
        net,
        net,
        SEALER,
        random,
        clock);
  }

  private DayKeys today() {
    return DayKeys.of(id, DayKeys.toTry(clock.get()).getFirst(), SEALER);
  }

  private TlsIdentity tls() {
    return Secrets.tls(SEALER, random);
  }

  private Secret32 secret() {
    return Secrets.next(random);
  }

  /** Collects what a link says. */
  private static class Collector implements LinkListener {
    private final BlockingQueue<String> heard;

    Collector(BlockingQueue<String> heard) {
      this.heard = heard;
    }

    @Override
    public void text(String message) {
      heard.add(message);
    }

    @Override
    public void binary(byte[] message) {}

    @Override
    public void closed(boolean clean, String why) {}
  }

  private static final class NoPorts implements PunchTransport {
    @Override
    public int listen(int port, boolean exclusive) throws PortUnavailableException {
      throw new PortUnavailableException("all ports are taken");
    }

    @Override
    public void dial(SocketId id, int localPort, Endpoint remote, Duration timeout) {}

    @Override
    public void abort(SocketId id) {}

    @Override
    public void close() {}
  }
}
