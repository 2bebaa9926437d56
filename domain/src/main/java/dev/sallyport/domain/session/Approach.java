package dev.sallyport.domain.session;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.ladder.Burst;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The second half of a call: knocks at the service that was found, climbs the ladder towards it,
 * follows it when it moves or restarts, and comes back later when it is busy.
 */
final class Approach {
  private static final Duration KNOCK_AGAIN = Duration.ofSeconds(5);
  private static final Duration KNOCK_FAILED = Duration.ofSeconds(1);
  private static final Duration CALL_BUDGET = Duration.ofSeconds(15);
  private static final Duration SHORTEST_TURN = Duration.ofMillis(500);
  private static final Duration SETTLING = Duration.ofMillis(200);
  private static final Duration SAMPLED = Duration.ofSeconds(2);
  private static final int MOST_SAMPLES = 3;
  private static final Duration TACTIC = Duration.ofSeconds(1);

  /** How it stands. */
  enum Verdict {
    WAIT,
    TIME_IS_OVER,
    REFUSED
  }

  private enum State {
    IDLE,
    CALLING,
    QUEUED
  }

  private enum Timer {
    KNOCK_AGAIN,
    CALL_BUDGET,
    TURN,
    OWN_NEWS,
    SAMPLE,
    TACTIC,
    HOPELESS
  }

  private final CallSettings settings;
  private final Sealer sealer;
  private final RandomGenerator random;
  private final Surroundings surroundings;
  private final Search search;
  private final Climb climb;
  private final CallSockets sockets;
  private final Consumer<CallEffect> effects;
  private final CallTactics tactics;
  private final Route route;
  private final Deadlines<Timer> timers = new Deadlines<>(Timer.class);
  private State state = State.IDLE;
  private boolean answered;
  private Instant begunAt = Instant.MIN;
  private int samples;
  private @Nullable Knocking knock;

  Approach(
      CallSettings settings,
      Sealer sealer,
      RandomGenerator random,
      Surroundings surroundings,
      Search search,
      Climb climb,
      Route route,
      CallSockets sockets,
      Consumer<CallEffect> effects) {
    this.settings = settings;
    this.sealer = sealer;
    this.random = random;
    this.surroundings = surroundings;
    this.search = search;
    this.climb = climb;
    this.route = route;
    this.sockets = sockets;
    this.effects = effects;
    this.tactics = new CallTactics(settings.guard(), random, settings.ladder());
  }

  /** Whether connections are welcome. */
  boolean isActive() {
    return state != State.IDLE;
  }

  /** Whether the service has put us off, and we wait for our turn. */
  boolean isQueued() {
    return state == State.QUEUED;
  }

  /** Whether the service replied to a knock of ours. */
  boolean isAnswered() {
    return answered;
  }

  /** Knocks with a new nonce and climbs the ladder from its foot. */
  void begin(Instant now) {
    ServiceRecord record = search.newest();
    if (record == null) {
      throw new IllegalStateException("a call without a record");
    }
    state = State.CALLING;
    timers.clear(Timer.TURN);
    begunAt = now;
    timers.set(Timer.HOPELESS, now.plus(Hopelessness.EARLIEST));
    tactics.forget();
    route.learn(record);
    Plan plan = route.plan();
    if (mayTry(plan.sameNetwork(), now)) {
      climb.begin(plan, now);
      report(new Progress.Found(record.issuedAt(), record.candidates(), plan.sameNetwork()));
      prepareKnock(now);
    }
  }

  /** Decides what to try; if it is another's turn to try such a thing, we wait for ours. */
  private boolean mayTry(boolean sameNetwork, Instant now) {
    tactics.begin(surroundings.side(), route.peer(), sameNetwork);
    BurstGuard.Wait wait = tactics.ask(route.peer(), now);
    if (wait != null) {
      queue(wait.taken() ? SHORTEST_TURN : wait.longest(), now);
    }
    return wait == null;
  }

  /** A newer record is here: the service has moved, or it is another run with other keys. */
  void recordArrived(ServiceRecord record, Instant now) {
    Knocking out = knock;
    if (out == null) {
      return;
    }
    if (!out.isFor(record)) {
      sockets.drop(); // they lead to a run of the service that is over
      begin(now);
    } else if (state == State.CALLING) {
      route.learn(record);
      route.goOn(now);
      lookedAround(now);
    }
  }

