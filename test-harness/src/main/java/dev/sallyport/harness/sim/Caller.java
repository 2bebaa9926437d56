package dev.sallyport.harness.sim;

import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.session.CallEffect;
import dev.sallyport.domain.session.CallEvent;
import dev.sallyport.domain.session.CallMachine;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.domain.session.SocketEvent;
import dev.sallyport.harness.tcp.TcpHost;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who calls: a {@link CallMachine} on a modelled host. */
final class Caller extends Actor<CallEvent, CallEffect> {
  private final Identity identity;
  private final TcpHost host;
  private final Meeting meeting;
  private final Consumer<Progress> progress;
  private final Sockets sockets;
  private final Survey survey;
  private Rendezvous.@Nullable Watch replies;
  private @Nullable CallOutcome outcome;
  private boolean echoed;

  Caller(
      World world,
      Identity identity,
      TcpHost host,
      Middle middle,
      Meeting meeting,
      Consumer<Progress> progress) {
    super(world);
    this.identity = identity;
    this.host = host;
    this.meeting = meeting;
    this.progress = progress;
    this.sockets = new Sockets(world, host, this::post);
    this.survey = new Survey(world, host, middle, Cast.CALLER_PORTS, false, this::post);
  }

  void call(Duration timeout) {
    Cast.CALLER_PORTS.forEach(sockets::listen);
    start(new CallMachine(Cast.call(identity, timeout), Cast.SEALER, world.part(), world.now()));
  }

  @Override
  void die() {
    super.die();
    stopWatching();
    survey.close();
    sockets.forget();
  }

  /** How the call ended; null while it lasts. */
  @Nullable CallOutcome outcome() {
    return outcome;
  }

  /** Whether a message has gone over the link and come back. */
  boolean isEchoed() {
    return echoed;
  }

  int openSockets() {
    return sockets.open();
  }

  Sockets sockets() {
    return sockets;
  }

  /** Hangs up. */
  void hangUp() {
    if (outcome instanceof CallOutcome.Linked(SocketId id)) {
      sockets.close(id);
    }
  }

  @Override
  void execute(CallEffect effect) {
    if (outcome != null && !(effect instanceof SocketEffect)) {
      throw new IllegalStateException("after the end: " + effect);
    }
    switch (effect) {
      case SocketEffect socket -> sockets.execute(socket);
      case CallEffect.Discover discover -> survey.start();
      case CallEffect.Sample sample -> survey.sample();
      case CallEffect.Lookup(var keys) -> meeting.lookup(keys, this::post);
      case CallEffect.Knock knock -> meeting.knock(knock, this::post);
      case CallEffect.WatchReplies watch -> watch(watch);
      case CallEffect.Secure(SocketId id, PublicKey32 linkKey, Duration timeout) ->
          secure(id, linkKey, timeout);
      case CallEffect.Greet greet -> greet(greet);
      case CallEffect.Report(Progress what) -> progress.accept(what);
      case CallEffect.Finish(CallOutcome how) -> finish(how);
    }
  }

  private void watch(CallEffect.WatchReplies watch) {
    stopWatching();
    replies =
        meeting.watch(
            watch.mailbox(), item -> post(new CallEvent.ReplyArrived(watch.nonce(), item)));
  }

  private void stopWatching() {
    if (replies != null) {
      replies.close();
    }
  }

  private void secure(SocketId id, PublicKey32 pinned, Duration timeout) {
    sockets.begin(
        id,
        timeout,
        what -> {
          if (what instanceof Said.ServerFlight(PublicKey32 shown)) {
            if (!shown.equals(pinned)) {
              sockets.fail(id, LinkException.Reason.WRONG_PEER, "another key");
            } else if (sockets.settled(id)) {
              post(new CallEvent.Secured(id));
            }
          }
        });
    sockets.say(id, new Said.ClientHello());
  }

  private void greet(CallEffect.Greet greet) {
    SocketId id = greet.id();
    sockets.begin(
        id,
        greet.timeout(),
        what -> {
          switch (what) {
            case Said.Welcome(var nonce) when nonce.equals(greet.nonce()) -> {
              if (sockets.settled(id)) {
                post(new SocketEvent.LinkReady(id));
              }
            }
            case Said.Refused(var code) -> sockets.refused(id, code);
            default -> {}
          }
        });
    sockets.say(id, new Said.Hello(greet.nonce(), identity.key()));
  }

  private void finish(CallOutcome how) {
    outcome = how;
    stopWatching();
    survey.close();
    Cast.CALLER_PORTS.forEach(host::stopListening);
    if (how instanceof CallOutcome.Linked(SocketId id)) {
      sockets.link(id, what -> heard(id, what), () -> {});
      sockets.say(id, new Said.Ping());
    }
  }

  private void heard(SocketId id, Said what) {
    switch (what) {
      case Said.Pong pong -> echoed = true;
      case Said.Ping ping -> sockets.say(id, new Said.Pong());
      default -> {}
    }
  }
}
