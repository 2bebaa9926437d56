package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.punch.TokenBucket;
import dev.sallyport.domain.rendezvous.CallNonce;
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
 *   <tr><td>calling</td><td>many dials go to where the service, by its record or reply, is not any
 *       more</td><td>Abort, Knock and Dial anew</td><td>calling</td></tr>
 *   <tr><td>calling</td><td>the knock has to say where our NAT's ports stand</td><td>Sample, and
 *       Knock when it is there, or after 2 s</td><td>calling</td></tr>
 *   <tr><td>calling</td><td>a birthday would be one too many at once</td><td>-</td>
 *       <td>queued</td></tr>
 *   <tr><td>calling</td><td>the service has the knock, or a second passed since its delivery</td>
 *       <td>the Dials of a birthday</td><td>calling</td></tr>
 *   <tr><td>calling</td><td>6 s after the knock, nothing is worth trying from outside</td>
 *       <td>Finish</td><td>over</td></tr>
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
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(3);

  private enum State {
    NEW,
    UNDER_WAY,
    OVER
  }

  private enum Timer {
    TIMEOUT,
    SIGN_OF_LIFE
  }

  private final CallSettings settings;
  private final Surroundings surroundings;
  private final Search search;
  private final Climb climb;
  private final CallSockets sockets;
  private final Route route;
  private final Approach approach;
  private final Deadlines<Timer> timers = new Deadlines<>(Timer.class);
  private final Instant startedAt;
  private List<CallEffect> effects = new ArrayList<>();
  private State state = State.NEW;
  private long nextSocket = 1;

  /** A call that has not started. */
  public CallMachine(CallSettings settings, Sealer sealer, RandomGenerator random, Instant now) {
    this.settings = settings;
    this.startedAt = now;
    surroundings = new Surroundings(settings.punchPorts(), List.of());
    search = new Search(settings.id(), sealer, surroundings, this::emit, now);
    climb =
        new Climb(
            new Climb.Gear(
                settings.pace(),
                random,
                () -> SocketId.dialed(nextSocket++),
                new TokenBucket(settings.pace().dialsPerSecond(), settings.pace().dialsPerSecond()),
                settings.guard(),
                this::emit,
                this::report),
            now);
    sockets = new CallSockets(climb, this::emit);
    route = new Route(settings, surroundings, climb);
    approach =
        new Approach(
            settings, sealer, random, surroundings, search, climb, route, sockets, this::emit);
  }

  @Override
  public List<CallEffect> start(Instant now) {
    state = State.UNDER_WAY;
    timers.set(Timer.TIMEOUT, now.plus(settings.timeout()));
    timers.set(Timer.SIGN_OF_LIFE, now.plus(SIGN_OF_LIFE));
    emit(new CallEffect.Discover());
    search.begin(now);
    return take(now);
  }

  @Override
  public List<CallEffect> on(CallEvent event, Instant now) {
    // After the end only what still comes up matters: it is closed.
    if (state != State.OVER || event instanceof SocketEvent) {
      handle(event, now);
    }
    return take(now);
  }

  private void handle(CallEvent event, Instant now) {
    switch (event) {
      case DiscoveryEvent discovery -> onDiscovery(discovery, now);
      case SocketEvent socket -> onSocket(socket, now);
      case CallEvent.Secured(SocketId id) -> sockets.secured(id, now);
      case CallEvent.RecordArrived(LocalDate day, SealedItem item) -> onRecord(day, item, now);
      case CallEvent.LookupEnded(LocalDate day) -> proceed(search.lookupEnded(day, now), now);
      case CallEvent.LookupFailed(var day, var reason, String message) ->
          proceed(search.lookupFailed(day, message, now), now);
      case CallEvent.KnockDelivered(CallNonce nonce, int accepted, int asked) ->
          approach.delivered(nonce, accepted, asked, now);
      case CallEvent.KnockFailed(CallNonce nonce, String message) ->
          approach.notDelivered(nonce, message, now);
      case CallEvent.ReplyArrived(CallNonce nonce, SealedItem item) -> {
        boolean queuedBefore = approach.isQueued();
        proceed(approach.replied(nonce, item, now));
        if (approach.isQueued() && !queuedBefore) {
          report(waiting(Progress.Waiting.For.TURN, now));
        }
      }
      case CallEvent.Cancelled cancelled -> finish(new CallOutcome.Abandoned());
    }
  }

  @Override
  public List<CallEffect> tick(Instant now) {
    for (Timer timer : timers.due(now)) {
      if (state == State.UNDER_WAY) {
        switch (timer) {
          case TIMEOUT -> finish(new CallOutcome.Failed(failure()));
          case SIGN_OF_LIFE -> {
            reportWaiting(now);
            timers.set(Timer.SIGN_OF_LIFE, now.plus(SIGN_OF_LIFE));
          }
        }
      }
    }
    if (state == State.UNDER_WAY) {
      proceed(search.tick(now), now);
    }
    if (state == State.UNDER_WAY) {
      proceed(approach.tick(now));
    }
    return take(now);
  }

  @Override
  public @Nullable Instant deadline() {
    return state == State.OVER
        ? null
        : Deadlines.earlier(
            timers.earliest(), Deadlines.earlier(search.deadline(), approach.deadline()));
  }

  /** What this call has found out of our NATs, for those that follow; null if nothing is sure. */
  public @Nullable Remembered learnt(Instant now) {
    return surroundings.learnt(now);
  }

  private void onDiscovery(DiscoveryEvent event, Instant now) {
    surroundings.at(now);
    switch (event) {
      case DiscoveryEvent.Joined(int peers, Duration took) -> {
        search.joined();
        report(new Progress.Joined(peers, took));
      }
      case DiscoveryEvent.JoinFailed(String message) -> search.joinFailed(message);
      case DiscoveryEvent.Recalled(Remembered memory) -> surroundings.recalled(memory);
      case DiscoveryEvent.AddressesListed(var addresses) -> surroundings.addresses(addresses);
      case DiscoveryEvent.Observed(var observation) -> surroundings.observed(observation);
      case DiscoveryEvent.Sampled(var seen) ->
          approach.sampled(seen == null ? null : seen.observed(), now);
      case DiscoveryEvent.Confirmed confirmed -> {} // a caller asks afresh anyway
      case DiscoveryEvent.Surveyed surveyed -> surroundings.surveyed();
    }
    Progress news = surroundings.news();
    if (news != null) {
      report(news);
    }
    approach.lookedAround(now);
    proceed(search.lookedAround(), now);
  }

  private void onRecord(LocalDate day, SealedItem item, Instant now) {
    boolean newer = search.arrived(day, item, now);
    ServiceRecord record = search.newest();
    if (newer && record != null) {
      approach.recordArrived(record, now);
    }
  }

  private void proceed(Search.Verdict verdict, Instant now) {
    switch (verdict) {
      case WAIT -> {}
      case CALL -> approach.begin(now);
      case GIVE_UP -> finish(new CallOutcome.Failed(search.failure()));
    }
  }

  private void proceed(Approach.Verdict verdict) {
    switch (verdict) {
      case WAIT -> {}
      case TIME_IS_OVER -> finish(new CallOutcome.Failed(failure()));
      case REFUSED ->
          finish(
              new CallOutcome.Failed(
                  failure(Failure.Kind.REFUSED, RefusalCode.NOT_ALLOWED.words())));
    }
  }

  private void onSocket(SocketEvent event, Instant now) {
    switch (sockets.on(event, approach.isActive(), startedAt, now)) {
      case null -> {}
      case CallSockets.Ending.Linked(SocketId id) -> {
        report(new Progress.Climbed(approach.tactic(), route.peer().profile(), climb.reports()));
        finish(new CallOutcome.Linked(id));
      }
      case CallSockets.Ending.Refused(RefusalCode why) ->
          finish(new CallOutcome.Failed(failure(Failure.Kind.REFUSED, why.words())));
    }
  }

  private void reportWaiting(Instant now) {
    if (approach.isActive()) {
      report(
          waiting(
              approach.isQueued() ? Progress.Waiting.For.TURN : Progress.Waiting.For.PEER, now));
    } else if (search.isLooking()) {
      report(
          waiting(
              search.rendezvousAnswers()
                  ? Progress.Waiting.For.RECORD
                  : Progress.Waiting.For.RENDEZVOUS,
              now));
    }
  }

  private Progress waiting(Progress.Waiting.For what, Instant now) {
    return new Progress.Waiting(
        what,
        Duration.between(startedAt, now),
        Duration.between(now, startedAt.plus(settings.timeout())));
  }

  /** Why the call has not come through by now. */
  private Failure failure() {
    if (search.newest() == null) {
      return search.failure();
    }
    if (approach.isQueued()) {
      return failure(Failure.Kind.REFUSED, RefusalCode.BUSY.words());
    }
    boolean impostor = sockets.metImpostor() && !approach.isAnswered();
    return failure(impostor ? Failure.Kind.WRONG_PEER : Failure.Kind.NO_RUNG, "");
  }

  private Failure failure(Failure.Kind kind, String detail) {
    ServiceRecord record = search.newest();
    return new Failure(
        kind,
        detail,
        record == null ? null : record.issuedAt(),
        approach.isAnswered(),
        route.isSameNetwork(),
        approach.tactic(),
        route.peer().profile(),
        climb.reports());
  }

  private void finish(CallOutcome outcome) {
    state = State.OVER;
    approach.stop();
    emit(new CallEffect.Finish(outcome));
  }

  private void report(Progress progress) {
    emit(new CallEffect.Report(progress));
  }

  private void emit(CallEffect effect) {
    effects.add(effect);
  }

  private List<CallEffect> take(Instant now) {
    approach.poll(now);
    List<CallEffect> taken = effects;
    effects = new ArrayList<>();
    return taken;
  }
}
