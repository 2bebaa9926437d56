package dev.sallyport.app.runner;

import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.punch.PunchTransport.PortUnavailableException;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.session.CallEffect;
import dev.sallyport.domain.session.CallEvent;
import dev.sallyport.domain.session.CallMachine;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.CallSettings;
import dev.sallyport.domain.session.DiscoveryEvent;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Hello;
import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkListener;
import dev.sallyport.domain.session.LinkUpgrade;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.domain.session.TlsIdentity;
import dev.sallyport.domain.session.Welcome;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one {@link CallMachine} on real ports, from the first look to the link.
 *
 * <p>Threading: {@link #run} blocks its caller, whose thread is the machine's; {@link #cancel} from
 * any thread. Progress is reported on the machine's thread.
 */
public final class CallRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CallRunner.class);
  private static final Duration CLEAN_UP = Duration.ofMillis(200);
  private static final int KNOCK_ATTEMPTS = 8;
  private static final int PUNCH_PORTS = 3;

  /** What to call, and how. */
  public record Settings(
      ServiceId id,
      Identity caller,
      TlsIdentity tls,
      LadderPolicy ladder,
      PunchPolicy pace,
      BurstGuard guard,
      Duration timeout) {}

  /** A link, not started yet, and whether the service said that it echoes. */
  public record Call(Link link, boolean serviceEchoes) {}

  /** How a run ended: {@code call} is there exactly if the outcome is {@code Linked}. */
  public record Result(CallOutcome outcome, @Nullable Call call) {}

  private final Ports ports;
  private final Settings settings;
  private final Consumer<Progress> progress;
  private final LinkListener listener;
  private final @Nullable CallTap tap;
  private final Workers workers = new Workers("call");
  private final MachineLoop<CallEvent, CallEffect> loop;
  private final Sampling sampling;

  /** With each link: whether the service said that it echoes. */
  private final SocketTable<Boolean> sockets;

  private List<Integer> punchPorts = List.of();
  private Rendezvous.@Nullable Watch replies;
  private @Nullable CallOutcome outcome;
  private volatile CompletableFuture<Void> remembered = CompletableFuture.completedFuture(null);

  public CallRunner(
      Ports ports, Settings settings, Consumer<Progress> progress, LinkListener listener) {
    this(ports, settings, progress, listener, null);
  }

  /**
   * @param tap who looks on, or null
   */
  public CallRunner(
      Ports ports,
      Settings settings,
      Consumer<Progress> progress,
      LinkListener listener,
      @Nullable CallTap tap) {
    this.ports = ports;
    this.settings = settings;
    this.progress = progress;
    this.listener = listener;
    this.tap = tap;
    this.loop = new MachineLoop<>(ports.clock());
    this.sampling = new Sampling(ports.punchPortReflectors());
    this.sockets = new SocketTable<>(ports.transports(), workers.pool(), loop::post);
  }

  /** Runs the call until it is linked or has failed. Call it once. */
  public Result run() throws InterruptedException {
    workers.pool().execute(ports.secureUpgrade()::warmUp);
    workers.pool().execute(ports.linkUpgrade()::warmUp);
    try {
      punchPorts = listen();
    } catch (PortUnavailableException e) {
      String why = e.getMessage() == null ? "" : e.getMessage();
      return new Result(new CallOutcome.Failed(Failure.of(Failure.Kind.LOCAL_PROBLEM, why)), null);
    }
    CallMachine machine =
        new CallMachine(
            new CallSettings(
                settings.id(),
                settings.caller(),
                punchPorts,
                settings.ladder(),
                settings.pace(),
                settings.guard(),
                settings.timeout()),
            ports.sealer(),
            ports.random(),
            ports.clock().get());
    try {
      loop.run(
          tap == null ? machine : new TappedMachine(machine, tap),
          this::execute,
          () -> outcome != null,
          this::isClean,
          CLEAN_UP);
      return result();
    } finally {
      stopListening();
      remember(machine.learnt(ports.clock().get()));
    }
  }

  /** Gives up; {@link #run} returns soon after. */
  public void cancel() {
    loop.post(new CallEvent.Cancelled());
  }

  /** How many sockets are open; 0 after a run, but for the link that was handed out. */
  int openSockets() {
    return sockets.open();
  }

  /** Ends what may still run in the background; not the link. */
  @Override
  public void close() {
    stopListening();
    // What is half written would stay in the folder.
    var unused =
        remembered
            .exceptionally(failure -> null)
            .completeOnTimeout(null, CLEAN_UP.toMillis(), TimeUnit.MILLISECONDS)
            .join();
    workers.close();
  }

  /** After the run nobody can reach us any more but over the link that was handed out. */
  private void stopListening() {
    Rendezvous.Watch watch = replies;
    if (watch != null) {
      watch.close();
    }
    sockets.close();
  }

  private List<Integer> listen() throws PortUnavailableException {
    List<Integer> listening = new ArrayList<>();
    for (int i = 0; i < PUNCH_PORTS; i++) {
      listening.add(sockets.transport().listen(0, true));
    }
    return List.copyOf(listening);
  }

  private boolean isClean() {
    int handedOut = outcome instanceof CallOutcome.Linked ? 1 : 0;
    return sockets.open() <= handedOut;
  }

  private Result result() {
    CallOutcome how = outcome;
    if (how instanceof CallOutcome.Linked(SocketId id)) {
      SocketTable.Upgraded<Boolean> link = sockets.take(id);
      if (link != null) {
        return new Result(how, new Call(link.link(), link.with()));
      }
      return new Result(new CallOutcome.Abandoned(), null); // closed by our own close()
    }
    return new Result(how == null ? new CallOutcome.Abandoned() : how, null);
  }

  /** A link does not wait for the disk; who failed may be gone in a moment. */
  private void remember(@Nullable Remembered learnt) {
    if (learnt == null) {
      return;
    }
    if (!(outcome instanceof CallOutcome.Linked)) {
      ports.memory().remember(learnt);
      return;
    }
    try {
      remembered =
          CompletableFuture.runAsync(() -> ports.memory().remember(learnt), workers.pool());
    } catch (RejectedExecutionException e) {
      log.debug("what was learnt of the NAT is not remembered: the call is closed already");
    }
  }

  private void execute(CallEffect effect) {
    switch (effect) {
      case SocketEffect socket -> sockets.execute(socket);
      case CallEffect.Discover discover ->
          new Discovery(
                  ports,
                  punchPorts,
                  workers.pool(),
                  loop::post,
                  seen -> loop.offer(new DiscoveryEvent.Observed(seen)))
              .start();
      case CallEffect.Sample sample ->
          sampling.ask(seen -> loop.post(new DiscoveryEvent.Sampled(seen)));
      case CallEffect.Lookup(DayKeys keys) -> lookup(keys);
      case CallEffect.Knock knock -> knock(knock);
      case CallEffect.WatchReplies watch -> watchReplies(watch);
      case CallEffect.Secure(SocketId id, PublicKey32 linkKey, Duration timeout) ->
          sockets.secure(
              id,
              raw -> ports.secureUpgrade().dial(raw, settings.tls(), linkKey, timeout),
              () -> loop.post(new CallEvent.Secured(id)));
      case CallEffect.Greet greet -> sockets.upgrade(greet.id(), channel -> greet(greet, channel));
      case CallEffect.Report(Progress what) -> progress.accept(what);
      case CallEffect.Finish(CallOutcome how) -> outcome = how;
    }
  }

  private void lookup(DayKeys keys) {
    // Who holds the mailbox is found out meanwhile, so that the knock need not ask first.
    var unused = ports.rendezvous().lookup(keys.mailbox().topic(), item -> {});
    ports
        .rendezvous()
        .lookup(
            keys.slot().topic(), item -> loop.offer(new CallEvent.RecordArrived(keys.day(), item)))
        .whenComplete(
            (found, failure) -> {
              if (failure == null) {
                loop.post(new CallEvent.LookupEnded(keys.day()));
              } else {
                var why = Failures.of(failure);
                loop.post(
                    new CallEvent.LookupFailed(
                        keys.day(), why.reason(), String.valueOf(why.getMessage())));
              }
            });
  }

  private void knock(CallEffect.Knock knock) {
    CallNonce nonce = knock.nonce();
    workers
        .retrying(
            "knock",
            KNOCK_ATTEMPTS,
            () -> ports.rendezvous().knock(knock.mailbox(), knock.item(), knock.expires()))
        .whenComplete(
            (delivery, failure) ->
                loop.post(
                    failure == null
                        ? new CallEvent.KnockDelivered(nonce, delivery.accepted(), delivery.asked())
                        : new CallEvent.KnockFailed(
                            nonce, String.valueOf(Failures.of(failure).getMessage()))));
  }

  private void watchReplies(CallEffect.WatchReplies watch) {
    Rendezvous.Watch earlier = replies;
    if (earlier != null) {
      earlier.close();
    }
    replies =
        ports
            .rendezvous()
            .watch(
                watch.mailbox(),
                watch.pace(),
                item -> loop.offer(new CallEvent.ReplyArrived(watch.nonce(), item)));
  }

  /** HELLO, WELCOME; on a worker. */
  private SocketTable.Upgraded<Boolean> greet(CallEffect.Greet greet, SecureChannel channel)
      throws LinkException {
    PublicKey32 ownKey = channel.localKey();
    PublicKey32 serviceKey = channel.peerKey();
    Hello hello =
        Hello.make(
            greet.nonce(), settings.caller(), greet.keys(), ownKey, serviceKey, ports.sealer());
    LinkUpgrade.Established established =
        ports.linkUpgrade().dial(channel, hello.encode(), listener, greet.timeout());
    try {
      Welcome welcome = Welcome.decode(established.welcome());
      if (!welcome.verify(greet.nonce(), greet.keys(), ownKey, serviceKey)) {
        throw new MalformedException("its WELCOME does not prove that it knows the id");
      }
      return new SocketTable.Upgraded<>(established.link(), welcome.echoes());
    } catch (MalformedException e) {
      established.link().abort();
      throw new LinkException(LinkException.Reason.WRONG_PEER, e.getMessage() + "", e);
    }
  }
}
