package dev.sallyport.domain.session;

import dev.sallyport.domain.address.AddressScope;
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
import dev.sallyport.domain.rendezvous.RendezvousException;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
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
 *   <tr><td>looking</td><td>the rendezvous cannot be joined, or stays silent for 8 s</td>
 *       <td>Finish</td><td>over</td></tr>
 *   <tr><td>preparing</td><td>we know our candidates, or 1.5 s passed since the start</td><td>Knock,
 *       WatchReplies, first Dials</td><td>calling</td></tr>
 *   <tr><td>calling, queued</td><td>a restarted service's record arrives</td><td>Abort, Knock and
 *       Dial anew</td><td>calling</td></tr>
 *   <tr><td>calling</td><td>a record or a reply has new endpoints</td><td>Dials of those too</td>
 *       <td>calling</td></tr>
 *   <tr><td>calling</td><td>an external endpoint that our knock lacked or guessed is known</td>
 *       <td>Knock anew</td><td>calling</td></tr>
 *   <tr><td>calling</td><td>every 5 s</td><td>the same Knock once more, Lookup</td>
 *       <td>calling</td></tr>
 *   <tr><td>calling, queued</td><td>dialled, accepted</td><td>Secure, at most 4 at once</td>
 *       <td>same</td></tr>
 *   <tr><td>calling, queued</td><td>secured</td><td>Greet, one at a time</td><td>same</td></tr>
 *   <tr><td>calling, queued</td><td>no WELCOME for 2 RTT + 300 ms, and another is secured</td>
 *       <td>Close it, Greet the other</td><td>same</td></tr>
 *   <tr><td>calling</td><td>reply: busy</td><td>Abort</td><td>queued</td></tr>
 *   <tr><td>queued</td><td>it is our turn</td><td>Knock and Dial anew</td><td>calling</td></tr>
 *   <tr><td>calling, queued</td><td>reply or link refused</td><td>Abort, Close, Finish</td>
 *       <td>over</td></tr>
 *   <tr><td>calling, queued</td><td>link ready</td><td>Abort and Close the others, Finish</td>
 *       <td>over</td></tr>
 *   <tr><td>calling</td><td>15 s after the knock, and after its delivery</td><td>Abort, Close,
 *       Finish</td><td>over</td></tr>
 *   <tr><td>any</td><td>timeout, cancelled</td><td>Abort, Close, Finish</td><td>over</td></tr>
 *   <tr><td>any but calling, queued</td><td>a socket comes up</td><td>Close</td><td>same</td></tr>
 * </table>
 *
 * <p>Not thread-safe: one thread at a time. No clock and no randomness of its own.
 */
