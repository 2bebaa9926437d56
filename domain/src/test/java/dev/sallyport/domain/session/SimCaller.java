package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A caller in the simulation. */
final class SimCaller extends SimRunner<CallEvent, CallEffect> {
  private final SimMeeting meeting;

  /** What is being secured or greeted, by the number of the try. */
  private final Map<SocketId, Long> shaking = new HashMap<>();

  private long shakes;
  private @Nullable CallOutcome outcome;

  SimCaller(SimNet.Host host, SimWorld world, SimMeeting meeting) {
    super(host, world);
    this.meeting = meeting;
  }

  void start(Duration timeout) {
    start(
        new CallMachine(
            Cast.callSettings(timeout),
            Cast.SEALER,
            new Random(world.random.nextLong()),
            world.now()),
        Cast.CALLER_PORTS);
  }

  @Nullable CallOutcome outcome() {
    return outcome;
  }

  @Override
  CallEvent socket(SocketEvent event) {
    return event;
  }

  @Override
  void execute(CallEffect effect) {
    if (outcome != null && !(effect instanceof SocketEffect.Close)) {
      throw new AssertionError("after the end: " + effect);
    }
    switch (effect) {
      case SocketEffect socket -> execute(socket);
      case CallEffect.Sample sample -> post(new DiscoveryEvent.Sampled(null));
      case CallEffect.Discover discover ->
          meeting.discover(Cast.CALLER_PORTS, "203.0.113.7", "192.168.1.2", this::post);
      case CallEffect.Lookup(var keys) -> meeting.lookup(keys, this::post);
      case CallEffect.Knock knock -> meeting.knock(knock, this::post);
      case CallEffect.WatchReplies watch -> meeting.watchReplies(watch, this::post);
      case CallEffect.Secure secure -> secure(secure);
      case CallEffect.Greet greet -> greet(greet);
      case CallEffect.Report report -> {}
      case CallEffect.Finish(CallOutcome how) -> {
        outcome = how;
        host.stopListening();
      }
    }
  }

  private void secure(CallEffect.Secure secure) {
    SocketId id = secure.id();
    PublicKey32 pinned = secure.linkKey();
    shake(
        id,
        "client-hello",
        secure.timeout(),
        message -> {
          if (!message.startsWith("server-flight ")) {
            return false;
          }
          if (message.endsWith(pinned.toString())) {
            post(new CallEvent.Secured(id));
          } else {
            linkFailed(id, LinkException.Reason.WRONG_PEER, null);
          }
          return true;
        });
  }

  private void greet(CallEffect.Greet greet) {
    SocketId id = greet.id();
    CallNonce nonce = greet.nonce();
    shake(
        id,
        "hello " + nonce,
        greet.timeout(),
        message -> {
          if (message.equals("welcome " + nonce)) {
            post(new SocketEvent.LinkReady(id));
          } else if (message.startsWith("refused ")) {
            linkFailed(
                id,
                LinkException.Reason.REFUSED,
                RefusalCode.valueOf(message.substring("refused ".length())));
          } else {
            return false;
          }
          return true;
        });
  }

  private interface Answer {
    /** Whether this was the answer. */
    boolean take(String message);
  }

  /** Says something and waits for the answer: one of four things ends it. */
  private void shake(SocketId id, String say, Duration timeout, Answer answer) {
    SimNet.Half half = half(id);
    if (half == null) {
      post(new SocketEvent.LinkFailed(id, LinkException.Reason.BROKEN, null, "gone"));
      return;
    }
    long mine = ++shakes;
    shaking.put(id, mine);
    half.send(say);
    half.watch(
        new SimNet.Watcher() {
          @Override
          public void established() {}

          @Override
          public void failed(DialFailure failure) {}

          @Override
          public void received(String message) {
            if (shaking.containsKey(id) && answer.take(message)) {
              shaking.remove(id);
            }
          }

          @Override
          public void reset() {
            if (shaking.remove(id) != null) {
              linkFailed(id, LinkException.Reason.BROKEN, null);
            }
          }
        });
    world.after(
        timeout,
        () -> {
          if (shaking.remove(id, mine)) {
            linkFailed(id, LinkException.Reason.TIMED_OUT, null);
          }
        });
  }

  @Override
  void closed(SocketId id) {
    if (shaking.remove(id) != null) {
      post(new SocketEvent.LinkFailed(id, LinkException.Reason.BROKEN, null, "closed from here"));
    }
  }
}
