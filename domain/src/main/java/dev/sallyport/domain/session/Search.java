package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The first half of a call: looks for the service's record while discovery looks around, and says
 * when enough is known to knock, or that the rendezvous is out of reach. Later it goes on looking
 * for newer records when asked.
 */
final class Search {
  private static final Duration NEWER_RECORD_GRACE = Duration.ofMillis(150);
  private static final Duration DISCOVERY_PATIENCE = Duration.ofMillis(1500);
  private static final Duration LAST_OBSERVERS = Duration.ofMillis(300);
  private static final Duration LOOKUP_AGAIN = Duration.ofSeconds(1);
  private static final Duration SILENT_RENDEZVOUS = Duration.ofSeconds(8);

  /** What is to be done now. */
  enum Verdict {
    WAIT,
    CALL,
    GIVE_UP
  }

  private enum State {
    LOOKING,
    PREPARING,
    DONE
  }

  private enum Timer {
    SILENCE,
    SETTLE,
    PREPARED,
    LOOKUP
  }

  private final Surroundings surroundings;
  private final RecordSearch records;
  private final Instant startedAt;
  private final Deadlines<Timer> timers = new Deadlines<>(Timer.class);
  private State state = State.LOOKING;
  private boolean rendezvousAnswers;
  private boolean joinFailed;
  private String trouble = "";

  Search(
      ServiceId id,
      Sealer sealer,
      Surroundings surroundings,
      Consumer<CallEffect> effects,
      Instant now) {
    this.surroundings = surroundings;
    this.records = new RecordSearch(id, sealer, effects);
    this.startedAt = now;
  }

  void begin(Instant now) {
    timers.set(Timer.SILENCE, now.plus(SILENT_RENDEZVOUS));
    records.askForToday(now);
  }

  /** The rendezvous is reached. */
  void joined() {
    rendezvousAnswers = true;
    timers.clear(Timer.SILENCE);
  }

  /** The rendezvous cannot be reached; {@link #lookedAround} gives the verdict. */
  void joinFailed(String message) {
    trouble = message;
    joinFailed = true;
  }

  /** Something may have changed in what we know of ourselves. */
  Verdict lookedAround() {
    if (joinFailed && surroundings.isListed() && isSilent()) {
      return Verdict.GIVE_UP;
    }
    return state == State.PREPARING && surroundings.isComplete() ? done() : Verdict.WAIT;
  }

  /** Takes an item that lay in the day's slot; whether it is a newer record than all before. */
  boolean arrived(LocalDate day, SealedItem item, Instant now) {
    if (!records.arrived(day, item, now)) {
      return false;
    }
    rendezvousAnswers = true;
    if (state == State.LOOKING && !timers.isSet(Timer.SETTLE)) {
      timers.set(Timer.SETTLE, now.plus(NEWER_RECORD_GRACE));
    }
    return true;
  }

  Verdict lookupEnded(LocalDate day, Instant now) {
    rendezvousAnswers = true;
    return lookupOver(day, now);
  }

  Verdict lookupFailed(LocalDate day, String message, Instant now) {
    trouble = message;
    return lookupOver(day, now);
  }

  Verdict tick(Instant now) {
    Verdict verdict = Verdict.WAIT;
    for (Timer timer : timers.due(now)) {
      switch (timer) {
        case SILENCE -> verdict = isSilent() ? Verdict.GIVE_UP : verdict;
        case SETTLE -> verdict = settled(now);
        case PREPARED -> verdict = done();
        case LOOKUP -> records.askForAll(now);
      }
    }
    return verdict;
  }

  /** When to tick next, or null. */
  @Nullable Instant deadline() {
    return timers.earliest();
  }

  /** Looks once more, for a service that was restarted or moved. */
  void lookAgain(Instant now) {
    records.askForToday(now);
  }

  /** Whether we still wait for a record, and not for our own surroundings. */
  boolean isLooking() {
    return state == State.LOOKING;
  }

  boolean rendezvousAnswers() {
    return rendezvousAnswers;
  }

  @Nullable ServiceRecord newest() {
    return records.newest();
  }

  /** The keys to talk to the service with. */
  DayKeys today(Instant now) {
    return records.today(now);
  }

  /** Why there is no record. */
  Failure failure() {
    return rendezvousAnswers
        ? Failure.of(Failure.Kind.NOT_FOUND, "")
        : surroundings.unreachable(trouble);
  }

  private boolean isSilent() {
    return !rendezvousAnswers && records.newest() == null;
  }

  private Verdict lookupOver(LocalDate day, Instant now) {
    if (!records.ended(day) || state != State.LOOKING) {
      return Verdict.WAIT;
    }
    if (records.newest() != null) {
      return settled(now);
    }
    timers.set(Timer.LOOKUP, now.plus(LOOKUP_AGAIN));
    return Verdict.WAIT;
  }

  /** The record is here, and waiting longer would hardly bring a newer one. */
  private Verdict settled(Instant now) {
    state = State.PREPARING;
    timers.clear(Timer.SETTLE);
    timers.clear(Timer.LOOKUP);
    timers.clear(Timer.SILENCE);
    if (surroundings.isComplete()) {
      return done();
    }
    Instant patience = startedAt.plus(DISCOVERY_PATIENCE);
    Instant atLeast = now.plus(LAST_OBSERVERS);
    timers.set(Timer.PREPARED, patience.isAfter(atLeast) ? patience : atLeast);
    return Verdict.WAIT;
  }

  private Verdict done() {
    state = State.DONE;
    timers.clear(Timer.PREPARED);
    return Verdict.CALL;
  }
}
