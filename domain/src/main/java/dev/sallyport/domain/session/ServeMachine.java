package dev.sallyport.domain.session;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.ladder.LadderPlanner;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Plan.PlannedDial;
import dev.sallyport.domain.ladder.Plan.PlannedRung;
import dev.sallyport.domain.ladder.Role;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.punch.PunchEffect;
import dev.sallyport.domain.punch.PunchEvent;
import dev.sallyport.domain.punch.PunchMachine;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Knock;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.ReplayCache;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.ReplyKeys;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.session.Calls.Call;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A service from its start to its end, without I/O: keeps its record fresh, answers knocks with the
 * mirrored ladder, and decides which of a call's connections becomes the link.
 *
 * <table>
 *   <caption>transitions</caption>
 *   <tr><th>event</th><th>effects</th></tr>
 *   <tr><td>start</td><td>Discover, Watch of the day's mailbox</td></tr>
 *   <tr><td>our candidates are known (or 1.5 s passed), have changed, or the record gets old</td>
 *       <td>Publish for each day to serve</td></tr>
 *   <tr><td>the day changes, or is about to</td><td>Watch, Unwatch, Publish</td></tr>
 *   <tr><td>a valid, fresh knock</td><td>dials of the mirrored ladder; Reply at once if our record
 *       is outdated or we are busy, after a second if nothing came up</td></tr>
 *   <tr><td>dialled, accepted</td><td>Secure</td></tr>
 *   <tr><td>HELLO, first of its nonce</td><td>Welcome; Abort and Close the call's others</td></tr>
 *   <tr><td>HELLO, nonce has its link</td><td>Refuse</td></tr>
 *   <tr><td>15 s after the knock</td><td>Abort what still dials</td></tr>
 *   <tr><td>cancelled</td><td>Abort and Close everything, Finish</td></tr>
 * </table>
 *
 * <p>Not thread-safe: one thread at a time. No clock and no randomness of its own.
 */
public final class ServeMachine implements Machine<ServeEvent, ServeEffect> {
  private static final Duration DISCOVERY_PATIENCE = Duration.ofMillis(1500);
  private static final Duration RECORD_LIFETIME = Duration.ofHours(2);
  private static final Duration REFRESH = Duration.ofMinutes(15);
  private static final Duration PUBLISH_AGAIN = Duration.ofSeconds(2);
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

  private enum Timer {
    PREPARED,
    PUBLISH,
    FIRST_PUBLISH,
    DAY,
    STEADY
  }

  private record Ends(Endpoint local, Endpoint remote) {}

  private final ServeSettings settings;
  private final Sealer sealer;
  private final RandomGenerator random;
  private final Surroundings surroundings;
  private final ReplayCache replays = new ReplayCache();
  private final Map<LocalDate, DayKeys> days = new LinkedHashMap<>();
  private final Calls calls = new Calls();
  private final SecureQueue secureQueue = new SecureQueue(SECURING_AT_ONCE, SOCKETS_IN_LINE);
  private final Map<SocketId, Ends> up = new HashMap<>();
  private final Deadlines<Timer> timers = new Deadlines<>(Timer.class);
  private List<ServeEffect> effects = new ArrayList<>();
  private long nextSocket = 1;
  private boolean prepared;
  private boolean registered;
  private boolean over;
  private String rendezvousTrouble = "";
  private @Nullable ServiceRecord published;

