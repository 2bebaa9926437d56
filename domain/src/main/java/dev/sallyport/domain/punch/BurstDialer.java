package dev.sallyport.domain.punch;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Burst;
import dev.sallyport.domain.ladder.Rung;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one {@link Burst}: its dials in order and at its pace, those to be repeated when
 * their time comes, as long as the {@link BurstGuard} allows it. While a connection of a burst is
 * up and is being looked at, all of them rest: it may well be the one.
 *
 * <p>Not thread-safe; no clock of its own.
 */
final class BurstDialer {
  /** How long it rests for a connection that is up. */
  private static final Duration REST = Duration.ofSeconds(2);

  private static final int MOST_DOUBLINGS = 4;

  /** One dial to be, for the n-th time. */
  private record Due(Endpoint remote, Instant at, int tries) {}

  private record Dialled(Due due, Instant at) {}

  private final Burst burst;
  private final Supplier<SocketId> ids;
  private final BurstGuard guard;
  private final TokenBucket pace;
  private final PriorityQueue<Due> repeats = new PriorityQueue<>(Comparator.comparing(Due::at));
  private final Map<SocketId, Dialled> dialling = new LinkedHashMap<>();
  private final Map<SocketId, Due> up = new LinkedHashMap<>();
  private final Instant planned;
  private Instant from;
  private Instant latest;
  private int next;
  private boolean limited;

  BurstDialer(Burst burst, Supplier<SocketId> ids, BurstGuard guard, Instant now) {
    this.burst = burst;
    this.ids = ids;
    this.guard = guard;
    this.pace = new TokenBucket(burst.perSecond(), burst.atOnce());
    this.planned = now.plus(burst.after());
    this.from = planned;
    this.latest = now;
  }

  boolean owns(SocketId id) {
    return dialling.containsKey(id) || up.containsKey(id);
  }

  /** The dials that are due. */
  List<PunchEffect.Dial> poll(Instant now) {
    latest = now;
    List<PunchEffect.Dial> dials = new ArrayList<>();
    for (Due due = due(); due != null && !due.at.isAfter(now); due = due()) {
      if (!pace.take(now)) {
        break;
      }
      if (!guard.dial(due.remote.address(), syns(burst.hold()), now)) {
        end();
        limited = true;
        break;
      }
      if (due.tries == 0) {
        next++;
      } else {
        repeats.poll();
      }
      SocketId id = ids.get();
      dialling.put(id, new Dialled(due, now));
      dials.add(
          new PunchEffect.Dial(id, Rung.EXTERNAL, burst.localPort(), due.remote, burst.hold()));
    }
    return dials;
  }

  /** Whether it has ended early, since the {@link BurstGuard} says so; once. */
  boolean takeLimited() {
    boolean news = limited;
    limited = false;
    return news;
  }

  /** When the next dial leaves if nothing happens before; null if there is none. */
  @Nullable Instant deadline() {
    Due due = due();
    return due == null ? null : due.at.isAfter(pace.next()) ? due.at : pace.next();
  }

  void connected(SocketId id, Instant now) {
    Dialled dial = dialling.remove(id);
    if (dial != null) {
      giveBack(dial, now);
      up.put(id, dial.due);
    }
  }

  /** Some connection is up, and is looked at now: no dial leaves for a while. */
  void rest(Instant now) {
    goOn(now.plus(REST));
  }

  /** No connection is looked at any more. */
  void goOn(Instant at) {
    from = at.isAfter(planned) ? at : planned;
  }

  /** Whether a connection of it is looked at. */
  boolean isUp() {
    return !up.isEmpty();
  }

  /** It was up and led nowhere. */
  void useless(SocketId id, Instant now) {
    repeat(up.remove(id), now);
  }

  void failed(SocketId id, DialFailure failure, Instant now) {
    Dialled dial = dialling.remove(id);
    if (dial == null) {
      return;
    }
    giveBack(dial, now);
    switch (failure) {
      case REFUSED, UNREACHABLE, TIMED_OUT, TUPLE_IN_USE, NO_RESOURCES -> repeat(dial.due, now);
      case NO_ROUTE, ABORTED -> {}
    }
  }

  /** Ends it, and says which dials were under way; what is up stays with its owner. */
  List<SocketId> stop() {
    end();
    List<SocketId> open = List.copyOf(dialling.keySet());
    dialling.values().forEach(dial -> giveBack(dial, latest));
    dialling.clear();
    return open;
  }

  private void end() {
    next = burst.targets().size();
    repeats.clear();
  }

  /** The SYNs that it had leave for and did not come to. */
  private void giveBack(Dialled dial, Instant now) {
    int left = syns(burst.hold()) - syns(Duration.between(dial.at, now));
    guard.giveBack(dial.due.remote.address(), Math.max(0, left));
  }

  /** A computer repeats its SYN after each second; the later pauses of some are longer. */
  private static int syns(Duration held) {
    return 1 + (int) (Math.max(0, held.toMillis() - 1) / 1000);
  }

  private void repeat(@Nullable Due due, Instant now) {
    if (due != null && !burst.again().isZero()) {
      Duration pause = burst.again().multipliedBy(1L << Math.min(due.tries, MOST_DOUBLINGS));
      repeats.add(new Due(due.remote, now.plus(pause), due.tries + 1));
    }
  }

  /** What comes next, and when; null if that is all. */
  private @Nullable Due due() {
    Due repeat = repeats.peek();
    Due first = next < burst.targets().size() ? new Due(burst.targets().get(next), from, 0) : null;
    if (repeat == null || (first != null && !first.at.isAfter(repeat.at))) {
      return first;
    }
    return repeat.at.isAfter(from) ? repeat : new Due(repeat.remote, from, repeat.tries);
  }
}
