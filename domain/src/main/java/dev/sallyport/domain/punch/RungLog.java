package dev.sallyport.domain.punch;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Rung;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What each rung has tried, and when. Not thread-safe. */
final class RungLog {
  /** One rung's part. */
  private static final class Entry {
    final Set<Endpoint> remotes = new LinkedHashSet<>();
    final Map<DialFailure, Integer> failures = new EnumMap<>(DialFailure.class);
    int attempts;
    Instant first = Instant.MAX;
    Instant last = Instant.MIN;
  }

  private final Map<Rung, Entry> entries = new EnumMap<>(Rung.class);
  private final Set<Rung> order = new LinkedHashSet<>();

  /** A rung will be tried; the first that is planned comes first in the reports. */
  void planned(Rung rung) {
    order.add(rung);
    of(rung);
  }

  /** An endpoint that it will dial. */
  void planned(Rung rung, Endpoint remote) {
    planned(rung);
    of(rung).remotes.add(remote);
  }

  void dialled(Rung rung, int count, Instant now) {
    Entry entry = of(rung);
    entry.attempts += count;
    entry.first = entry.first.equals(Instant.MAX) ? now : entry.first;
    entry.last = now;
  }

  void connected(Rung rung, Instant now) {
    of(rung).last = now;
  }

  void failed(Rung rung, DialFailure failure, Instant now) {
    of(rung).failures.merge(failure, 1, Integer::sum);
    of(rung).last = now;
  }

  /** How many connects were started in all. */
  int attempts() {
    return entries.values().stream().mapToInt(entry -> entry.attempts).sum();
  }

  /**
   * By rung, in the plan's order.
   *
   * @param began what its times are counted from
   */
  List<RungReport> reports(Instant began) {
    return order.stream().map(rung -> report(rung, of(rung), began)).toList();
  }

  private static RungReport report(Rung rung, Entry entry, Instant began) {
    Instant first = entry.first.equals(Instant.MAX) ? began : entry.first;
    Instant last = entry.last.equals(Instant.MIN) ? began : entry.last;
    return new RungReport(
        rung,
        List.copyOf(entry.remotes),
        entry.attempts,
        entry.failures,
        Duration.between(began, first),
        Duration.between(began, last));
  }

  private Entry of(Rung rung) {
    return entries.computeIfAbsent(rung, r -> new Entry());
  }
}
