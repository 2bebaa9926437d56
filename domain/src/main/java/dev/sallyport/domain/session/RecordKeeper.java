package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.ladder.Side;
import dev.sallyport.domain.ladder.StrategyRules;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Which days a service serves, and what its record says on each of them. */
final class RecordKeeper {
  private static final Duration LIFETIME = Duration.ofHours(2);
  private static final int NONCE_LENGTH = 12;

  private final ServeSettings settings;
  private final Sealer sealer;
  private final RandomGenerator random;
  private final Consumer<ServeEffect> effects;
  private final Map<LocalDate, DayKeys> days = new LinkedHashMap<>();
  private @Nullable ServiceRecord latest;

  RecordKeeper(
      ServeSettings settings,
      Sealer sealer,
      RandomGenerator random,
      Consumer<ServeEffect> effects) {
    this.settings = settings;
    this.sealer = sealer;
    this.random = random;
    this.effects = effects;
  }

  /**
   * Watches the mailboxes of the days to serve now, and no others.
   *
   * @return whether a day is new, so that it has no record yet
   */
  boolean keepDays(Rendezvous.Pace pace, Instant now) {
    List<LocalDate> toServe = DayKeys.daysToServe(now);
    for (LocalDate day : List.copyOf(days.keySet())) {
      if (!toServe.contains(day)) {
        days.remove(day);
        effects.accept(new ServeEffect.Unwatch(day));
      }
    }
    boolean added = false;
    for (LocalDate day : toServe) {
      if (!days.containsKey(day)) {
        DayKeys keys = DayKeys.of(settings.id(), day, sealer);
        days.put(day, keys);
        effects.accept(new ServeEffect.Watch(keys, pace));
        added = true;
      }
    }
    return added;
  }

  /** The keys of the days served now, today's first. */
  List<DayKeys> days() {
    return List.copyOf(days.values());
  }

  /** Publishes a new record for every day served. */
  void publish(Side own, Instant now) {
    ServiceRecord record =
        new ServiceRecord(
            settings.name(),
            settings.identity().key(),
            settings.linkKey(),
            sealer.agreementKey(settings.knockPrivate()),
            own.candidates(),
            own.profile(),
            issuedAt(now),
            now.plus(LIFETIME));
    latest = record;
    for (DayKeys keys : days.values()) {
      byte[] nonce = RandomBytes.of(random, NONCE_LENGTH);
      effects.accept(
          new ServeEffect.Publish(
              keys, record.seal(settings.identity(), keys, nonce, sealer), sequence(record)));
    }
  }

  /** The time, but always later than the record before: the later one wins. */
  private Instant issuedAt(Instant now) {
    Instant next = latest == null ? Instant.MIN : latest.issuedAt().plusMillis(1);
    return next.isAfter(now) ? next : now;
  }

  /** Whether the record says something else than this that callers cannot do without. */
  boolean isOutdated(Side own) {
    return latest != null
        && (!latest.candidates().equals(own.candidates())
            || (isHard(own) && !latest.profile().saysTheSame(own.profile())));
  }

  /** Of an easy NAT callers need to know nothing but the endpoint. */
  private boolean isHard(Side own) {
    return StrategyRules.isHard(own.profile())
        || (latest != null && StrategyRules.isHard(latest.profile()));
  }

  /** Whether the record says something else of our NAT. */
  boolean saysLess(Side own) {
    return latest != null && !latest.profile().saysTheSame(own.profile());
  }

  /** Whether it is the latest record that has this sequence number. */
  boolean isLatest(long sequence) {
    return latest != null && sequence(latest) == sequence;
  }

  /** When the latest record was made, or null if there is none yet. */
  @Nullable Instant latestIssuedAt() {
    return latest == null ? null : latest.issuedAt();
  }

  private static long sequence(ServiceRecord record) {
    return record.issuedAt().toEpochMilli();
  }
}
