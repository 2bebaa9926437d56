package dev.sallyport.app.runner;

import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.PunchTransport.PortUnavailableException;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.session.DiscoveryEvent;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Hello;
import dev.sallyport.domain.session.LinkUpgrade;
import dev.sallyport.domain.session.LinkUpgrade.Verdict;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.RefusalCode;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.domain.session.ServeEffect;
import dev.sallyport.domain.session.ServeEvent;
import dev.sallyport.domain.session.ServeMachine;
import dev.sallyport.domain.session.ServeSettings;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.domain.session.TlsIdentity;
import dev.sallyport.domain.session.Welcome;
import dev.sallyport.domain.wire.MalformedException;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one {@link ServeMachine} on real ports until it is cancelled or fails.
 *
 * <p>Threading: {@link #run} blocks its caller, whose thread is the machine's; {@link #cancel} from
 * any thread. Progress and new callers are reported on the machine's thread.
 */
public final class ServeRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServeRunner.class);
  private static final Duration CLEAN_UP = Duration.ofMillis(200);
  private static final Duration LOOK_AT_INTERFACES = Duration.ofSeconds(10);
  private static final int PUBLISH_ATTEMPTS = 4;

  /**
   * More than any rendezvous can bring, for a knock that is dropped may never come again; opening
   * as many costs a sixth of a processor.
   */
  private static final int KNOCKS_PER_SECOND = 500;

  /** A HELLO whose sender waits for an answer. */
  private record Pending(
      Hello hello, DayKeys keys, SecureChannel channel, CompletableFuture<Verdict> verdict) {}

  private final Ports ports;
  private final TlsIdentity tls;
  private final boolean echoes;
  private final Consumer<Progress> progress;
  private final ServiceHandler handler;
  private final Duration lookAtInterfaces;
  private final Workers workers = new Workers("serve");
  private final MachineLoop<ServeEvent, ServeEffect> loop;
  private final Sampling sampling;
  private final Confirming confirming;

  private final NatStudy study;

  /** With each link: who listens to it. */
  private final SocketTable<LateListener> sockets;

  private final Map<LocalDate, Rendezvous.Watch> watches = new HashMap<>();
  private final Map<SocketId, Pending> pending = new ConcurrentHashMap<>();
  private final RateLimiter knocks =
      RateLimiter.of(
          "knocks",
          RateLimiterConfig.custom()
              .limitRefreshPeriod(Duration.ofSeconds(1))
              .limitForPeriod(KNOCKS_PER_SECOND)
              .timeoutDuration(Duration.ZERO)
              .build());
  private boolean isRegistered;
  private boolean over;
  private @Nullable Failure failure;

  /**
   * Ready to listen.
   *
   * @param echoes whether to tell callers that what they send comes back
   */
  public ServeRunner(
      Ports ports,
      TlsIdentity tls,
      boolean echoes,
      Consumer<Progress> progress,
      ServiceHandler handler) {
    this(ports, tls, echoes, progress, handler, LOOK_AT_INTERFACES);
  }

  /**
   * @param lookAtInterfaces how often to see whether we are in another network
   */
  ServeRunner(
      Ports ports,
      TlsIdentity tls,
      boolean echoes,
      Consumer<Progress> progress,
      ServiceHandler handler,
      Duration lookAtInterfaces) {
    this.ports = ports;
    this.tls = tls;
    this.echoes = echoes;
    this.progress = progress;
    this.handler = handler;
    this.lookAtInterfaces = lookAtInterfaces;
    this.loop = new MachineLoop<>(ports.clock());
    this.sampling = new Sampling(ports.punchPortReflectors());
    this.confirming = new Confirming(ports.punchPortReflectors());
    this.sockets = new SocketTable<>(ports.transports(), workers.handshakes(), loop::post);
    this.study =
        new NatStudy(
            ports, workers.pool(), piece -> loop.offer(new DiscoveryEvent.Observed(piece)));
  }

  /**
   * Starts listening, before {@link #run}.
   *
   * @param port 0 for any free one
   * @return the port it listens on
   */
  public int listen(int port) throws PortUnavailableException {
    return sockets.transport().listen(port, true);
  }

  /**
   * Runs the service. Call it once.
   *
   * @return null if it was cancelled, otherwise why it ended
   */
  public @Nullable Failure run(ServeSettings settings) throws InterruptedException {
    workers.pool().execute(ports.secureUpgrade()::warmUp);
    workers.pool().execute(ports.linkUpgrade()::warmUp);
    ServeMachine machine = new ServeMachine(settings, ports.sealer(), ports.random());
    Discovery discovery =
        new Discovery(
            ports,
            List.of(settings.port()),
            workers.pool(),
            loop::post,
            seen -> loop.offer(new DiscoveryEvent.Observed(seen)));
    workers.every(lookAtInterfaces, discovery::listAddresses);
    loop.run(
        machine,
        effect -> execute(effect, discovery, settings.port()),
        () -> over,
        () -> sockets.open() == 0,
        CLEAN_UP);
    return failure;
  }

  /** From now on lets in these callers; the links of others end. From any thread. */
  public void allow(AllowList allowed) {
    loop.post(new ServeEvent.AllowListChanged(allowed));
  }

  /** Ends the service; {@link #run} returns soon after. */
  public void cancel() {
    loop.post(new ServeEvent.Cancelled());
  }

  /** How many sockets are open; 0 after a run. */
  int openSockets() {
    return sockets.open();
  }

  /** Ends what may still run in the background. */
  @Override
  public void close() {
    stopWatching();
    study.close();
    sockets.close();
    workers.close();
  }

  private void stopWatching() {
    watches.values().forEach(Rendezvous.Watch::close);
    watches.clear();
  }

  private void execute(ServeEffect effect, Discovery discovery, int port) {
    switch (effect) {
      case SocketEffect socket -> sockets.execute(socket);
      case ServeEffect.Discover discover -> {
        study.stale();
        discovery.start();
      }
      case ServeEffect.Sample sample ->
          sampling.ask(seen -> loop.post(new DiscoveryEvent.Sampled(seen)));
      case ServeEffect.Confirm confirm ->
          confirming.ask(port, () -> loop.post(new DiscoveryEvent.Confirmed()));
      case ServeEffect.Publish publish -> publish(publish);
      case ServeEffect.Watch(DayKeys keys, Rendezvous.Pace pace) ->
          watches.put(
              keys.day(), ports.rendezvous().watch(keys.mailbox(), pace, this::knockArrived));
      case ServeEffect.Unwatch(LocalDate day) -> {
        Rendezvous.Watch watch = watches.remove(day);
        if (watch != null) {
          watch.close();
        }
      }
      case ServeEffect.SetPace(Rendezvous.Pace pace) -> watches.values().forEach(w -> w.pace(pace));
      case ServeEffect.Reply reply -> reply(reply);
      case ServeEffect.Secure secure -> secure(secure);
      case ServeEffect.Welcome(SocketId id) -> welcome(id);
      case ServeEffect.Refuse(SocketId id, RefusalCode code) ->
          answer(id, new Verdict.Refuse(code));
      case ServeEffect.Report(Progress what) -> {
        progress.accept(what);
        switch (what) {
          case Progress.Connected connected -> startLink(connected);
          case Progress.Registered registered -> {
            isRegistered = true;
            study.start();
          }
          case Progress.Network network -> {
            if (isRegistered) {
              study.start();
            }
          }
          default -> {}
        }
      }
      case ServeEffect.Finish(Failure why) -> {
        stopWatching();
        failure = why;
        over = true;
      }
    }
  }

  private void knockArrived(SealedItem item) {
    if (knocks.acquirePermission()) {
      loop.offer(new ServeEvent.KnockArrived(item));
    }
  }

  private void publish(ServeEffect.Publish publish) {
    LocalDate day = publish.keys().day();
    workers
        .retrying(
            "publish",
            PUBLISH_ATTEMPTS,
            () ->
                ports
                    .rendezvous()
                    .publish(publish.keys().slot(), publish.item(), publish.sequence()))
        .whenComplete(
            (delivery, failed) -> {
              if (failed == null) {
                loop.post(new ServeEvent.Published(day, delivery.accepted(), delivery.asked()));
              } else {
                RendezvousException why = Failures.of(failed);
                loop.post(
                    new ServeEvent.PublishFailed(
                        day, publish.sequence(), why.reason(), String.valueOf(why.getMessage())));
              }
            });
  }

  private void reply(ServeEffect.Reply reply) {
    ports
        .rendezvous()
        .reply(reply.mailbox(), reply.item(), reply.expires())
        .whenComplete(
            (delivery, failed) -> {
              if (failed != null) {
                log.debug("a reply could not be left: {}", Failures.of(failed).getMessage());
              }
            });
  }

  /** TLS, HELLO, the machine's decision, WELCOME; on a worker, all within the timeout. */
  private void secure(ServeEffect.Secure secure) {
    SocketId id = secure.id();
    Instant deadline = ports.clock().get().plus(secure.timeout());
    sockets.secureAndUpgrade(
        id,
        raw -> ports.secureUpgrade().accept(raw, tls, remaining(deadline)),
        channel -> {
          LateListener listener = new LateListener(clean -> linkClosed(id, clean));
          try {
            LinkUpgrade.Established established =
                ports
                    .linkUpgrade()
                    .accept(
                        channel,
                        hello -> judge(secure, channel, hello, deadline),
                        listener,
                        remaining(deadline));
            return new SocketTable.Upgraded<>(established.link(), listener);
          } finally {
            pending.remove(id);
          }
        });
  }

  private Duration remaining(Instant deadline) {
    Duration left = Duration.between(ports.clock().get(), deadline);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  private Verdict judge(
      ServeEffect.Secure secure, SecureChannel channel, byte[] bytes, Instant deadline) {
    Hello hello;
    @Nullable DayKeys keys;
    try {
      hello = Hello.decode(bytes);
      keys = hello.verify(secure.keys(), channel.peerKey(), channel.localKey(), ports.sealer());
    } catch (MalformedException e) {
      log.debug("a HELLO from {} is not valid: {}", channel.remote(), e.getMessage());
      return new Verdict.Refuse(RefusalCode.BAD_PROOF);
    }
    if (keys == null) {
      log.debug("a HELLO from {} does not prove that its caller knows the id", channel.remote());
      return new Verdict.Refuse(RefusalCode.BAD_PROOF);
    }
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    pending.put(secure.id(), new Pending(hello, keys, channel, verdict));
    loop.post(new ServeEvent.HelloArrived(secure.id(), hello.nonce(), hello.callerKey()));
    try {
      return verdict.get(remaining(deadline).toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Verdict.Refuse(RefusalCode.BUSY);
    } catch (ExecutionException | TimeoutException e) {
      return new Verdict.Refuse(RefusalCode.BUSY);
    }
  }

  private void welcome(SocketId id) {
    Pending waiting = pending.get(id);
    if (waiting != null) {
      Welcome welcome =
          Welcome.make(
              waiting.hello().nonce(),
              echoes,
              waiting.keys(),
              waiting.channel().peerKey(),
              waiting.channel().localKey());
      waiting.verdict().complete(new Verdict.Welcome(welcome.encode()));
    }
  }

  private void answer(SocketId id, Verdict verdict) {
    Pending waiting = pending.get(id);
    if (waiting != null) {
      waiting.verdict().complete(verdict);
    }
  }

  private void startLink(Progress.Connected connected) {
    SocketTable.Upgraded<LateListener> link = sockets.link(connected.id());
    PublicKey32 key = connected.callerKey();
    if (link == null || key == null) {
      return; // the service ended meanwhile
    }
    try {
      link.with().owner(handler.connected(new Peer(key, connected.remote(), link.link())));
    } catch (RuntimeException e) {
      log.error("a caller's link is closed: the service's handler failed", e);
      linkClosed(connected.id(), true);
      return;
    }
    link.link().start();
  }

  private void linkClosed(SocketId id, boolean clean) {
    sockets.execute(new SocketEffect.Close(id));
    loop.post(new ServeEvent.LinkClosed(id, clean));
  }
}
