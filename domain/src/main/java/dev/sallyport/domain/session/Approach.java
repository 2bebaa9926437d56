package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.ladder.LadderPlanner;
import dev.sallyport.domain.ladder.Plan;
import dev.sallyport.domain.ladder.Role;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import java.time.Duration;
import java.time.Instant;
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
  private static final int MOST_RUNGS = 12;

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
    OWN_NEWS
  }

  private final CallSettings settings;
  private final Sealer sealer;
  private final RandomGenerator random;
  private final Surroundings surroundings;
  private final Search search;
  private final Climb climb;
  private final CallSockets sockets;
  private final Consumer<CallEffect> effects;
  private final Deadlines<Timer> timers = new Deadlines<>(Timer.class);
  private State state = State.IDLE;
  private boolean answered;
  private @Nullable Knocking knock;

  Approach(
      CallSettings settings,
      Sealer sealer,
      RandomGenerator random,
      Surroundings surroundings,
      Search search,
      Climb climb,
      CallSockets sockets,
      Consumer<CallEffect> effects) {
    this.settings = settings;
    this.sealer = sealer;
    this.random = random;
    this.surroundings = surroundings;
    this.search = search;
    this.climb = climb;
    this.sockets = sockets;
    this.effects = effects;
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
    Plan plan = planTowards(new Side(record.candidates(), record.profile()));
    climb.begin(plan, now);
    report(new Progress.Found(record.issuedAt(), record.candidates(), plan.sameNetwork()));
    knock(record, now);
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
      climbTo(new Side(record.candidates(), record.profile()), now);
    }
  }

  /** Something may have changed in what we know of ourselves; more may follow at once. */
  void lookedAround(Instant now) {
    if (state == State.CALLING && isKnockOutdated() && !timers.isSet(Timer.OWN_NEWS)) {
      timers.set(Timer.OWN_NEWS, now.plus(SETTLING));
    }
  }

  void delivered(CallNonce nonce, int accepted, int asked, Instant now) {
    Knocking out = outstanding(nonce);
    if (out != null && out.delivered()) {
      report(new Progress.Knocked(accepted, asked));
      timers.set(Timer.CALL_BUDGET, now.plus(CALL_BUDGET));
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
    if (reply == null) {
      return Verdict.WAIT;
    }
    answered = true;
    switch (reply.outcome()) {
      case ACCEPTED, COUNTERED -> climbTo(new Side(reply.candidates(), reply.profile()), now);
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
      }
    }
    return Verdict.WAIT;
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
    effects.accept(out.leave());
    effects.accept(out.watch());
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
    ServiceRecord record = search.newest();
    if (state == State.CALLING && record != null && isKnockOutdated()) {
      climbTo(new Side(record.candidates(), record.profile()), now);
      knock(record, now);
    }
  }

  private boolean isKnockOutdated() {
    return knock != null && knock.isOutdated(surroundings.certainty(), surroundings.side());
  }

  /** Comes back when asked to, a little apart from all the others who were told the same. */
  private void queue(Duration asked, Instant now) {
    climb.stop();
    state = State.QUEUED;
    timers.clear(Timer.CALL_BUDGET);
    timers.clear(Timer.KNOCK_AGAIN);
    timers.clear(Timer.OWN_NEWS);
    Duration least = asked.compareTo(SHORTEST_TURN) < 0 ? SHORTEST_TURN : asked;
    timers.set(Timer.TURN, now.plus(least).plusNanos(random.nextLong(least.toNanos() / 4)));
  }

  /** Dials where the service is now, besides where it was. */
  private void climbTo(Side peer, Instant now) {
    // Whoever moves more often than that has us dial half the Internet.
    if (climb.plan().rungs().size() <= MOST_RUNGS) {
      climb.add(planTowards(peer), now);
    }
  }

  private Plan planTowards(Side peer) {
    return LadderPlanner.plan(
        Role.CALLER, surroundings.side(), settings.punchPorts(), peer, settings.ladder());
  }

  /** The knock with this nonce, if it is out and waits for its answer. */
  private @Nullable Knocking outstanding(CallNonce nonce) {
    return state == State.CALLING && knock != null && knock.nonce().equals(nonce) ? knock : null;
  }

  private void report(Progress progress) {
    effects.accept(new CallEffect.Report(progress));
  }
}
