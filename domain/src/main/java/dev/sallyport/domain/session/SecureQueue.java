package dev.sallyport.domain.session;

import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.punch.SocketId;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A service's sockets that are up but not yet a link: some being secured, the rest in line.
 *
 * <p>Sockets that we dialled, or that come from an endpoint we dial, go first, and some room is
 * theirs alone. All others are strangers', and share what is left fairly by where they come from:
 * the source (an IPv4 address, an IPv6 /64) with the fewest being secured is next; a source that
 * has none takes the place of the oldest one of a source that has several; of a line that is full
 * the latest of the longest part goes. So whoever opens connections without end from a few
 * addresses is in nobody's way.
 *
 * <p>Not thread-safe.
 */
final class SecureQueue {
  static final int IN_FLIGHT = 32;
  static final int STRANGERS_IN_FLIGHT = 24;
  static final int IN_LINE = 64;

  private static final int IPV6_PREFIX_BYTES = 8;

  private static final class Entry {
    final @Nullable InetAddress source;
    boolean securing;

    Entry(@Nullable InetAddress source) {
      this.source = source;
    }

    boolean isStranger() {
      return source != null;
    }
  }

  /** In the order of their coming. */
  private final Map<SocketId, Entry> entries = new LinkedHashMap<>();

  /** Takes in a socket that we wait for, unless too many of that kind are in line. */
  boolean offer(SocketId id) {
    return count(entry -> !entry.isStranger() && !entry.securing) < IN_LINE
        && entries.putIfAbsent(id, new Entry(null)) == null;
  }

  /**
   * Takes in a stranger's socket.
   *
   * @return the sockets that have to go for it; perhaps itself
   */
  List<SocketId> offer(SocketId id, InetAddress remote) {
    InetAddress source = source(remote);
    entries.put(id, new Entry(source));
    List<SocketId> gone = new ArrayList<>();
    if (count(entry -> entry.isStranger() && !entry.securing) > IN_LINE) {
      drop(ofHeaviest(entry -> !entry.securing, 1, true), gone);
    }
    if (strangersSecured() >= STRANGERS_IN_FLIGHT && securing(source) == 0) {
      drop(ofHeaviest(entry -> entry.securing, 2, false), gone);
    }
    return gone;
  }

  /** The next socket to secure now, or null. */
  @Nullable SocketId next() {
    if (count(entry -> entry.securing) >= IN_FLIGHT) {
      return null;
    }
    SocketId next = first(entry -> !entry.securing && !entry.isStranger());
    if (next == null && strangersSecured() < STRANGERS_IN_FLIGHT) {
      next =
          entries.entrySet().stream()
              .filter(entry -> !entry.getValue().securing)
              .min(Comparator.comparingLong(entry -> securing(entry.getValue().source)))
              .map(Map.Entry::getKey)
              .orElse(null);
    }
    Entry entry = next == null ? null : entries.get(next);
    if (entry != null) {
      entry.securing = true;
    }
    return next;
  }

  /** Forgets a socket; whether it was here. */
  boolean remove(SocketId id) {
    return entries.remove(id) != null;
  }

  boolean isSecuring(SocketId id) {
    Entry entry = entries.get(id);
    return entry != null && entry.securing;
  }

  boolean isStranger(SocketId id) {
    Entry entry = entries.get(id);
    return entry != null && entry.isStranger();
  }

  /** Empties the queue and says what was in it. */
  List<SocketId> drain() {
    List<SocketId> all = List.copyOf(entries.keySet());
    entries.clear();
    return all;
  }

  private void drop(@Nullable SocketId id, List<SocketId> gone) {
    if (id != null && remove(id)) {
      gone.add(id);
    }
  }

  private long strangersSecured() {
    return count(entry -> entry.isStranger() && entry.securing);
  }

  private long securing(@Nullable InetAddress source) {
    return count(entry -> entry.securing && source != null && source.equals(entry.source));
  }

  private long count(Predicate<Entry> condition) {
    return entries.values().stream().filter(condition).count();
  }

  private @Nullable SocketId first(Predicate<Entry> condition) {
    for (Map.Entry<SocketId, Entry> entry : entries.entrySet()) {
      if (condition.test(entry.getValue())) {
        return entry.getKey();
      }
    }
    return null;
  }

  /**
   * Of the strangers that fulfil the condition: one of the source with the most of them.
   *
   * @param least how many that source must have
   * @param latest whether the latest of them, or else the oldest
   */
  private @Nullable SocketId ofHeaviest(Predicate<Entry> condition, int least, boolean latest) {
    Map<InetAddress, Integer> counts = new LinkedHashMap<>();
    for (Entry entry : entries.values()) {
      if (entry.source != null && condition.test(entry)) {
        counts.merge(entry.source, 1, Integer::sum);
      }
    }
    InetAddress heaviest =
        counts.entrySet().stream()
            .filter(entry -> entry.getValue() >= least)
            .max(Map.Entry.comparingByValue())
            .map(Map.Entry::getKey)
            .orElse(null);
    SocketId found = null;
    for (Map.Entry<SocketId, Entry> entry : entries.entrySet()) {
      if (heaviest != null
          && heaviest.equals(entry.getValue().source)
          && condition.test(entry.getValue())
          && (latest || found == null)) {
        found = entry.getKey();
      }
    }
    return found;
  }

  private static InetAddress source(InetAddress remote) {
    byte[] raw = remote.getAddress();
    if (raw.length > IPV6_PREFIX_BYTES) {
      Arrays.fill(raw, IPV6_PREFIX_BYTES, raw.length, (byte) 0);
    }
    return IpLiteral.of(raw);
  }
}
