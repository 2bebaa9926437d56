package dev.sallyport.domain.punch;

import dev.sallyport.domain.rendezvous.Strategy;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps bursts from being a cannon. Towards one address no more than {@link Strategy#MAX_SYNS} SYNs
 * of bursts leave within {@link #SPACING}, and only one birthday goes on at a time in a whole
 * process.
 *
 * <p>Thread-safe: all calls of a process share one.
 */
public final class BurstGuard {
  /** How long the SYNs towards an address are remembered, from the first one. */
  public static final Duration SPACING = Duration.ofSeconds(20);

  /** Longer than any call punches: a holder that is gone does not block others for ever. */
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /**
   * A birthday with less than this before it is not worth beginning: the side that holds its dials
   * needs four SYNs for each, and 256 of them miss 2,048 dials of the other side once in 3,400
   * times, but 128 once in 58.
   */
  private static final int WORTH_BEGINNING = 1024;

  /** One that is begun anew, towards where the other side really is, has to do with less. */
  private static final int WORTH_GOING_ON = 512;

  private static final int MOST_ADDRESSES = 1024;

  private record Spent(Instant since, int syns) {}

  private record Hold(Object who, Instant until) {}

  /**
   * Why a birthday has to wait.
   *
   * @param longest how long at most; then it may ask again
   * @param taken whether it is another's turn, which may end sooner
   */
  public record Wait(Duration longest, boolean taken) {}

  /** In the order in which they began. */
  private final Map<InetAddress, Spent> spent = new LinkedHashMap<>();

  private @Nullable Hold hold;

  /** Who had leave last, or has it. */
  private @Nullable Object latest;

  /**
   * Asks for leave to begin a birthday; once there is, {@link #done} has to follow. Who has leave
   * may ask again.
   *
   * @param who by equality the one who asks
   * @param towards all addresses that will be dialled
   * @return null if there is leave
   */
  public synchronized @Nullable Wait ask(Object who, Collection<InetAddress> towards, Instant now) {
    Hold other = hold;
    if (other != null && !who.equals(other.who) && now.isBefore(other.until)) {
      return new Wait(Duration.between(now, other.until), true);
    }
    int enough = who.equals(latest) ? WORTH_GOING_ON : WORTH_BEGINNING;
    for (InetAddress address : towards) {
      Spent before = recent(address, now);
      if (before != null && Strategy.MAX_SYNS - before.syns < enough) {
        return new Wait(Duration.between(now, before.since.plus(SPACING)), false);
      }
    }
    hold = new Hold(who, now.plus(LONGEST));
    latest = who;
    return null;
  }

  /**
   * It is over, and others may begin. Does nothing for those who have no leave, nor for an earlier
   * leave of somebody who has asked again since.
   *
   * @param who the very object that asked
   */
  @SuppressWarnings("ReferenceEquality") // equal are all leaves of one caller; one of them ends
  public synchronized void done(Object who) {
    if (hold != null && who == hold.who) {
      hold = null;
    }
  }

  /**
   * Counts a dial of a burst, birthday or not.
   *
   * @param syns how many SYNs it may come to
   * @return whether it may leave
   */
  synchronized boolean dial(InetAddress remote, int syns, Instant now) {
    Spent before = recent(remote, now);
    if (before == null) {
      if (spent.size() >= MOST_ADDRESSES) {
        spent.remove(spent.keySet().iterator().next());
      }
      spent.put(remote, new Spent(now, syns));
      return true;
    }
    if (before.syns + syns > Strategy.MAX_SYNS) {
      return false;
    }
    spent.put(remote, new Spent(before.since, before.syns + syns));
    return true;
  }

  /** Of what was counted, this much did not leave. */
  synchronized void giveBack(InetAddress remote, int syns) {
    spent.computeIfPresent(
        remote, (address, before) -> new Spent(before.since, Math.max(0, before.syns - syns)));
  }

  private @Nullable Spent recent(InetAddress address, Instant now) {
    Spent before = spent.get(address);
    if (before == null || now.isBefore(before.since.plus(SPACING))) {
      return before;
    }
    spent.remove(address);
    return null;
  }
}
