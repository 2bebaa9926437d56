package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.ladder.LadderPlanner;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Role;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.punch.PunchEffect;
import dev.sallyport.domain.punch.PunchEvent;
import dev.sallyport.domain.punch.PunchMachine;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.ReplayCache;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.ReplyKeys;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A service from its start to its end, without I/O: keeps its record fresh, answers knocks with the
 * mirrored ladder, and welcomes callers on the connections they choose.
 *
 * <table>
 *   <caption>transitions</caption>
 *   <tr><th>event</th><th>effects</th></tr>
 *   <tr><td>start</td><td>Discover, Watch of the day's mailbox</td></tr>
 *   <tr><td>our candidates are known (or 1.5 s passed), have changed, or the record gets old</td>
 *       <td>Publish for each day to serve, once a second at most</td></tr>
 *   <tr><td>our addresses are another network's</td><td>Discover</td></tr>
 *   <tr><td>the day changes, or is about to</td><td>Watch, Unwatch, Publish</td></tr>
 *   <tr><td>the rendezvous cannot be joined, or takes no record for 12 s</td><td>Finish, unless it
 *       ever took one</td></tr>
 *   <tr><td>a valid, fresh knock</td><td>dials of the mirrored ladder; Abort of what an earlier
 *       knock of the same caller dials at the same place; Reply at once if our record is outdated
 *       or we are busy, after a second if no HELLO came</td></tr>
 *   <tr><td>dialled, accepted</td><td>Secure, at most 32 at once</td></tr>
 *   <tr><td>HELLO</td><td>Welcome; Abort of what the call still dials. The caller has closed the
 *       call's sockets that were welcomed before, or will never miss them</td></tr>
 *   <tr><td>HELLO, the fifth of one call at once or another caller's</td><td>Refuse</td></tr>
 *   <tr><td>all welcomed sockets of a call are lost without a goodbye</td><td>dials anew, until 15 s
 *       after the knock</td></tr>
 *   <tr><td>15 s after the knock</td><td>Abort what still dials</td></tr>
 *   <tr><td>cancelled</td><td>Abort and Close everything, Finish</td></tr>
 *   <tr><td>over; a socket comes up, HELLO</td><td>Close, Refuse</td></tr>
 * </table>
 *
 * <p>Not thread-safe: one thread at a time. No clock and no randomness of its own.
 */
public final class ServeMachine implements Machine<ServeEvent, ServeEffect> {
  private static final Duration DISCOVERY_PATIENCE = Duration.ofMillis(1500);
  private static final Duration REFRESH = Duration.ofMinutes(15);
  private static final Duration PUBLISH_AGAIN = Duration.ofSeconds(2);
  private static final Duration PUBLISH_SPACING = Duration.ofSeconds(1);
  private static final Duration FIRST_PUBLISH = Duration.ofSeconds(12);
  private static final Duration DAY_CHECK = Duration.ofMinutes(1);
  private static final Duration FAST_LOOKS = Duration.ofMinutes(2);
  private static final Duration CALL_BUDGET = Duration.ofSeconds(15);
  private static final Duration REPLY_AFTER = Duration.ofSeconds(1);
  private static final Duration REPLY_LIFETIME = Duration.ofMinutes(2);
  private static final Duration BUSY_RETRY = Duration.ofSeconds(3);
  private static final Duration SECURE_TIMEOUT = Duration.ofSeconds(8);
  private static final int MAX_PUNCHING = 64;
  private static final int MAX_CALLS = 256;
  private static final int SECURING_AT_ONCE = 32;
  private static final int SOCKETS_IN_LINE = 64;
  private static final int NONCE_LENGTH = 12;

  private enum Timer {
    PREPARED,
    PUBLISH,
    FIRST_PUBLISH,
    DAY,
    STEADY
  }

  private final ServeSettings settings;
  private final Sealer sealer;
  private final RandomGenerator random;
  private final Surroundings surroundings;
  private final RecordKeeper keeper;
  private final ReplayCache replays = new ReplayCache();
  private final Calls calls = new Calls();
  private final SecureQueue secureQueue = new SecureQueue(SECURING_AT_ONCE, SOCKETS_IN_LINE);

  /** Every socket that is up, links included. */
  private final Map<SocketId, Ends> up = new LinkedHashMap<>();

  private final Deadlines<Timer> timers = new Deadlines<>(Timer.class);
  private List<ServeEffect> effects = new ArrayList<>();
  private long nextSocket = 1;
  private boolean prepared;
  private boolean registered;
  private boolean joinFailed;
  private boolean over;
  private String rendezvousTrouble = "";

