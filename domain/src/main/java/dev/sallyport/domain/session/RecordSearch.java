package dev.sallyport.domain.session;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A caller's look for the service's record: what was asked, what came, the newest that holds. */
final class RecordSearch {
  private final ServiceId id;
  private final Sealer sealer;
  private final Consumer<CallEffect> effects;
  private final Map<LocalDate, DayKeys> keys = new LinkedHashMap<>();
  private final Set<LocalDate> underWay = new HashSet<>();
  private @Nullable ServiceRecord newest;
  private String lastTrouble = "";

  RecordSearch(ServiceId id, Sealer sealer, Consumer<CallEffect> effects) {
    this.id = id;
    this.sealer = sealer;
    this.effects = effects;
  }

  /** Asks for today's record, where a living service publishes whatever its clock says. */
  void askForToday(Instant now) {
    ask(List.of(DayKeys.toTry(now).getFirst()));
  }

  /** Asks for the records of all days that may hold one. */
  void askForAll(Instant now) {
    ask(DayKeys.toTry(now));
  }

  private void ask(List<LocalDate> days) {
    for (LocalDate day : days) {
      if (underWay.add(day)) {
        effects.accept(new CallEffect.Lookup(keysOf(day)));
      }
    }
  }

  /** A lookup is over, however it ended; whether it was the last one. */
  boolean ended(LocalDate day) {
    underWay.remove(day);
    return underWay.isEmpty();
  }

  /** Takes an item that lay in the day's slot; whether it is a newer record than all before. */
  boolean arrived(LocalDate day, SealedItem item, Instant now) {
    DayKeys dayKeys = keys.get(day);
    if (dayKeys == null) {
      return false;
    }
    ServiceRecord record;
    try {
      record = ServiceRecord.open(item, id, dayKeys, sealer, now);
    } catch (MalformedException e) {
      trouble("a record was not valid and is ignored: " + e.getMessage());
      return false;
    }
    if (newest != null && !record.newerThan(newest)) {
      return false;
    }
    newest = record;
    return true;
  }

  /** The newest record, or null if there is none yet. */
  @Nullable ServiceRecord newest() {
    return newest;
  }

  /**
   * The keys to talk to the service with. It listens on the day that is today here, even if its
   * record came from a neighbour's slot: clocks are off by less than its margin around midnight.
   */
  DayKeys today(Instant now) {
    return keysOf(DayKeys.toTry(now).getFirst());
  }

  private DayKeys keysOf(LocalDate day) {
    return keys.computeIfAbsent(day, d -> DayKeys.of(id, d, sealer));
  }

  /** Tells of the same trouble once: a bad record is found anew with every look. */
  private void trouble(String sentence) {
    if (!sentence.equals(lastTrouble)) {
      lastTrouble = sentence;
      effects.accept(new CallEffect.Report(new Progress.Trouble(sentence)));
    }
  }
}
