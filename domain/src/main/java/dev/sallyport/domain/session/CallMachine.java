package dev.sallyport.domain.session;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.Secret32;
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
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.ReplyKeys;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.rendezvous.Strategy;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One call from the first look to a link, without I/O: {@code event x now -> effects}, and the next
 * deadline.
 *
 * <table>
 *   <caption>transitions</caption>
 *   <tr><th>state</th><th>event</th><th>effects</th><th>next</th></tr>
 *   <tr><td>new</td><td>start</td><td>Discover, Lookup of today</td><td>looking</td></tr>
 *   <tr><td>looking</td><td>a valid record arrives</td><td>-</td><td>preparing, once the lookup
 *       ended or 150 ms passed: a newer one may follow</td></tr>
 *   <tr><td>looking</td><td>lookups end with nothing</td><td>Lookup again after a second, the
 *       adjacent days too</td><td>looking</td></tr>
 *   <tr><td>looking</td><td>the rendezvous stays silent for 8 s</td><td>Finish</td><td>over</td></tr>
 *   <tr><td>preparing</td><td>we know our candidates, or 1.5 s passed</td><td>Knock, WatchReplies,
 *       first Dials</td><td>calling</td></tr>
 *   <tr><td>calling</td><td>a newer record arrives</td><td>Knock and dial anew</td><td>calling</td></tr>
 *   <tr><td>calling</td><td>dialled, accepted</td><td>Secure, at most 4 at once</td><td>calling</td></tr>
 *   <tr><td>calling</td><td>reply: busy</td><td>Knock anew when it is our turn</td><td>calling</td></tr>
 *   <tr><td>calling</td><td>reply or link refused</td><td>Finish</td><td>over</td></tr>
 *   <tr><td>calling</td><td>link ready</td><td>Abort and Close the others, Finish</td><td>over</td></tr>
 *   <tr><td>calling</td><td>15 s after the knock</td><td>Finish</td><td>over</td></tr>
 *   <tr><td>any</td><td>timeout, cancelled</td><td>Abort, Close, Finish</td><td>over</td></tr>
 *   <tr><td>over</td><td>a socket comes up</td><td>Close</td><td>over</td></tr>
 * </table>
 *
 * <p>Not thread-safe: one thread at a time. No clock and no randomness of its own.
 */
public final class CallMachine implements Machine<CallEvent, CallEffect> {
  private static final Duration NEWER_RECORD_GRACE = Duration.ofMillis(150);
  private static final Duration DISCOVERY_PATIENCE = Duration.ofMillis(1500);
  private static final Duration LOOKUP_AGAIN = Duration.ofSeconds(1);
  private static final Duration SILENT_RENDEZVOUS = Duration.ofSeconds(8);
  private static final Duration KNOCK_AGAIN = Duration.ofSeconds(5);
  private static final Duration CALL_BUDGET = Duration.ofSeconds(15);
  private static final Duration KNOCK_LIFETIME = Duration.ofMinutes(2);
  private static final Duration SECURE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(3);
  private static final int SECURING_AT_ONCE = 4;
  private static final int SOCKETS_IN_LINE = 12;

  private enum State {
    NEW,
    LOOKING,
    PREPARING,
    CALLING,
    OVER
  }

  private record Ends(Endpoint local, Endpoint remote) {}

  private record Found(ServiceRecord record, DayKeys keys) {}

  /** The knock that is out. */
  private record Outstanding(
      CallNonce nonce, SealedItem item, ReplyKeys replyKeys, Instant expires) {}

  private final CallSettings settings;
  private final Sealer sealer;
  private final RandomGenerator random;
  private final Surroundings surroundings;
  private final Map<LocalDate, DayKeys> keys = new LinkedHashMap<>();
  private final Set<LocalDate> lookingUp = new HashSet<>();
  private final SecureQueue secureQueue = new SecureQueue(SECURING_AT_ONCE, SOCKETS_IN_LINE);
  private final Map<SocketId, Ends> up = new HashMap<>();
  private final Deadlines<Timer> timers = new Deadlines<>(Timer.class);
  private final Instant startedAt;
  private List<CallEffect> effects = new ArrayList<>();
  private State state = State.NEW;
  private long nextSocket = 1;
  private boolean rendezvousAnswers;
  private boolean answered;
  private boolean wrongPeer;
  private String rendezvousTrouble = "";
  private @Nullable Found found;
  private @Nullable Outstanding knock;
  private Plan plan = Plan.EMPTY;
  private PunchMachine punch;