  /** A service that has not started. */
  public ServeMachine(ServeSettings settings, Sealer sealer, RandomGenerator random) {
    this.settings = settings;
    this.sealer = sealer;
    this.random = random;
    this.surroundings = new Surroundings(List.of(settings.port()), settings.advertised());
    this.keeper = new RecordKeeper(settings, sealer, random, this::emit);
  }

  @Override
  public List<ServeEffect> start(Instant now) {
    emit(new ServeEffect.Discover());
    timers.set(Timer.PREPARED, now.plus(DISCOVERY_PATIENCE));
    timers.set(Timer.FIRST_PUBLISH, now.plus(FIRST_PUBLISH));
    timers.set(Timer.STEADY, now.plus(FAST_LOOKS));
    keepDays(now);
    return take(now);
  }

  @Override
  public List<ServeEffect> on(ServeEvent event, Instant now) {
    if (over) {
      onLate(event);
      return take(now);
    }
    switch (event) {
      case DiscoveryEvent discovery -> onDiscovery(discovery, now);
      case SocketEvent socket -> onSocket(socket, now);
      case ServeEvent.Published(LocalDate day, int accepted, int asked) -> {
        timers.clear(Timer.FIRST_PUBLISH);
        if (!registered) {
          registered = true;
          report(new Progress.Registered(settings.id(), accepted, asked));
        }
      }
      case ServeEvent.PublishFailed(
              LocalDate day,
              long sequence,
              RendezvousException.Reason reason,
              String message) -> {
        rendezvousTrouble = message;
        if (keeper.isLatest(sequence)) {
          report(new Progress.Trouble("the record could not be left: " + message));
          timers.set(Timer.PUBLISH, now.plus(PUBLISH_AGAIN));
        }
      }
      case ServeEvent.KnockArrived(SealedItem item) -> onKnock(item, now);
      case ServeEvent.HelloArrived(SocketId id, CallNonce nonce, PublicKey32 caller) ->
          onHello(id, nonce, caller, now);
      case ServeEvent.LinkClosed(SocketId id, boolean clean) -> onLost(id, clean, now);
      case ServeEvent.Cancelled cancelled -> finish(null);
    }
    return take(now);
  }

  /** What was under way when the service ended still comes up, and is closed. */
  private void onLate(ServeEvent event) {
    switch (event) {
      case SocketEvent.Dialed dialed -> emit(new SocketEffect.Close(dialed.id()));
      case SocketEvent.Accepted accepted -> emit(new SocketEffect.Close(accepted.id()));
      case SocketEvent.LinkReady ready -> emit(new SocketEffect.Close(ready.id()));
      case ServeEvent.HelloArrived hello ->
          emit(new ServeEffect.Refuse(hello.id(), RefusalCode.BUSY));
      default -> {}
    }
  }

  @Override
  public List<ServeEffect> tick(Instant now) {
    for (Timer timer : timers.due(now)) {
      if (over) {
        break;
      }
      switch (timer) {
        case PREPARED -> prepared(now);
        case PUBLISH -> publish(now);
        case FIRST_PUBLISH -> finish(surroundings.unreachable(rendezvousTrouble));
        case DAY -> keepDays(now);
        case STEADY -> emit(new ServeEffect.SetPace(Rendezvous.Pace.STEADY));
      }
    }
    if (!over) {
      calls.all().forEach(call -> tick(call, now));
    }
    return take(now);
  }

  private void tick(Call call, Instant now) {
    if (call.isPunchingOver(now)) {
      emitPunch(call, call.stopPunching());
      forgetIfOver(call);
    }
    ReplyKeys replyTo = call.takeReplyDue(now);
    if (replyTo != null) {
      reply(call.nonce(), replyTo, now);
    }
  }

  @Override
  public @Nullable Instant deadline() {
    return over ? null : Deadlines.earlier(timers.earliest(), calls.deadline());
  }

  private void onDiscovery(DiscoveryEvent event, Instant now) {
    switch (event) {
      case DiscoveryEvent.Joined(int peers, Duration took) -> {
        joinFailed = false;
        report(new Progress.Joined(peers, took));
      }
      case DiscoveryEvent.JoinFailed(String message) -> {
        rendezvousTrouble = message;
        joinFailed = true;
      }
      case DiscoveryEvent.AddressesListed(var addresses) -> {
        if (surroundings.addresses(addresses)) {
          emit(new ServeEffect.Discover());
        }
      }
      case DiscoveryEvent.Observed(var observation) -> surroundings.observed(observation);
      case DiscoveryEvent.Surveyed surveyed -> surroundings.surveyed();
    }
    if (joinFailed && !registered && surroundings.isListed()) {
      finish(surroundings.unreachable(rendezvousTrouble));
      return;
    }
    Progress news = surroundings.news();
    if (news != null) {
      report(news);
    }
    if (!prepared && surroundings.isComplete()) {
      prepared(now);
    } else if (prepared) {
      publishIfMoved(now);
    }
  }

