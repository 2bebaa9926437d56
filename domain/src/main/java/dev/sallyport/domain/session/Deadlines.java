package dev.sallyport.domain.session;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A machine's named deadlines: each is set or not, and fires once. */
final class Deadlines<K extends Enum<K>> {
  private final Map<K, Instant> deadlines;

  Deadlines(Class<K> names) {
    deadlines = new EnumMap<>(names);
  }

  void set(K name, Instant when) {
    deadlines.put(name, when);
  }

  /** Sets it, unless it is due earlier as it is. */
  void setAtLatest(K name, Instant when) {
    deadlines.merge(name, when, (before, now) -> before.isBefore(now) ? before : now);
  }

  void clear(K name) {
    deadlines.remove(name);
  }

  void clearAll() {
    deadlines.clear();
  }

  boolean isSet(K name) {
    return deadlines.containsKey(name);
  }

  /** Removes and returns what is due, in the order of the names. */
  List<K> due(Instant now) {
    List<K> due = new ArrayList<>();
    deadlines.forEach(
        (name, when) -> {
          if (!when.isAfter(now)) {
            due.add(name);
          }
        });
    due.forEach(deadlines::remove);
    return due;
  }

  @Nullable Instant earliest() {
    return deadlines.values().stream().min(Instant::compareTo).orElse(null);
  }

  /** The earlier of two, each of which may be missing. */
  static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isBefore(b) ? a : b;
  }
}