  /** What the machine waits for besides events. */
  private enum Timer {
    TIMEOUT,
    SILENCE,
    SETTLE,
    PREPARED,
    LOOKUP,
    KNOCK_AGAIN,
    CALL_BUDGET,
    TURN,
    SIGN_OF_LIFE
  }

  /** A call that has not started. */
  public CallMachine(CallSettings settings, Sealer sealer, RandomGenerator random, Instant now) {
    this.settings = settings;
    this.sealer = sealer;
    this.random = random;
    this.surroundings = new Surroundings(settings.punchPorts(), List.of());
    this.startedAt = now;
    this.punch = punchMachine(Plan.EMPTY, now);
  }

  @Override
  public List<CallEffect> start(Instant now) {
    state = State.LOOKING;
    timers.set(Timer.TIMEOUT, now.plus(settings.timeout()));
    timers.set(Timer.SILENCE, now.plus(SILENT_RENDEZVOUS));
    timers.set(Timer.SIGN_OF_LIFE, now.plus(SIGN_OF_LIFE));
    emit(new CallEffect.Discover());
    lookup(DayKeys.toTry(now).getFirst());
    return take(now);
  }

  @Override
  public List<CallEffect> on(CallEvent event, Instant now) {
    switch (event) {
      case DiscoveryEvent discovery -> onDiscovery(discovery, now);
      case SocketEvent socket -> onSocket(socket, now);
      case CallEvent.RecordArrived(LocalDate day, SealedItem item) -> onRecord(day, item, now);
      case CallEvent.LookupEnded(LocalDate day) -> {
        rendezvousAnswers = true;
        onLookupOver(day, now);
      }
      case CallEvent.LookupFailed(
              LocalDate day,
              RendezvousException.Reason reason,
              String message) -> {
        rendezvousTrouble = message;
        onLookupOver(day, now);
      }
      case CallEvent.KnockDelivered(CallNonce nonce, int accepted, int asked) -> {
        if (isOutstanding(nonce)) {
          report(new Progress.Knocked(accepted, asked));
        }
      }
      case CallEvent.KnockFailed(CallNonce nonce, String message) -> {
        if (isOutstanding(nonce)) {
          report(new Progress.Trouble("the knock could not be left: " + message));
          timers.set(Timer.KNOCK_AGAIN, now.plus(LOOKUP_AGAIN));
        }
      }
      case CallEvent.ReplyArrived(CallNonce nonce, SealedItem item) -> onReply(nonce, item, now);
      case CallEvent.Cancelled cancelled -> finish(new CallOutcome.Abandoned());
    }
    return take(now);
  }

  @Override
  public List<CallEffect> tick(Instant now) {
    for (Timer timer : timers.due(now)) {
      if (state == State.OVER) {
        break;
      }
      switch (timer) {
        case TIMEOUT -> finish(new CallOutcome.Failed(failure()));
        case SILENCE -> onSilence();
        case SETTLE, PREPARED -> onRecordSettled(now);
        case LOOKUP -> DayKeys.toTry(now).forEach(this::lookup);
        case KNOCK_AGAIN -> knockAgain(now);
        case CALL_BUDGET -> finish(new CallOutcome.Failed(failure()));
        case TURN -> call(now);
        case SIGN_OF_LIFE -> {
          reportWaiting(now);
          timers.set(Timer.SIGN_OF_LIFE, now.plus(SIGN_OF_LIFE));
        }
      }
    }
    return take(now);
  }

  @Override
  public @Nullable Instant deadline() {
    if (state == State.OVER) {
      return null;
    }
    Instant timer = timers.earliest();
    Instant dial = punch.deadline();
    if (timer == null || (dial != null && dial.isBefore(timer))) {
      return dial;
    }
    return timer;
  }

