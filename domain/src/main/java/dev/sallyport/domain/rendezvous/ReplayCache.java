package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.identity.PublicKey32;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers which knocks were seen, so that each opens the door once. Not thread-safe; time is
 * passed in.
 *
 * <p>A caller's knocks are kept for as long as {@link Knock#open} would take one of them for good:
 * until the last has been expired for as long as clocks may be off, so for 30 minutes at most. Room
 * is bounded per caller and in all. When it is used up, the caller, or of all callers the one with
 * the most knocks, loses the one issued first; from then on no knock of that caller that was issued
 * as early counts as fresh. Only a caller with a single knock can be forgotten altogether, when
 * {@link #MAX_ENTRIES} callers knock at once.
 */
public final class ReplayCache {
  /** The most knocks remembered of one caller. */
  public static final int MAX_PER_CALLER = 64;

  /** The most knocks remembered in all. */
  public static final int MAX_ENTRIES = 4096;

  /** In the order of their first knocks, so that ties are decided the same way every time. */
  private final Map<PublicKey32, Caller> callers = new LinkedHashMap<>();

  private int size;

  /**
   * Takes note of a knock that was opened.
   *
   * @return whether it is fresh: false if it was seen before, or may have been
   */
  public boolean firstSeen(Knock knock, Instant now) {
    callers.values().removeIf(caller -> forget(caller, now));
    Caller caller = callers.computeIfAbsent(knock.callerKey(), key -> new Caller());
    if (caller.mayKnow(knock)) {
      return false;
    }
    caller.add(knock);
    size++;
    if (caller.knocks.size() > MAX_PER_CALLER) {
      caller.dropFirst();
      size--;
    }
    if (size > MAX_ENTRIES) {
      heaviestLosesOne();
    }
    return true;
  }

  /** How many knocks are remembered now. */
  int size() {
    return size;
  }

  private boolean forget(Caller caller, Instant now) {
    if (!caller.until.isBefore(now)) {
      return false;
    }
    size -= caller.knocks.size();
    return true;
  }

  private void heaviestLosesOne() {
    Map.Entry<PublicKey32, Caller> heaviest = null;
    for (Map.Entry<PublicKey32, Caller> entry : callers.entrySet()) {
      if (heaviest == null || entry.getValue().knocks.size() > heaviest.getValue().knocks.size()) {
        heaviest = entry;
      }
    }
    if (heaviest == null) {
      return;
    }
    if (heaviest.getValue().knocks.size() == 1) {
      callers.remove(heaviest.getKey());
    } else {
      heaviest.getValue().dropFirst();
    }
    size--;
  }

  private static final class Caller {
    private final Map<CallNonce, Instant> knocks = new HashMap<>();

    /** Knocks issued at this time or before it may have been dropped. */
    private Instant floor = Instant.MIN;

    /** When none of its knocks, dropped ones included, can be good any more. */
    private Instant until = Instant.MIN;

    boolean mayKnow(Knock knock) {
      return knocks.containsKey(knock.nonce()) || !knock.issuedAt().isAfter(floor);
    }

    void add(Knock knock) {
      knocks.put(knock.nonce(), knock.issuedAt());
      Instant end = knock.expires().plus(Freshness.TOLERANCE);
      until = end.isAfter(until) ? end : until;
    }

    void dropFirst() {
      CallNonce first = null;
      Instant earliest = Instant.MAX;
      for (Map.Entry<CallNonce, Instant> entry : knocks.entrySet()) {
        if (entry.getValue().isBefore(earliest)) {
          first = entry.getKey();
          earliest = entry.getValue();
        }
      }
      knocks.remove(first);
      floor = earliest.isAfter(floor) ? earliest : floor;
    }
  }
}
