package dev.sallyport.domain.session;

import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One run of the service in the simulation. */
final class SimService extends SimRunner<ServeEvent, ServeEffect> {
  private static final Duration CONFIRMED = Duration.ofMillis(30);
  private static final Duration LIVENESS = Duration.ofSeconds(30);

  private final SimMeeting meeting;
  private final ServeSettings settings;
  private final SimMeeting.Mailboxes mailboxes;

  /** What is being secured, and the nonce of its HELLO if that came. */
  private final Map<SocketId, String> shaking = new HashMap<>();

  private final Set<SocketId> links = new HashSet<>();
  private boolean over;
  private @Nullable Failure failure;

  SimService(SimNet.Host host, SimWorld world, SimMeeting meeting, int run) {
    super(host, world);
    this.meeting = meeting;
    this.settings = Cast.serveSettings(run);
    this.mailboxes = meeting.mailboxes(item -> post(new ServeEvent.KnockArrived(item)));
  }

  void start() {
    start(
        new ServeMachine(settings, Cast.SEALER, new Random(world.random.nextLong())),
        List.of(Cast.SERVICE_PORT));
  }

  void stop() {
    post(new ServeEvent.Cancelled());
  }

  boolean isOver() {
    return over;
  }

  @Nullable Failure failure() {
    return failure;
  }

  /** The links that are up. */
  Set<SocketId> links() {
    return links;
  }

  @Override
  ServeEvent socket(SocketEvent event) {
    return event;
  }

  @Override
  void execute(ServeEffect effect) {
    if (over && !(effect instanceof SocketEffect.Close || effect instanceof ServeEffect.Refuse)) {
      throw new AssertionError("after the end: " + effect);
    }
    switch (effect) {
      case SocketEffect socket -> execute(socket);
      case ServeEffect.Sample sample -> post(new DiscoveryEvent.Sampled(null));
      case ServeEffect.Confirm confirm -> post(new DiscoveryEvent.Confirmed(), CONFIRMED);
      case ServeEffect.Discover discover ->
          meeting.discover(List.of(Cast.SERVICE_PORT), "198.51.100.9", "10.0.0.5", this::post);
      case ServeEffect.Publish publish -> meeting.publish(publish, this::post);
      case ServeEffect.Watch(var keys, var pace) -> mailboxes.watch(keys, pace);
      case ServeEffect.Unwatch(var day) -> mailboxes.unwatch(day);
      case ServeEffect.SetPace pace -> {}
      case ServeEffect.Reply reply -> meeting.reply(reply);
      case ServeEffect.Secure secure -> secure(secure.id(), secure.timeout());
      case ServeEffect.Welcome(SocketId id) -> welcome(id);
      case ServeEffect.Refuse(SocketId id, RefusalCode code) -> refuse(id, code);
      case ServeEffect.Report report -> {}
      case ServeEffect.Finish(Failure why) -> {
        over = true;
        failure = why;
        mailboxes.close();
        host.stopListening();
      }
    }
  }

  private void secure(SocketId id, Duration timeout) {
    SimNet.Half half = half(id);
    if (half == null) {
      post(new SocketEvent.LinkFailed(id, LinkException.Reason.BROKEN, null, "gone"));
      return;
    }
    shaking.put(id, "");
    half.watch(
        new SimNet.Watcher() {
          @Override
          public void established() {}

          @Override
          public void failed(DialFailure dialFailure) {}

          @Override
          public void received(String message) {
            if (message.equals("client-hello")) {
              half.send("server-flight " + settings.linkKey());
            } else if (message.startsWith("hello ") && shaking.containsKey(id)) {
              String nonce = message.substring("hello ".length());
              shaking.put(id, nonce);
              post(new ServeEvent.HelloArrived(id, nonce(nonce), Cast.CALLER.key()));
            }
          }

          @Override
          public void reset() {
            if (shaking.remove(id) != null) {
              linkFailed(id, LinkException.Reason.BROKEN, null);
            } else {
              linkLost(id);
            }
          }
        });
    world.after(
        timeout,
        () -> {
          if (shaking.remove(id) != null) {
            linkFailed(id, LinkException.Reason.TIMED_OUT, null);
          }
        });
  }

  private void welcome(SocketId id) {
    String nonce = shaking.remove(id);
    SimNet.Half half = half(id);
    if (nonce == null || half == null) {
      return; // it ended otherwise while we decided
    }
    half.send("welcome " + nonce);
    links.add(id);
    post(new SocketEvent.LinkReady(id));
    watchLiveness(id);
  }

  /** Pings would tell that nobody is there. */
  private void watchLiveness(SocketId id) {
    world.after(
        LIVENESS,
        () -> {
          SimNet.Half half = half(id);
          if (half != null && links.contains(id)) {
            SimNet.Half peer = half.peer();
            if (peer == null || !peer.isOpen()) {
              linkLost(id);
            } else {
              watchLiveness(id);
            }
          }
        });
  }

  private void linkLost(SocketId id) {
    if (links.remove(id)) {
      close(id);
      post(new ServeEvent.LinkClosed(id, false));
    }
  }

  private void refuse(SocketId id, RefusalCode code) {
    SimNet.Half half = half(id);
    if (shaking.remove(id) != null && half != null) {
      half.send("refused " + code);
      linkFailed(id, LinkException.Reason.REFUSED, code);
    }
  }

  @Override
  void closed(SocketId id) {
    if (shaking.remove(id) != null) {
      post(new SocketEvent.LinkFailed(id, LinkException.Reason.BROKEN, null, "closed from here"));
    }
    if (links.remove(id)) {
      post(new ServeEvent.LinkClosed(id, false));
    }
  }

  private static CallNonce nonce(String hex) {
    try {
      return CallNonce.read(new ByteReader(HexFormat.of().parseHex(hex), "a nonce"));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