public final class CallMachine implements Machine<CallEvent, CallEffect> {
  private static final Duration NEWER_RECORD_GRACE = Duration.ofMillis(150);
  private static final Duration DISCOVERY_PATIENCE = Duration.ofMillis(1500);
  private static final Duration LAST_OBSERVERS = Duration.ofMillis(300);
  private static final Duration LOOKUP_AGAIN = Duration.ofSeconds(1);
  private static final Duration SILENT_RENDEZVOUS = Duration.ofSeconds(8);
  private static final Duration KNOCK_AGAIN = Duration.ofSeconds(5);
  private static final Duration CALL_BUDGET = Duration.ofSeconds(15);
  private static final Duration SHORTEST_TURN = Duration.ofMillis(500);
  private static final Duration SETTLING = Duration.ofMillis(200);
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);
  private static final int MOST_RUNGS = 12;
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(3);

  private enum State {
    NEW,
    LOOKING,
    PREPARING,
    CALLING,
    QUEUED,
    OVER
  }

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
    OWN_NEWS,
    SIGN_OF_LIFE
  }

  private final CallSettings settings;
  private final Sealer sealer;
  private final RandomGenerator random;
  private final Surroundings surroundings;
  private final RecordSearch search;
  private final Handshakes handshakes = new Handshakes();
  private final Deadlines<Timer> timers = new Deadlines<>(Timer.class);
  private final Instant startedAt;
  private List<CallEffect> effects = new ArrayList<>();
  private State state = State.NEW;
  private long nextSocket = 1;
  private int earlierAttempts;
  private boolean rendezvousAnswers;
  private boolean joinFailed;
  private boolean answered;
  private boolean wrongPeer;
  private String rendezvousTrouble = "";
  private @Nullable Knocking knock;
  private Plan plan = Plan.EMPTY;
  private PunchMachine punch;

  /** A call that has not started. */
  public CallMachine(CallSettings settings, Sealer sealer, RandomGenerator random, Instant now) {
    this.settings = settings;
    this.sealer = sealer;
    this.random = random;
    this.surroundings = new Surroundings(settings.punchPorts(), List.of());
    this.search = new RecordSearch(settings.id(), sealer, this::emit);
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
    search.askForToday(now);
    return take(now);
  }

  @Override
  public List<CallEffect> on(CallEvent event, Instant now) {
    switch (event) {
      case DiscoveryEvent discovery -> onDiscovery(discovery, now);
      case SocketEvent socket -> onSocket(socket, now);
      case CallEvent.Secured(SocketId id) -> handshakes.secured(id, now);
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
        Knocking out = outstanding(nonce);
        if (out != null && out.delivered()) {
          report(new Progress.Knocked(accepted, asked));
          timers.set(Timer.CALL_BUDGET, now.plus(CALL_BUDGET));
        }
      }
      case CallEvent.KnockFailed(CallNonce nonce, String message) -> {
        if (outstanding(nonce) != null) {
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
        case TIMEOUT, CALL_BUDGET -> finish(new CallOutcome.Failed(failure()));
        case SILENCE -> giveUpIfSilent();
        case SETTLE, PREPARED -> onRecordSettled(now);
        case LOOKUP -> search.askForAll(now);
        case KNOCK_AGAIN -> knockAgain(now);
        case TURN -> call(now);
        case OWN_NEWS -> knockWhatWeKnowNow(now);
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
    return Deadlines.earlier(
        timers.earliest(), Deadlines.earlier(punch.deadline(), handshakes.deadline()));
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
        joinFailed = true;
      }
      case DiscoveryEvent.AddressesListed(var addresses) -> surroundings.addresses(addresses);
      case DiscoveryEvent.Observed(var observation) -> surroundings.observed(observation);
      case DiscoveryEvent.Surveyed surveyed -> surroundings.surveyed();
    }
    if (joinFailed && surroundings.isListed()) {
      giveUpIfSilent();
    }
    Progress news = surroundings.news();
    if (news != null) {
      report(news);
    }
    if (state == State.PREPARING && surroundings.isComplete()) {
      call(now);
    } else if (state == State.CALLING && isKnockOutdated() && !timers.isSet(Timer.OWN_NEWS)) {
      timers.set(Timer.OWN_NEWS, now.plus(SETTLING));
    }
  }

  private void giveUpIfSilent() {
    if (!rendezvousAnswers && search.newest() == null) {
      finish(new CallOutcome.Failed(surroundings.unreachable(rendezvousTrouble)));
    }
  }

  private void onRecord(LocalDate day, SealedItem item, Instant now) {
    if (state == State.OVER || !search.arrived(day, item, now)) {
      return;
    }
    rendezvousAnswers = true;
    Knocking out = knock;
    ServiceRecord record = search.newest();
    if (state == State.LOOKING && !timers.isSet(Timer.SETTLE)) {
      timers.set(Timer.SETTLE, now.plus(NEWER_RECORD_GRACE));
    } else if (isActive() && out != null && record != null) {
      if (!out.isFor(record)) {
        dropSockets(); // they lead to a run of the service that is over
        call(now);
      } else if (state == State.CALLING) {
        climbTo(new Side(record.candidates(), record.profile()), now);
      }
    }
  }

  private void onLookupOver(LocalDate day, Instant now) {
    if (!search.ended(day) || state != State.LOOKING) {
      return;
    }
    if (search.newest() != null) {
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
      if (!surroundings.isComplete()) {
        Instant patience = startedAt.plus(DISCOVERY_PATIENCE);
        Instant atLeast = now.plus(LAST_OBSERVERS);
        timers.set(Timer.PREPARED, patience.isAfter(atLeast) ? patience : atLeast);
        return;
      }
    }
    if (state == State.PREPARING) {
      call(now);
    }
  }

  /** Knocks with a new nonce and climbs the ladder from its foot. */
  private void call(Instant now) {
    ServiceRecord record = search.newest();
    if (record == null) {
      throw new IllegalStateException("a call without a record");
    }
    stopPunching();
    earlierAttempts += punch.attempts();
    state = State.CALLING;
    wrongPeer = false;
    timers.clear(Timer.PREPARED);
    timers.clear(Timer.TURN);
    plan = planTowards(new Side(record.candidates(), record.profile()));
    punch = punchMachine(plan, now);
    report(new Progress.Found(record.issuedAt(), record.candidates(), plan.sameNetwork()));
    knock(record, now);
  }

  private void knock(ServiceRecord record, Instant now) {
    Knocking out =
        new Knocking(
            settings.caller(),
            settings.id(),
            record,
            search.today(now),
            surroundings.side(),
            surroundings.certainty(),
            sealer,
            random,
            now);
    knock = out;
    emit(out.leave());
    emit(out.watch());
    timers.clear(Timer.OWN_NEWS);
    timers.set(Timer.KNOCK_AGAIN, now.plus(KNOCK_AGAIN));
    timers.set(Timer.CALL_BUDGET, now.plus(CALL_BUDGET));
  }

  private void knockAgain(Instant now) {
    Knocking out = knock;
    if (state == State.CALLING && out != null) {
      emit(out.leave());
      search.askForToday(now);
      timers.set(Timer.KNOCK_AGAIN, now.plus(KNOCK_AGAIN));
    }
  }

  /** The service cannot reach what we guessed wrong; what is under way here goes on. */
  private void knockWhatWeKnowNow(Instant now) {
    ServiceRecord record = search.newest();
    if (state == State.CALLING && record != null && isKnockOutdated()) {
      climbTo(new Side(record.candidates(), record.profile()), now);
      knock(record, now);
    }
  }

  private boolean isKnockOutdated() {
    return knock != null && knock.isOutdated(surroundings.certainty(), surroundings.side());
  }

  private void onReply(CallNonce nonce, SealedItem item, Instant now) {
    Knocking out = outstanding(nonce);
    Reply reply = out == null ? null : out.open(item);
    if (reply == null) {
      return;
    }
    answered = true;
    switch (reply.outcome()) {
      case ACCEPTED, COUNTERED -> climbTo(new Side(reply.candidates(), reply.profile()), now);
      case BUSY -> {
        stopPunching();
        state = State.QUEUED;
        timers.clear(Timer.CALL_BUDGET);
        timers.clear(Timer.KNOCK_AGAIN);
        timers.clear(Timer.OWN_NEWS);
        timers.set(Timer.TURN, now.plus(turn(reply.retryAfter())));
        report(waiting(Progress.Waiting.For.TURN, now));
      }
      case REFUSED -> finish(new CallOutcome.Failed(failure(Failure.Kind.REFUSED, "")));
    }
  }

  /** When to come back, a little apart from all the others who were told the same. */
  private Duration turn(Duration asked) {
    Duration least = asked.compareTo(SHORTEST_TURN) < 0 ? SHORTEST_TURN : asked;
    return least.plusNanos(random.nextLong(least.toNanos() / 4));
  }

  /** Dials where the service is now, besides where it was. */
  private void climbTo(Side peer, Instant now) {
    if (plan.rungs().size() > MOST_RUNGS) {
      return; // whoever moves that often has us dial half the Internet
    }
    Plan fresh = planTowards(peer);
    punch.add(fresh, now);
    plan = plan.and(fresh);
  }

  private Plan planTowards(Side peer) {
    return LadderPlanner.plan(
        Role.CALLER, surroundings.side(), settings.punchPorts(), peer, settings.ladder());
  }

  private void onSocket(SocketEvent event, Instant now) {
    SocketId id = event.id();
    switch (event) {
      case SocketEvent.Dialed(var dialed, var local, var remote) -> {
        punch.on(new PunchEvent.Connected(id), now);
        onUp(id, new Ends(local, remote), now);
      }
      case SocketEvent.Accepted(var accepted, var local, var remote) ->
          onUp(id, new Ends(local, remote), now);
      case SocketEvent.DialFailed failed ->
          punch.on(new PunchEvent.Failed(id, failed.failure()), now);
      case SocketEvent.LinkReady ready -> onLinkReady(id, now);
      case SocketEvent.LinkFailed failed -> onLinkFailed(failed, now);
    }
  }

  private void onUp(SocketId id, Ends ends, Instant now) {
    if (!isActive() || !handshakes.offer(id, ends)) {
      emit(new SocketEffect.Close(id));
      punch.on(new PunchEvent.Useless(id), now);
      return;
    }
    report(new Progress.Reached(rungOf(id, ends), ends.local(), ends.remote(), attempts()));
  }

  /** Secures and greets what can be, and moves on from a socket that answers too late. */
  private void shakeHands(Instant now) {
    Knocking out = knock;
    if (!isActive() || out == null) {
      return;
    }
    SocketId overdue = handshakes.overdue(now);
    if (overdue != null) {
      handshakes.remove(overdue);
      emit(new SocketEffect.Close(overdue));
      punch.on(new PunchEvent.Useless(overdue), now);
      report(new Progress.Trouble("a connection answers too late, the next one is tried"));
    }
    for (SocketId id = handshakes.nextToSecure(now);
        id != null;
        id = handshakes.nextToSecure(now)) {
      emit(new CallEffect.Secure(id, out.linkKey(), HANDSHAKE_TIMEOUT));
    }
    SocketId next = handshakes.nextToGreet(now);
    if (next != null) {
      emit(new CallEffect.Greet(next, out.nonce(), out.keys(), HANDSHAKE_TIMEOUT));
    }
  }

  private void onLinkReady(SocketId id, Instant now) {
    Ends ends = handshakes.ends(id);
    if (!isActive() || ends == null || !handshakes.isGreeted(id)) {
      emit(new SocketEffect.Close(id));
      return;
    }
    Rung rung = rungOf(id, ends);
    handshakes.remove(id);
    report(
        new Progress.Connected(
            id,
            rung,
            ends.local(),
            ends.remote(),
            attempts(),
            Duration.between(startedAt, now),
            null));
    finish(new CallOutcome.Linked(id));
  }

  private void onLinkFailed(SocketEvent.LinkFailed failed, Instant now) {
    if (!handshakes.remove(failed.id())) {
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
  }

  private Rung rungOf(SocketId id, Ends ends) {
    Rung rung = punch.rungOf(id);
    if (rung != null) {
      return rung;
    }
    boolean local =
        ends.remote().scope() == AddressScope.LOOPBACK
            || plan.remotes(Rung.LOCAL).stream().anyMatch(ends.remote()::sameAddress);
    return local ? Rung.LOCAL : Rung.EXTERNAL;
  }

  private int attempts() {
    return earlierAttempts + punch.attempts();
  }

  private void reportWaiting(Instant now) {
    switch (state) {
      case LOOKING ->
          report(
              waiting(
                  rendezvousAnswers ? Progress.Waiting.For.RECORD : Progress.Waiting.For.RENDEZVOUS,
                  now));
      case CALLING -> report(waiting(Progress.Waiting.For.PEER, now));
      case QUEUED -> report(waiting(Progress.Waiting.For.TURN, now));
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
    if (search.newest() == null) {
      return rendezvousAnswers
          ? Failure.of(Failure.Kind.NOT_FOUND, "")
          : surroundings.unreachable(rendezvousTrouble);
    }
    if (state == State.QUEUED) {
      return failure(Failure.Kind.REFUSED, RefusalCode.BUSY.words());
    }
    return failure(wrongPeer && !answered ? Failure.Kind.WRONG_PEER : Failure.Kind.NO_RUNG, "");
  }

  private Failure failure(Failure.Kind kind, String detail) {
    ServiceRecord record = search.newest();
    return new Failure(
        kind, detail, record == null ? null : record.issuedAt(), answered, punch.reports());
  }

  private void finish(CallOutcome outcome) {
    if (state == State.OVER) {
      return;
    }
    state = State.OVER;
    stopPunching();
    dropSockets();
    emit(new CallEffect.Finish(outcome));
  }

  private void dropSockets() {
    handshakes.drain().forEach(id -> emit(new SocketEffect.Close(id)));
  }

  private void stopPunching() {
    punch.stop().forEach(this::emitPunch);
  }

  private void emitPunch(PunchEffect effect) {
    switch (effect) {
      case PunchEffect.Dial(var id, var rung, int localPort, var remote, var timeout) ->
          emit(new SocketEffect.Dial(id, localPort, remote, timeout));
      case PunchEffect.Abort(SocketId id) -> emit(new SocketEffect.Abort(id));
      case PunchEffect.RungStarted(Rung rung) ->
          report(new Progress.RungStarted(rung, plan.remotes(rung)));
    }
  }

  private PunchMachine punchMachine(Plan forPlan, Instant now) {
    return new PunchMachine(
        forPlan, settings.pace(), random, () -> SocketId.dialed(nextSocket++), now);
  }

  private boolean isActive() {
    return state == State.CALLING || state == State.QUEUED;
  }

  /** The knock with this nonce, if it is out and waits for its answer. */
  private @Nullable Knocking outstanding(CallNonce nonce) {
    return state == State.CALLING && knock != null && knock.nonce().equals(nonce) ? knock : null;
  }

  private void report(Progress progress) {
    emit(new CallEffect.Report(progress));
  }

  private void emit(CallEffect effect) {
    effects.add(effect);
  }

  private List<CallEffect> take(Instant now) {
    shakeHands(now);
    if (state == State.CALLING) {
      punch.poll(now).forEach(this::emitPunch);
    }
    List<CallEffect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }
}