  private void prepared(Instant now) {
    prepared = true;
    timers.clear(Timer.PREPARED);
    publish(now);
  }

  private void publishIfMoved(Instant now) {
    Instant latest = keeper.latestIssuedAt();
    if (latest == null || !keeper.isOutdated(surroundings.side())) {
      return;
    }
    Instant next = latest.plus(PUBLISH_SPACING);
    if (next.isAfter(now)) {
      timers.set(Timer.PUBLISH, next);
    } else {
      publish(now);
    }
  }

  private void publish(Instant now) {
    keeper.publish(surroundings.side(), now);
    timers.set(Timer.PUBLISH, now.plus(REFRESH));
  }

  private void keepDays(Instant now) {
    Rendezvous.Pace pace =
        timers.isSet(Timer.STEADY) ? Rendezvous.Pace.FAST : Rendezvous.Pace.STEADY;
    if (keeper.keepDays(pace, now) && prepared) {
      publish(now);
    }
    timers.set(Timer.DAY, now.plus(DAY_CHECK));
  }

  private void onKnock(SealedItem item, Instant now) {
    Knock.Opened opened;
    try {
      opened = Knock.open(item, settings.id(), settings.knockPrivate(), sealer, now);
    } catch (MalformedException e) {
      report(new Progress.Trouble("a knock was not valid and is ignored: " + e.getMessage()));
      return;
    }
    Knock knock = opened.knock();
    if (calls.get(knock.nonce()) != null) {
      return; // seen before, or a HELLO of this call was faster
    }
    if (calls.punching() >= MAX_PUNCHING || calls.size() >= MAX_CALLS) {
      // Before it counts as seen: left once more it may find us with time.
      reply(opened.keys(), Reply.busy(knock.nonce(), BUSY_RETRY, now), now);
      return;
    }
    if (!replays.firstSeen(knock, now)) {
      return;
    }
    if (!timers.isSet(Timer.STEADY)) {
      emit(new ServeEffect.SetPace(Rendezvous.Pace.FAST));
    }
    timers.set(Timer.STEADY, now.plus(FAST_LOOKS));
    report(new Progress.KnockReceived(knock.callerKey(), knock.candidates()));
    Plan plan =
        LadderPlanner.plan(
            Role.SERVICE,
            surroundings.side(),
            List.of(settings.port()),
            new Side(knock.candidates(), knock.profile()),
            settings.ladder());
    Call call = newCall(knock.nonce(), knock.callerKey(), plan, now.plus(CALL_BUDGET), now);
    calls
        .givenUpFor(call, knock.callerKey(), other -> other.plan().sharesRemote(plan))
        .forEach(this::drop);
    if (knock.recordIssuedAt().equals(keeper.latestIssuedAt())) {
      call.replyAt(opened.keys(), now.plus(REPLY_AFTER));
    } else {
      reply(call.nonce(), opened.keys(), now);
    }
  }

  private Call newCall(
      CallNonce nonce, PublicKey32 caller, Plan plan, @Nullable Instant punchEnds, Instant now) {
    Call call = new Call(nonce, caller, now, plan, this::punchMachine, punchEnds);
    calls.add(call);
    return call;
  }

  private PunchMachine punchMachine(Plan plan, Instant now) {
    return new PunchMachine(
        plan, settings.pace(), random, () -> SocketId.dialed(nextSocket++), now);
  }

  /** Tells a caller that we are here, and where. */
  private void reply(CallNonce nonce, ReplyKeys keys, Instant now) {
    Reply accepted =
        new Reply(
            nonce,
            Reply.Outcome.ACCEPTED,
            new Strategy.SimultaneousOpen(),
            surroundings.candidates(),
            surroundings.profile(),
            Duration.ZERO,
            now);
    reply(keys, accepted, now);
  }

  private void reply(ReplyKeys keys, Reply reply, Instant now) {
    byte[] nonce = RandomBytes.of(random, NONCE_LENGTH);
    emit(
        new ServeEffect.Reply(
            keys.mailbox(), reply.seal(keys, nonce, sealer), now.plus(REPLY_LIFETIME)));
  }

