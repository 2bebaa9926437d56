package dev.sallyport.dht;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import lbms.plugins.mldht.kad.Key;

/**
 * Keeps the table alive once a second: pings the node not heard for longest, looks at far corners
 * of the network now and then, enters it again when everybody is gone, remembers good nodes on
 * disk.
 *
 * <p>Threading: confined to the loop.
 */
final class Upkeep {
  private static final int TICK_MILLIS = 1000;
  private static final long QUIET_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final long EXPIRE_SECONDS = 60;
  private static final long SAVE_SECONDS = 300;
  private static final long REFRESH_SECONDS = 600;

  /** A young network changes quickly. */
  private static final long[] FIRST_REFRESHES = {3, 10, 30, 90};

  private static final long MAX_REJOIN_SECONDS = 60;

  private final DhtNode node;
  private final Lookups lookups;
  private final Runnable save;
  private final boolean readOnly;
  private volatile boolean stopped;

  private long ticks;
  private int refreshes;
  private long nextRefresh;
  private long rejoinSeconds = 5;
  private long nextRejoin;

  Upkeep(DhtNode node, Lookups lookups, Runnable save, boolean readOnly) {
    this.node = node;
    this.lookups = lookups;
    this.save = save;
    this.readOnly = readOnly;
  }

  void start() {
    nextRefresh = FIRST_REFRESHES[0];
    nextRejoin = rejoinSeconds;
    node.loop().later(TICK_MILLIS, this::tick);
  }

  /** From any thread. */
  void stop() {
    stopped = true;
  }

  private void tick() {
    if (stopped) {
      return;
    }
    ticks++;
    node.loop().later(TICK_MILLIS, this::tick);
    long now = System.nanoTime();
    Contact quiet = node.table().stalest(QUIET_NANOS, now);
    if (quiet != null) {
      node.rpc().ask(node.queries().ping(), quiet.address(), reply -> {});
    }
    if (ticks % EXPIRE_SECONDS == 0) {
      node.items().expire(now);
    }
    if (ticks % SAVE_SECONDS == 0) {
      save.run();
    }
    if (node.table().size() == 0) {
      rejoin();
    } else {
      rejoinSeconds = 5;
      refresh();
    }
  }

  private void rejoin() {
    if (ticks >= nextRejoin) {
      node.joining().ensure();
      rejoinSeconds = Math.min(MAX_REJOIN_SECONDS, rejoinSeconds * 2);
      nextRejoin = ticks + rejoinSeconds + ThreadLocalRandom.current().nextLong(3);
    }
  }

  /** A lookup of a random id makes us known to others, and others to us. */
  private void refresh() {
    if (ticks < nextRefresh) {
      return;
    }
    refreshes++;
    boolean young = !readOnly && refreshes < FIRST_REFRESHES.length;
    nextRefresh =
        young
            ? FIRST_REFRESHES[refreshes]
            : ticks + REFRESH_SECONDS + ThreadLocalRandom.current().nextLong(60);
    lookups.start(Key.createRandomKey(), Lookup.Kind.FIND_NODE, holder -> {}, outcome -> {});
  }
}