  /** Something may have changed in what we know of both sides; more may follow at once. */
  void lookedAround(Instant now) {
    boolean known = timers.isSet(Timer.OWN_NEWS) || timers.isSet(Timer.SAMPLE);
    if (state == State.CALLING && !known && isKnockOutdated()) {
      timers.set(Timer.OWN_NEWS, now.plus(SETTLING));
    }
  }

  void delivered(CallNonce nonce, int accepted, int asked, Instant now) {
    Knocking out = outstanding(nonce);
    if (out != null && out.delivered()) {
      report(new Progress.Knocked(accepted, asked));
      climb.hasten(now);
      timers.set(Timer.CALL_BUDGET, now.plus(CALL_BUDGET));
      if (tactics.waitsForService()) {
        timers.set(Timer.TACTIC, now.plus(TACTIC));
      }
    }
  }

  void notDelivered(CallNonce nonce, String message, Instant now) {
    if (outstanding(nonce) != null) {
      report(new Progress.Trouble("the knock could not be left: " + message));
      timers.set(Timer.KNOCK_AGAIN, now.plus(KNOCK_FAILED));
    }
  }

  Verdict replied(CallNonce nonce, SealedItem item, Instant now) {
    Knocking out = outstanding(nonce);
    Reply reply = out == null ? null : out.open(item);
    if (out == null || reply == null) {
      return Verdict.WAIT;
    }
    answered = true;
    switch (reply.outcome()) {
      case ACCEPTED, COUNTERED -> {
        route.answered(reply, now);
        tell(tactic());
        List<Burst> bursts =
            tactics.answered(reply, surroundings.meetingPort(), out.said(), route.peer(), now);
        if (bursts == null) {
          samples = 0;
          sample(now);
        } else {
          climb.dial(bursts, now);
          lookedAround(now);
        }
      }
      case BUSY -> queue(reply.retryAfter(), now);
      case REFUSED -> {
        return Verdict.REFUSED;
      }
    }
    return Verdict.WAIT;
  }

  Verdict tick(Instant now) {
    for (Timer timer : timers.due(now)) {
      switch (timer) {
        case CALL_BUDGET -> {
          return Verdict.TIME_IS_OVER;
        }
        case KNOCK_AGAIN -> knockAgain(now);
        case TURN -> begin(now);
        case OWN_NEWS -> knockWhatWeKnowNow(now);
        case SAMPLE -> knock(null, now);
        case TACTIC -> {
          if (state == State.CALLING) {
            climb.dial(tactics.now(surroundings.meetingPort(), route.peer(), now), now);
          }
        }
        case HOPELESS -> {
          if (isHopeless(now)) {
            return Verdict.TIME_IS_OVER;
          }
          timers.set(Timer.HOPELESS, now.plus(Hopelessness.AGAIN));
        }
      }
    }
    return Verdict.WAIT;
  }

  private boolean isHopeless(Instant now) {
    return state == State.CALLING
        && !settings.ladder().isSequential() // then each rung shall have its turn
        && !sockets.isShakingHands()
        && Hopelessness.is(
            tactic(), route.isSameNetwork(), answered, Duration.between(begunAt, now));
  }

  /** When to tick or poll next, or null. */
  @Nullable Instant deadline() {
    return Deadlines.earlier(
        timers.earliest(), Deadlines.earlier(climb.deadline(), sockets.deadline()));
  }

  /** Lets the sockets and the ladder go on. */
  void poll(Instant now) {
    if (isActive() && knock != null) {
      sockets.shakeHands(knock, now);
    }
    if (state == State.CALLING) {
      climb.poll(now);
    }
  }

  /** Ends all of it. */
  void stop() {
    state = State.IDLE;
    climb.stop();
    sockets.drop();
    tactics.done();
  }

  /** What can be tried by what is known of both sides by now. */
  Tactic tactic() {
    return tactics.now(surroundings.side(), route.peer(), route.isSameNetwork());
  }