  private void onSocket(SocketEvent event, Instant now) {
    SocketId id = event.id();
    switch (event) {
      case SocketEvent.Dialed(var dialed, var local, var remote) -> {
        Call call = calls.ofDialed(id);
        if (call == null) {
          emit(new SocketEffect.Close(id)); // its call was given up meanwhile
          return;
        }
        call.punch().on(new PunchEvent.Connected(id), now);
        if (!secure(id, new Ends(local, remote))) {
          call.punch().on(new PunchEvent.Useless(id), now);
        }
      }
      case SocketEvent.Accepted(var accepted, var local, var remote) ->
          secure(id, new Ends(local, remote));
      case SocketEvent.DialFailed(var dialed, var failure) -> {
        Call call = calls.ofDialed(id);
        if (call != null) {
          call.punch().on(new PunchEvent.Failed(id, failure), now);
        }
      }
      case SocketEvent.LinkReady ready -> onLinkReady(id, now);
      case SocketEvent.LinkFailed failed -> {
        secureQueue.remove(id);
        Call call = calls.ofDialed(id);
        if (call != null) {
          call.punch().on(new PunchEvent.Useless(id), now);
        }
        onLost(id, false, now);
      }
    }
  }

  private boolean secure(SocketId id, Ends ends) {
    if (!secureQueue.offer(id)) {
      emit(new SocketEffect.Close(id));
      return false;
    }
    up.put(id, ends);
    return true;
  }

  private void onHello(SocketId id, CallNonce nonce, PublicKey32 caller, Instant now) {
    Ends ends = up.get(id);
    if (ends == null || !secureQueue.isSecuring(id)) {
      emit(new ServeEffect.Refuse(id, RefusalCode.BUSY));
      return;
    }
    Call call = calls.get(nonce);
    if (call == null && calls.size() >= MAX_CALLS) {
      emit(new ServeEffect.Refuse(id, RefusalCode.BUSY));
      return;
    }
    if (call == null) {
      call = newCall(nonce, caller, Plan.EMPTY, null, now); // direct and local need no knock
    } else if (!call.mayWelcome(caller)) {
      emit(new ServeEffect.Refuse(id, RefusalCode.ALREADY_CONNECTED));
      return;
    }
    emitPunch(call, call.welcome(id));
    calls.givenUpFor(call, caller, other -> other.plan().dials(ends.remote())).forEach(this::drop);
    emit(new ServeEffect.Welcome(id));
  }

  private void onLinkReady(SocketId id, Instant now) {
    secureQueue.remove(id);
    Call call = calls.ofWelcomed(id);
    Ends ends = up.get(id);
    if (call == null || ends == null) {
      up.remove(id);
      emit(new SocketEffect.Close(id));
      return;
    }
    report(
        new Progress.Connected(
            id,
            call.rungOf(id, ends.remote()),
            ends.local(),
            ends.remote(),
            call.attempts(),
            Duration.between(call.startedAt(), now),
            call.callerKey()));
  }

  /** A socket is gone, with the link that it was or would have become. */
  private void onLost(SocketId id, boolean clean, Instant now) {
    up.remove(id);
    Call call = calls.ofWelcomed(id);
    if (call != null) {
      call.lost(id, clean, now);
      forgetIfOver(call);
    }
  }

  private void forgetIfOver(Call call) {
    if (call.isOver()) {
      calls.remove(call);
    }
  }

  private void drop(Call call) {
    emitPunch(call, call.stopPunching());
    calls.remove(call);
  }

  private void emitPunch(Call call, List<PunchEffect> punchEffects) {
    for (PunchEffect effect : punchEffects) {
      switch (effect) {
        case PunchEffect.Dial(var id, var rung, int localPort, var remote, var timeout) ->
            emit(new SocketEffect.Dial(id, localPort, remote, timeout));
        case PunchEffect.Abort(SocketId id) -> emit(new SocketEffect.Abort(id));
        case PunchEffect.RungStarted(Rung rung) ->
            report(new Progress.RungStarted(rung, call.plan().remotes(rung)));
      }
    }
  }

  private void finish(@Nullable Failure failure) {
    over = true;
    calls.all().forEach(this::drop);
    secureQueue.drain();
    up.keySet().forEach(id -> emit(new SocketEffect.Close(id)));
    up.clear();
    emit(new ServeEffect.Finish(failure));
  }

  private void report(Progress progress) {
    emit(new ServeEffect.Report(progress));
  }

  private void emit(ServeEffect effect) {
    effects.add(effect);
  }

  private List<ServeEffect> take(Instant now) {
    if (!over) {
      for (SocketId id = secureQueue.next(); id != null; id = secureQueue.next()) {
        emit(new ServeEffect.Secure(id, keeper.days(), SECURE_TIMEOUT));
      }
      for (Call call : calls.all()) {
        if (call.isPunching()) {
          emitPunch(call, call.punch().poll(now));
        }
      }
    }
    List<ServeEffect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }
}
