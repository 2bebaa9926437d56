package dev.sallyport.harness.sim;

import dev.sallyport.harness.model.Scheduler;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: the clock jumps from one scheduled action to the next, so an hour costs what its
 * events cost. Starts at 0. Not safe for use by several threads; actions may schedule others.
 *
 * <p>A binary heap by time, then by the order in which actions came, in three arrays: a simulation
 * spends much of its life here.
 */
public final class VirtualTime implements Scheduler {
  private long now;
  private long taken;
  private int size;
  private long[] times = new long[64];
  private long[] orders = new long[64];
  private @Nullable Runnable[] actions = new @Nullable Runnable[64];

  @Override
  public long now() {
    return now;
  }

  /** Does this at that time; a time that is over means now, after what else waits for now. */
  @Override
  public void at(long nanos, Runnable action) {
    if (size == times.length) {
      grow();
    }
    long time = Math.max(nanos, now);
    long order = taken++;
    int hole = size++;
    while (hole > 0) {
      int parent = (hole - 1) >>> 1;
      if (times[parent] <= time) { // at the same time, who came first goes first
        break;
      }
      move(parent, hole);
      hole = parent;
    }
    put(hole, time, order, action);
  }

  /** Does what is next, and lets the time pass until then; false if there is nothing to do. */
  public boolean runNext() {
    if (size == 0) {
      return false;
    }
    Runnable action = actions[0];
    now = times[0];
    removeFirst();
    if (action != null) {
      action.run();
    }
    return true;
  }

  /** Does all that is to be done up to and including this time, which then is now. */
  public void runUntil(long nanos) {
    while (size > 0 && times[0] <= nanos) {
      runNext();
    }
    now = Math.max(now, nanos);
  }

  /** How many actions wait. */
  public int pending() {
    return size;
  }

  private void removeFirst() {
    int last = --size;
    long time = times[last];
    long order = orders[last];
    Runnable action = actions[last];
    actions[last] = null;
    int hole = 0;
    while (true) {
      int child = 2 * hole + 1;
      if (child >= last) {
        break;
      }
      if (child + 1 < last && before(times[child + 1], orders[child + 1], child)) {
        child++;
      }
      if (before(time, order, child)) {
        break;
      }
      move(child, hole);
      hole = child;
    }
    if (last > 0) {
      put(hole, time, order, action);
    }
  }

  private boolean before(long time, long order, int other) {
    return time < times[other] || (time == times[other] && order < orders[other]);
  }

  private void move(int from, int to) {
    put(to, times[from], orders[from], actions[from]);
  }

  private void put(int at, long time, long order, @Nullable Runnable action) {
    times[at] = time;
    orders[at] = order;
    actions[at] = action;
  }

  private void grow() {
    times = Arrays.copyOf(times, 2 * size);
    orders = Arrays.copyOf(orders, 2 * size);
    actions = Arrays.copyOf(actions, 2 * size);
  }
}
