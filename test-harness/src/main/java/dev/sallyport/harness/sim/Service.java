package dev.sallyport.harness.sim;

import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.session.RefusalCode;
import dev.sallyport.domain.session.ServeEffect;
import dev.sallyport.domain.session.ServeEvent;
import dev.sallyport.domain.session.ServeMachine;
import dev.sallyport.domain.session.ServeSettings;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.domain.session.SocketEvent;
import dev.sallyport.harness.tcp.TcpHost;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who is called: a {@link ServeMachine} on a modelled host, which echoes what it is sent. */
final class Service extends Actor<ServeEvent, ServeEffect> {
  /** As production's links do. */
  private static final Duration PING_AFTER = Duration.ofSeconds(10);

  private static final Duration DEAD_AFTER = Duration.ofSeconds(25);

  private final TcpHost host;
  private final Meeting meeting;
  private final Meeting.Mailboxes mailboxes;
  private final Consumer<Progress> progress;
  private final ServeSettings settings;
  private final Sockets sockets;
  private final Survey survey;

  /** The nonce of the HELLO that waits for an answer. */
  private final Map<SocketId, CallNonce> greeted = new HashMap<>();

  /** When the other end of each link was heard last. */
  private final Map<SocketId, Long> links = new HashMap<>();

  private boolean over;
  private @Nullable Failure failure;
  private @Nullable SocketId echoed;

  Service(
      World world,
      TcpHost host,
      ServeSettings settings,
      Middle middle,
      Meeting meeting,
      Consumer<Progress> progress) {
    super(world);
    this.host = host;
    this.settings = settings;
    this.meeting = meeting;
    this.mailboxes = meeting.new Mailboxes(item -> post(new ServeEvent.KnockArrived(item)));
    this.progress = progress;
    this.sockets = new Sockets(world, host, this::post);
    this.survey = new Survey(world, host, middle, List.of(settings.port()), true, this::post);
  }

  void serve() {
    sockets.listen(settings.port());
    start(new ServeMachine(settings, Cast.SEALER, world.part()));
  }

  void stop() {
    post(new ServeEvent.Cancelled());
  }

  @Override
  void die() {
    super.die();
    mailboxes.close();
    survey.close();
    sockets.forget();
  }

  boolean isOver() {
    return over;
  }

  /** Why it ended against its will, if it did. */
  @Nullable Failure failure() {
    return failure;
  }

  /** The links that are up. */
  Set<SocketId> links() {
    return Set.copyOf(links.keySet());
  }

  int openSockets() {
    return sockets.open();
  }

  Sockets sockets() {
    return sockets;
  }

  /** The link over which a message came last; null before the first. */
  @Nullable SocketId echoed() {
    return echoed;
  }

  @Override
  void execute(ServeEffect effect) {
    if (over && !(effect instanceof SocketEffect || effect instanceof ServeEffect.Refuse)) {
      throw new IllegalStateException("after the end: " + effect);
    }
    switch (effect) {
      case SocketEffect.Close(SocketId id) -> close(id);
      case SocketEffect socket -> sockets.execute(socket);
      case ServeEffect.Discover discover -> survey.start();
      case ServeEffect.Sample sample -> survey.sample();
      case ServeEffect.Confirm confirm -> survey.confirm();
      case ServeEffect.Publish publish -> meeting.publish(publish, this::post);
      case ServeEffect.Watch(var keys, var pace) -> mailboxes.watch(keys);
      case ServeEffect.Unwatch(var day) -> mailboxes.unwatch(day);
      case ServeEffect.SetPace pace -> {}
      case ServeEffect.Reply reply -> meeting.reply(reply);
      case ServeEffect.Secure(SocketId id, var days, Duration timeout) -> secure(id, timeout);
      case ServeEffect.Welcome(SocketId id) -> welcome(id);
      case ServeEffect.Refuse(SocketId id, RefusalCode code) -> refuse(id, code);
      case ServeEffect.Report(Progress what) -> progress.accept(what);
      case ServeEffect.Finish(Failure why) -> {
        over = true;
        failure = why;
        mailboxes.close();
        survey.close();
        host.stopListening(settings.port());
      }
    }
  }

  private void secure(SocketId id, Duration timeout) {
    sockets.begin(
        id,
        timeout,
        what -> {
          switch (what) {
            case Said.ClientHello hello ->
                sockets.say(id, new Said.ServerFlight(settings.linkKey()));
            case Said.Hello(var nonce, var callerKey) -> {
              greeted.put(id, nonce);
              post(new ServeEvent.HelloArrived(id, nonce, callerKey));
            }
            default -> {}
          }
        });
  }

  private void welcome(SocketId id) {
    CallNonce nonce = greeted.remove(id);
    if (nonce == null || !sockets.settled(id)) {
      return; // it ended otherwise while the machine decided
    }
    links.put(id, world.time.now());
    sockets.say(id, new Said.Welcome(nonce));
    post(new SocketEvent.LinkReady(id));
    sockets.link(id, what -> heard(id, what), () -> lost(id));
    keepAlive(id);
  }

  private void heard(SocketId id, Said what) {
    links.replace(id, world.time.now());
    if (what instanceof Said.Ping) {
      echoed = id;
      sockets.say(id, new Said.Pong());
    }
  }

  /** Pings, and gives the link up when nothing has come for long. */
  private void keepAlive(SocketId id) {
    world.after(
        PING_AFTER,
        () -> {
          Long heard = links.get(id);
          if (heard == null) {
            return;
          }
          if (world.time.now() - heard > DEAD_AFTER.toNanos()) {
            lost(id);
          } else {
            sockets.say(id, new Said.Ping());
            keepAlive(id);
          }
        });
  }

  private void refuse(SocketId id, RefusalCode code) {
    if (greeted.remove(id) != null) {
      sockets.say(id, new Said.Refused(code));
      sockets.refused(id, code);
    }
  }

  private void close(SocketId id) {
    greeted.remove(id);
    sockets.close(id);
    if (links.remove(id) != null) {
      post(new ServeEvent.LinkClosed(id, false));
    }
  }

  private void lost(SocketId id) {
    if (links.remove(id) != null) {
      sockets.close(id);
      post(new ServeEvent.LinkClosed(id, false));
    }
  }
}