  private void onDiscovery(DiscoveryEvent event, Instant now) {
    if (state == State.OVER) {
      return;
    }
    switch (event) {
      case DiscoveryEvent.Joined(int peers, Duration took) -> {
        rendezvousAnswers = true;
        timers.clear(Timer.SILENCE);
        report(new Progress.Joined(peers, took));
      }
      case DiscoveryEvent.JoinFailed(String message) -> {
        rendezvousTrouble = message;
        onSilence();
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
    if (state == State.PREPARING && surroundings.isComplete()) {
      call(now);
    }
  }

  private void onSilence() {
    if (rendezvousAnswers || found != null) {
      return;
    }
    finish(
        new CallOutcome.Failed(
            surroundings.hasNetwork()
                ? Failure.of(Failure.Kind.RENDEZVOUS_UNREACHABLE, rendezvousTrouble)
                : Failure.of(Failure.Kind.LOCAL_PROBLEM, "this computer has no network")));
  }

  private void lookup(LocalDate day) {
    if (lookingUp.add(day)) {
      emit(
          new CallEffect.Lookup(
              keys.computeIfAbsent(day, d -> DayKeys.of(settings.id(), d, sealer))));
    }
  }

  private void onRecord(LocalDate day, SealedItem item, Instant now) {
    DayKeys dayKeys = keys.get(day);
    if (state == State.OVER || dayKeys == null) {
      return;
    }
    ServiceRecord record;
    try {
      record = ServiceRecord.open(item, settings.id(), dayKeys, sealer, now);
    } catch (MalformedException e) {
      report(new Progress.Trouble("a record was not valid and is ignored: " + e.getMessage()));
      return;
    }
    rendezvousAnswers = true;
    if (found != null && !record.newerThan(found.record())) {
      return;
    }
    found = new Found(record, dayKeys);
    switch (state) {
      case LOOKING -> {
        if (!timers.isSet(Timer.SETTLE)) {
          timers.set(Timer.SETTLE, now.plus(NEWER_RECORD_GRACE));
        }
      }
      case CALLING -> call(now);
      case NEW, PREPARING, OVER -> {}
    }
  }

  private void onLookupOver(LocalDate day, Instant now) {
    lookingUp.remove(day);
    if (state != State.LOOKING || !lookingUp.isEmpty()) {
      return;
    }
    if (found != null) {
      onRecordSettled(now);
    } else {
      timers.set(Timer.LOOKUP, now.plus(LOOKUP_AGAIN));
    }
  }

  private void onRecordSettled(Instant now) {
    if (state == State.LOOKING) {
      state = State.PREPARING;
      timers.clear(Timer.SETTLE);
      timers.clear(Timer.LOOKUP);
      timers.clear(Timer.SILENCE);
      timers.set(Timer.PREPARED, now.plus(DISCOVERY_PATIENCE));
      if (!surroundings.isComplete()) {
        return;
      }
    }
    if (state == State.PREPARING) {
      call(now);
    }
  }

  /** Knocks with a new nonce and climbs the ladder from its foot. */
  private void call(Instant now) {
    Found peer = found;
    if (peer == null) {
      throw new IllegalStateException("a call without a record");
    }
    state = State.CALLING;
    timers.clear(Timer.PREPARED);
    timers.clear(Timer.TURN);
    stopPunching();
    Side own = surroundings.side();
    ServiceRecord record = peer.record();
    plan =
        LadderPlanner.plan(
            Role.CALLER,
            own,
            settings.punchPorts(),
            new Side(record.candidates(), record.profile()),
            settings.ladder());
    report(new Progress.Found(record.issuedAt(), record.candidates(), plan.sameNetwork()));
    CallNonce nonce = CallNonce.of(randomBytes(CallNonce.LENGTH));
    Instant expires = now.plus(KNOCK_LIFETIME);
    Knock.Sealed sealed =
        Knock.seal(
            new Knock(
                settings.caller().key(),
                own.candidates(),
                own.profile(),
                new Strategy.SimultaneousOpen(),
                record.issuedAt(),
                nonce,
                now,
                expires),
            settings.caller(),
            settings.id(),
            record.knockKey(),
            Secret32.of(randomBytes(Secret32.LENGTH)),
            sealer);
    knock = new Outstanding(nonce, sealed.item(), sealed.keys(), expires);
    emit(new CallEffect.Knock(nonce, peer.keys().mailbox(), sealed.item(), expires));
    emit(new CallEffect.WatchReplies(nonce, sealed.keys().mailbox()));
    timers.set(Timer.KNOCK_AGAIN, now.plus(KNOCK_AGAIN));
    timers.set(Timer.CALL_BUDGET, now.plus(CALL_BUDGET));
    punch = punchMachine(plan, now);
  }

  /** The same knock once more: a service that has seen it drops it, one that has not needs it. */
  private void knockAgain(Instant now) {
    Outstanding out = knock;
    Found peer = found;
    if (state == State.CALLING && out != null && peer != null) {
      emit(new CallEffect.Knock(out.nonce(), peer.keys().mailbox(), out.item(), out.expires()));
      LocalDate day = peer.keys().day();
      if (lookingUp.add(day)) {
        emit(new CallEffect.Lookup(peer.keys()));
      }
      timers.set(Timer.KNOCK_AGAIN, now.plus(KNOCK_AGAIN));
    }
  }

  private void onReply(CallNonce nonce, SealedItem item, Instant now) {
    Outstanding out = knock;
    if (state != State.CALLING || out == null || !out.nonce().equals(nonce)) {
      return;
    }
    Reply reply;
    try {
      reply = Reply.open(item, out.replyKeys(), sealer);
    } catch (MalformedException e) {
      return; // whoever can read the mailbox's name on the wire may write rubbish to it
    }
    if (!reply.nonce().equals(nonce)) {
      return;
    }
    answered = true;
    switch (reply.outcome()) {
      case ACCEPTED, COUNTERED -> addRungs(reply, now);
      case BUSY -> {
        stopPunching();
        punch = punchMachine(Plan.EMPTY, now);
        timers.clear(Timer.CALL_BUDGET);
        timers.clear(Timer.KNOCK_AGAIN);
        timers.set(Timer.TURN, now.plus(reply.retryAfter()));
        report(waiting(Progress.Waiting.For.TURN, now));
      }
      case REFUSED -> finish(new CallOutcome.Failed(failure(Failure.Kind.REFUSED, "")));
    }
  }

  /** The service moved since its record: climb to where it is now. */
  private void addRungs(Reply reply, Instant now) {
    Plan fresh =
        LadderPlanner.plan(
            Role.CALLER,
            surroundings.side(),
            settings.punchPorts(),
            new Side(reply.candidates(), reply.profile()),
            settings.ladder());
    Set<Endpoint> known = new HashSet<>();
    plan.rungs().forEach(r -> r.dials().forEach(d -> known.add(d.remote())));
    boolean moved =
        fresh.rungs().stream()
            .flatMap(r -> r.dials().stream())
            .map(PlannedDial::remote)
            .anyMatch(remote -> !known.contains(remote));
    if (moved) {
      stopPunching();
      plan = fresh;
      punch = punchMachine(fresh, now);
    }
  }

  private void onSocket(SocketEvent event, Instant now) {
    SocketId id = event.id();
    switch (event) {
      case SocketEvent.Dialed(SocketId socket, Endpoint local, Endpoint remote) -> {
        punch.on(new PunchEvent.Connected(socket), now);
        secure(socket, local, remote);
      }
      case SocketEvent.Accepted(SocketId socket, Endpoint local, Endpoint remote) ->
          secure(socket, local, remote);
      case SocketEvent.DialFailed failed ->
          punch.on(new PunchEvent.Failed(id, failed.failure()), now);
      case SocketEvent.LinkReady ready -> onLinkReady(id, now);
      case SocketEvent.LinkFailed failed -> onLinkFailed(failed, now);
    }
  }

  private void secure(SocketId id, Endpoint local, Endpoint remote) {
    if (state != State.CALLING || !secureQueue.offer(id)) {
      emit(new SocketEffect.Close(id));
      return;
    }
    up.put(id, new Ends(local, remote));
    report(new Progress.Reached(rungOf(id, remote), local, remote, punch.attempts()));
    secureNext();
  }

  private void secureNext() {
    Outstanding out = knock;
    Found peer = found;
    if (state != State.CALLING || out == null || peer == null) {
      return;
    }
    for (SocketId id = secureQueue.next(); id != null; id = secureQueue.next()) {
      emit(
          new CallEffect.Secure(
              id, out.nonce(), peer.record().linkKey(), peer.keys(), SECURE_TIMEOUT));
    }
  }

  private void onLinkReady(SocketId id, Instant now) {
    Ends ends = up.get(id);
    if (state != State.CALLING || ends == null || !secureQueue.isSecuring(id)) {
      emit(new SocketEffect.Close(id));
      return;
    }
    Rung rung = rungOf(id, ends.remote());
    secureQueue.remove(id);
    report(
        new Progress.Connected(
            id,
            rung,
            ends.local(),
            ends.remote(),
            punch.attempts(),
            Duration.between(startedAt, now),
            null));
    finish(new CallOutcome.Linked(id));
  }

  private void onLinkFailed(SocketEvent.LinkFailed failed, Instant now) {
    up.remove(failed.id());
    if (!secureQueue.remove(failed.id())) {
      return;
    }
    punch.on(new PunchEvent.Useless(failed.id()), now);
    RefusalCode refusal = failed.refusal();
    if (refusal != null
        && refusal != RefusalCode.ALREADY_CONNECTED
        && refusal != RefusalCode.BUSY) {
      finish(new CallOutcome.Failed(failure(Failure.Kind.REFUSED, refusal.words())));
      return;
    }
    wrongPeer |= failed.reason() == LinkException.Reason.WRONG_PEER;
    report(new Progress.Trouble("a connection could not be secured: " + failed.message()));
    secureNext();
  }

  private Rung rungOf(SocketId id, Endpoint remote) {
    Rung rung = punch.rungOf(id);
    if (rung != null) {
      return rung;
    }
    boolean dialledLocally =
        plan.rungs().stream()
            .filter(r -> r.rung() == Rung.LOCAL)
            .flatMap(r -> r.dials().stream())
            .anyMatch(d -> d.remote().sameAddress(remote));
    return dialledLocally || remote.scope() == AddressScope.LOOPBACK ? Rung.LOCAL : Rung.EXTERNAL;
  }

  private void reportWaiting(Instant now) {
    switch (state) {
      case LOOKING ->
          report(
              waiting(
                  rendezvousAnswers ? Progress.Waiting.For.RECORD : Progress.Waiting.For.RENDEZVOUS,
                  now));
      case CALLING -> {
        if (!timers.isSet(Timer.TURN)) {
          report(waiting(Progress.Waiting.For.PEER, now));
        }
      }
      case NEW, PREPARING, OVER -> {}
    }
  }

  private Progress waiting(Progress.Waiting.For what, Instant now) {
    return new Progress.Waiting(
        what,
        Duration.between(startedAt, now),
        Duration.between(now, startedAt.plus(settings.timeout())));
  }

  private Failure failure() {
    if (found == null) {
      return rendezvousAnswers
          ? Failure.of(Failure.Kind.NOT_FOUND, "")
          : Failure.of(Failure.Kind.RENDEZVOUS_UNREACHABLE, rendezvousTrouble);
    }
    return failure(wrongPeer && !answered ? Failure.Kind.WRONG_PEER : Failure.Kind.NO_RUNG, "");
  }

  private Failure failure(Failure.Kind kind, String detail) {
    return new Failure(
        kind, detail, found == null ? null : found.record().issuedAt(), answered, punch.reports());
  }

  private void finish(CallOutcome outcome) {
    if (state == State.OVER) {
      return;
    }
    state = State.OVER;
    stopPunching();
    SocketId winner = outcome instanceof CallOutcome.Linked(SocketId id) ? id : null;
    for (SocketId id : secureQueue.drain()) {
      if (!id.equals(winner)) {
        emit(new SocketEffect.Close(id));
      }
    }
    up.clear();
    emit(new CallEffect.Finish(outcome));
  }

  private void stopPunching() {
    punch.stop().forEach(this::emitPunch);
  }

  private void emitPunch(PunchEffect effect) {
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
          report(new Progress.RungStarted(rung, remotes(rung)));
    }
  }

  private List<Endpoint> remotes(Rung rung) {
    return plan.rungs().stream()
        .filter(r -> r.rung() == rung)
        .map(PlannedRung::dials)
        .flatMap(List::stream)
        .map(PlannedDial::remote)
        .distinct()
        .toList();
  }

  private PunchMachine punchMachine(Plan forPlan, Instant now) {
    return new PunchMachine(
        forPlan, settings.pace(), random, () -> SocketId.dialed(nextSocket++), now);
  }

  private boolean isOutstanding(CallNonce nonce) {
    return state == State.CALLING && knock != null && knock.nonce().equals(nonce);
  }

  private byte[] randomBytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private void report(Progress progress) {
    emit(new CallEffect.Report(progress));
  }

  private void emit(CallEffect effect) {
    effects.add(effect);
  }

  private List<CallEffect> take(Instant now) {
    if (state == State.CALLING) {
      punch.poll(now).forEach(this::emitPunch);
    }
    List<CallEffect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }
}