  /** A service that has not started. */
  public ServeMachine(ServeSettings settings, Sealer sealer, RandomGenerator random) {
    this.settings = settings;
    this.sealer = sealer;
    this.random = random;
    this.surroundings = new Surroundings(List.of(settings.port()), settings.advertised());
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
              RendezvousException.Reason reason,
              String message) -> {
        rendezvousTrouble = message;
        report(new Progress.Trouble("the record could not be left: " + message));
        timers.set(Timer.PUBLISH, now.plus(PUBLISH_AGAIN));
      }
      case ServeEvent.KnockArrived(SealedItem item) -> onKnock(item, now);
      case ServeEvent.HelloArrived(SocketId id, CallNonce nonce, PublicKey32 caller) ->
          onHello(id, nonce, caller, now);
      case ServeEvent.LinkClosed(SocketId id) -> forgetLink(id);
      case ServeEvent.Cancelled cancelled -> finish(null);
    }
    return take(now);
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
        case FIRST_PUBLISH ->
            finish(Failure.of(Failure.Kind.RENDEZVOUS_UNREACHABLE, rendezvousTrouble));
        case DAY -> keepDays(now);
        case STEADY -> emit(new ServeEffect.SetPace(Rendezvous.Pace.STEADY));
      }
    }
    for (Call call : calls.all()) {
      if (call.punchEnds != null && !call.punchEnds.isAfter(now)) {
        stopPunching(call);
        if (call.nominated == null) {
          calls.remove(call);
        }
      }
      if (call.replyDue != null && !call.replyDue.isAfter(now)) {
        reply(call, now);
      }
    }
    return take(now);
  }

  @Override
  public @Nullable Instant deadline() {
    return over ? null : Calls.earlier(timers.earliest(), calls.deadline());
  }

  private void onDiscovery(DiscoveryEvent event, Instant now) {
    if (over) {
      return;
    }
    switch (event) {
      case DiscoveryEvent.Joined(int peers, Duration took) ->
          report(new Progress.Joined(peers, took));
      case DiscoveryEvent.JoinFailed(String message) -> {
        if (!registered) {
          finish(
              surroundings.hasNetwork()
                  ? Failure.of(Failure.Kind.RENDEZVOUS_UNREACHABLE, message)
                  : Failure.of(Failure.Kind.LOCAL_PROBLEM, "this computer has no network"));
        }
        return;
      }
      case DiscoveryEvent.AddressesListed(var addresses) -> surroundings.addresses(addresses);
      case DiscoveryEvent.Observed(var observation) -> surroundings.observed(observation);
      case DiscoveryEvent.Surveyed surveyed -> surroundings.surveyed();
    }
    Progress news = surroundings.news();
    if (news != null) {
      report(news);
    }
    if (!prepared && surroundings.isComplete()) {
      prepared(now);
    } else if (prepared && hasMoved()) {
      publish(now);
    }
  }

  private void prepared(Instant now) {
    prepared = true;
    timers.clear(Timer.PREPARED);
    publish(now);
  }

  private boolean hasMoved() {
    return published != null && !published.candidates().equals(surroundings.candidates());
  }

  private void publish(Instant now) {
    ServiceRecord record =
        new ServiceRecord(
            settings.name(),
            settings.identity().key(),
            settings.linkKey(),
            sealer.agreementKey(settings.knockPrivate()),
            surroundings.candidates(),
            surroundings.profile(),
            now,
            now.plus(RECORD_LIFETIME));
    published = record;
    for (DayKeys keys : days.values()) {
      SealedItem item = record.seal(settings.identity(), keys, randomBytes(12), sealer);
      emit(new ServeEffect.Publish(keys, item, record.issuedAt().toEpochMilli()));
    }
    timers.set(Timer.PUBLISH, now.plus(REFRESH));
  }

  private void keepDays(Instant now) {
    List<LocalDate> toServe = DayKeys.daysToServe(now);
    for (LocalDate day : List.copyOf(days.keySet())) {
      if (!toServe.contains(day)) {
        days.remove(day);
        emit(new ServeEffect.Unwatch(day));
      }
    }
    boolean added = false;
    for (LocalDate day : toServe) {
      if (!days.containsKey(day)) {
        DayKeys keys = DayKeys.of(settings.id(), day, sealer);
        days.put(day, keys);
        emit(
            new ServeEffect.Watch(
                keys, timers.isSet(Timer.STEADY) ? Rendezvous.Pace.FAST : Rendezvous.Pace.STEADY));
        added = true;
      }
    }
    if (added && prepared) {
      publish(now);
    }
    timers.set(Timer.DAY, now.plus(DAY_CHECK));
  }

  private void onKnock(SealedItem item, Instant now) {
    if (over) {
      return;
    }
    Knock.Opened opened;
    try {
      opened = Knock.open(item, settings.id(), settings.knockPrivate(), sealer, now);
    } catch (MalformedException e) {
      report(new Progress.Trouble("a knock was not valid and is ignored: " + e.getMessage()));
      return;
    }
    Knock knock = opened.knock();
    if (!replays.firstSeen(knock, now)) {
      return;
    }
    if (!timers.isSet(Timer.STEADY)) {
      emit(new ServeEffect.SetPace(Rendezvous.Pace.FAST));
    }
    timers.set(Timer.STEADY, now.plus(FAST_LOOKS));
    if (calls.punching() >= MAX_PUNCHING || calls.size() >= MAX_CALLS) {
      sendReply(opened.keys(), Reply.busy(knock.nonce(), BUSY_RETRY, now), now);
      return;
    }
    Call known = calls.get(knock.nonce());
    if (known != null) {
      return; // a HELLO of this call was faster than its knock
    }
    report(new Progress.KnockReceived(knock.callerKey(), knock.candidates()));
    Plan plan =
        LadderPlanner.plan(
            Role.SERVICE,
            surroundings.side(),
            List.of(settings.port()),
            new Side(knock.candidates(), knock.profile()),
            settings.ladder());
    Call call = newCall(knock.nonce(), knock.callerKey(), plan, opened.keys(), now);
    call.punchEnds = now.plus(CALL_BUDGET);
    boolean outdated = published == null || !published.issuedAt().equals(knock.recordIssuedAt());
    call.replyDue = outdated ? now : now.plus(REPLY_AFTER);
    if (outdated) {
      reply(call, now);
    }
  }

  private Call newCall(
      CallNonce nonce, PublicKey32 caller, Plan plan, @Nullable ReplyKeys replyKeys, Instant now) {
    PunchMachine punch =
        new PunchMachine(plan, settings.pace(), random, () -> SocketId.dialed(nextSocket++), now);
    Call call = new Call(nonce, caller, now, plan, punch, replyKeys);
    calls.add(call);
    return call;
  }

  private void reply(Call call, Instant now) {
    call.replyDue = null;
    ReplyKeys keys = call.replyKeys;
    if (keys != null && call.nominated == null) {
      Reply accepted =
          new Reply(
              call.nonce,
              Reply.Outcome.ACCEPTED,
              new Strategy.SimultaneousOpen(),
              surroundings.candidates(),
              surroundings.profile(),
              Duration.ZERO,
              now);
      sendReply(keys, accepted, now);
    }
  }

  private void sendReply(ReplyKeys keys, Reply reply, Instant now) {
    emit(
        new ServeEffect.Reply(
            keys.mailbox(), reply.seal(keys, randomBytes(12), sealer), now.plus(REPLY_LIFETIME)));
  }

  private void onSocket(SocketEvent event, Instant now) {
    SocketId id = event.id();
    switch (event) {
      case SocketEvent.Dialed(SocketId socket, Endpoint local, Endpoint remote) -> {
        Call call = calls.ofDialed(socket);
        if (call != null) {
          call.punch.on(new PunchEvent.Connected(socket), now);
        }
        secure(socket, local, remote, call != null && call.nominated == null);
      }
      case SocketEvent.Accepted(SocketId socket, Endpoint local, Endpoint remote) ->
          secure(socket, local, remote, true);
      case SocketEvent.DialFailed failed -> {
        Call call = calls.ofDialed(id);
        if (call != null) {
          call.punch.on(new PunchEvent.Failed(id, failed.failure()), now);
        }
      }
      case SocketEvent.LinkReady ready -> onLinkReady(id, now);
      case SocketEvent.LinkFailed failed -> {
        secureQueue.remove(id);
        Call call = calls.ofDialed(id);
        if (call != null && call.isPunching()) {
          call.punch.on(new PunchEvent.Useless(id), now);
        }
        forgetLink(id);
        secureNext();
      }
    }
  }

  private void secure(SocketId id, Endpoint local, Endpoint remote, boolean wanted) {
    if (over || !wanted || !secureQueue.offer(id)) {
      emit(new SocketEffect.Close(id));
      return;
    }
    up.put(id, new Ends(local, remote));
    secureNext();
  }

  private void secureNext() {
    for (SocketId id = secureQueue.next(); id != null; id = secureQueue.next()) {
      emit(new ServeEffect.Secure(id, List.copyOf(days.values()), SECURE_TIMEOUT));
    }
  }

  private void onHello(SocketId id, CallNonce nonce, PublicKey32 caller, Instant now) {
    if (over || !secureQueue.isSecuring(id)) {
      emit(new ServeEffect.Refuse(id, RefusalCode.BUSY));
      return;
    }
    Call call = calls.get(nonce);
    if (call == null && calls.size() >= MAX_CALLS) {
      emit(new ServeEffect.Refuse(id, RefusalCode.BUSY));
      return;
    }
    if (call == null) {
      call = newCall(nonce, caller, Plan.EMPTY, null, now); // a direct or local call needs no knock
    } else if (call.nominated != null || !call.callerKey.equals(caller)) {
      emit(new ServeEffect.Refuse(id, RefusalCode.ALREADY_CONNECTED));
      return;
    }
    call.nominated = id;
    call.replyDue = null;
    stopPunching(call);
    for (SocketId other : List.copyOf(up.keySet())) {
      if (!other.equals(id) && call.punch.rungOf(other) != null) {
        emit(new SocketEffect.Close(other));
      }
    }
    emit(new ServeEffect.Welcome(id));
  }

  private void onLinkReady(SocketId id, Instant now) {
    secureQueue.remove(id);
    Call call = calls.ofNominated(id);
    Ends ends = up.get(id);
    if (over || call == null || ends == null) {
      emit(new SocketEffect.Close(id));
      return;
    }
    report(
        new Progress.Connected(
            id,
            rungOf(call, id, ends.remote()),
            ends.local(),
            ends.remote(),
            call.punch.attempts(),
            Duration.between(call.startedAt, now),
            call.callerKey));
    secureNext();
  }

  private static Rung rungOf(Call call, SocketId id, Endpoint remote) {
    Rung rung = call.punch.rungOf(id);
    if (rung != null) {
      return rung;
    }
    if (remote.scope() == AddressScope.PRIVATE) {
      return Rung.LOCAL;
    }
    boolean punched = call.remotes().contains(remote);
    return punched ? Rung.EXTERNAL : Rung.DIRECT;
  }

  /** A link that is down or never came up: its call may come back with a new socket. */
  private void forgetLink(SocketId id) {
    up.remove(id);
    Call call = calls.ofNominated(id);
    if (call != null) {
      calls.remove(call);
    }
  }

  private void stopPunching(Call call) {
    call.punchEnds = null;
    call.punch.stop().forEach(effect -> emitPunch(call, effect));
  }

  private void emitPunch(Call call, PunchEffect effect) {
    switch (effect) {
      case PunchEffect.Dial(
              SocketId id,
              Rung rung,
              int localPort,
              Endpoint remote,
              Duration timeout) ->
          emit(new SocketEffect.Dial(id, localPort, remote, timeout));
      case PunchEffect.Abort(SocketId id) -> emit(new SocketEffect.Abort(id));
      case PunchEffect.RungStarted(Rung rung) ->
          report(new Progress.RungStarted(rung, remotes(call.plan, rung)));
    }
  }

  private static List<Endpoint> remotes(Plan plan, Rung rung) {
    return plan.rungs().stream()
        .filter(r -> r.rung() == rung)
        .map(PlannedRung::dials)
        .flatMap(List::stream)
        .map(PlannedDial::remote)
        .distinct()
        .toList();
  }

  private void finish(@Nullable Failure failure) {
    if (over) {
      return;
    }
    over = true;
    for (Call call : calls.all()) {
      stopPunching(call);
    }
    up.keySet().forEach(id -> emit(new SocketEffect.Close(id)));
    up.clear();
    emit(new ServeEffect.Finish(failure));
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private void report(Progress progress) {
    emit(new ServeEffect.Report(progress));
  }

  private void emit(ServeEffect effect) {
    effects.add(effect);
  }

  private List<ServeEffect> take(Instant now) {
    if (!over) {
      for (Call call : calls.all()) {
        if (call.isPunching()) {
          call.punch.poll(now).forEach(effect -> emitPunch(call, effect));
        }
      }
    }
    List<ServeEffect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }
}