  /** Where our NAT's ports stand, as far as anybody could say. */
  void sampled(@Nullable Endpoint seen, Instant now) {
    if (state != State.CALLING) {
      return;
    }
    boolean wanted = timers.isSet(Timer.SAMPLE) || tactics.waitsForSample();
    if (wanted && seen == null && samples < MOST_SAMPLES) {
      sample(now); // its SYN may have been lost
    } else if (timers.isSet(Timer.SAMPLE)) {
      timers.clear(Timer.SAMPLE);
      knock(seen, now);
    } else {
      climb.dial(tactics.mirrored(seen), now);
    }
  }

  private void sample(Instant now) {
    samples++;
    effects.accept(new CallEffect.Sample());
    if (timers.isSet(Timer.SAMPLE)) {
      timers.set(Timer.SAMPLE, now.plus(SAMPLED));
    }
  }

  private void prepareKnock(Instant now) {
    samples = 0;
    if (tactics.wantsSample()) {
      timers.set(Timer.SAMPLE, now.plus(SAMPLED));
      sample(now);
    } else {
      knock(null, now);
    }
  }

  private void knock(@Nullable Endpoint sample, Instant now) {
    ServiceRecord record = search.newest();
    if (state != State.CALLING || record == null) {
      return;
    }
    Side own = surroundings.side();
    Knocking out =
        new Knocking(
            settings.caller(),
            settings.id(),
            record,
            search.today(now),
            own,
            surroundings.certainty(),
            tactics.propose(own, route.peer(), sample),
            sample,
            sealer,
            random,
            now);
    knock = out;
    tell(tactics.tactic());
    climb.dial(tactics.atKnock(route.peer()), now);
    effects.accept(out.leave());
    boolean waits = tactics.tactic().kind() != Tactic.Kind.OPEN;
    effects.accept(out.watch(waits ? Rendezvous.Pace.FAST : Rendezvous.Pace.STEADY));
    timers.clear(Timer.TACTIC);
    timers.clear(Timer.OWN_NEWS);
    timers.set(Timer.KNOCK_AGAIN, now.plus(KNOCK_AGAIN));
    timers.set(Timer.CALL_BUDGET, now.plus(CALL_BUDGET));
  }

  private void knockAgain(Instant now) {
    if (state == State.CALLING && knock != null) {
      effects.accept(knock.leave());
      search.lookAgain(now);
      timers.set(Timer.KNOCK_AGAIN, now.plus(KNOCK_AGAIN));
    }
  }

  /** The service cannot reach what we guessed wrong; what is under way here goes on. */
  private void knockWhatWeKnowNow(Instant now) {
    if (state == State.CALLING && isKnockOutdated()) {
      if (tactics.misses(surroundings.side(), route.peer())) {
        climb.begin(route.plan(), now);
      } else {
        route.goOn(now);
      }
      if (mayTry(route.isSameNetwork(), now)) {
        prepareKnock(now);
      }
    }
  }

  /** Whether we know better now where we are, or what to try. */
  private boolean isKnockOutdated() {
    Side own = surroundings.side();
    return knock != null
        && (tactics.misses(own, route.peer())
            || tactics.isOutdated(own, route.peer(), route.isSameNetwork())
            || knock.isOutdated(surroundings.certainty(), own));
  }

  /** Comes back when asked to, a little apart from all the others who were told the same. */
  private void queue(Duration asked, Instant now) {
    climb.stop();
    tactics.done();
    state = State.QUEUED;
    timers.clearAll();
    Duration least = asked.compareTo(SHORTEST_TURN) < 0 ? SHORTEST_TURN : asked;
    timers.set(Timer.TURN, now.plus(least).plusNanos(random.nextLong(least.toNanos() / 4)));
  }

  /** The knock with this nonce, if it is out and waits for its answer. */
  private @Nullable Knocking outstanding(CallNonce nonce) {
    return state == State.CALLING && knock != null && knock.nonce().equals(nonce) ? knock : null;
  }

  /** Says what is tried, if it is not what was said last. */
  private void tell(Tactic tactic) {
    if (tactics.isNews(tactic)) {
      report(new Progress.Tried(tactic, null));
    }
  }

  private void report(Progress progress) {
    effects.accept(new CallEffect.Report(progress));
  }
}
