package dev.sallyport.dht;

import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import lbms.plugins.mldht.kad.SpamThrottle;

/**
 * A leaky bucket per remote address in place of mldht's, which allows 2 packets a second with a
 * burst of 10 whatever the network, and keeps any number of addresses.
 *
 * <p>Threading: safe from any thread.
 */
final class Throttle extends SpamThrottle {
  /**
   * @param burst how many packets at once
   * @param perSecond how many a second after that
   */
  record Rate(int burst, int perSecond) {}

  private record Level(double packets, long atNanos) {}

  /** More addresses at once than that are a flood with forged sources. */
  private static final int MAX_ADDRESSES = 16_384;

  private final Function<InetAddress, Rate> rate;
  private final ConcurrentMap<InetAddress, Level> levels = new ConcurrentHashMap<>();
  private volatile long lastDecay = System.nanoTime();

  /**
   * @param rate what is right for an address now
   */
  Throttle(Function<InetAddress, Rate> rate) {
    this.rate = rate;
  }

  /** Counts a packet. Returns whether it is one too many, and to be dropped. */
  @Override
  public boolean addAndTest(InetAddress address) {
    Rate now = rate.apply(address);
    return saturatingAdd(address) >= now.burst();
  }

  @Override
  public int saturatingAdd(InetAddress address) {
    Rate now = rate.apply(address);
    if (levels.size() >= MAX_ADDRESSES && !levels.containsKey(address)) {
      return now.burst();
    }
    return (int) Math.ceil(add(address, now, now.burst()).packets());
  }

  /** Counts a packet to be sent. Returns how many milliseconds it has to wait. */
  @Override
  public int calculateDelayAndAdd(InetAddress address) {
    Rate now = rate.apply(address);
    double excess = add(address, now, Integer.MAX_VALUE).packets() - now.burst();
    return excess <= 0 ? 0 : (int) (excess * 1000 / now.perSecond());
  }

  @Override
  public void saturatingDec(InetAddress address) {
    levels.computeIfPresent(
        address,
        (key, level) ->
            level.packets() <= 1 ? null : new Level(level.packets() - 1, level.atNanos()));
  }

  @Override
  public void remove(InetAddress address) {
    levels.remove(address);
  }

  @Override
  public boolean test(InetAddress address) {
    Level level = levels.get(address);
    Rate now = rate.apply(address);
    return level != null && leaked(level, now, System.nanoTime()) >= now.burst();
  }

  /** Forgets who has been quiet; called with every batch of packets, works once a second. */
  @Override
  public void decay() {
    long now = System.nanoTime();
    if (now - lastDecay < TimeUnit.SECONDS.toNanos(1)) {
      return;
    }
    lastDecay = now;
    levels
        .entrySet()
        .removeIf(entry -> leaked(entry.getValue(), rate.apply(entry.getKey()), now) <= 0);
  }

  private Level add(InetAddress address, Rate now, int cap) {
    long nanos = System.nanoTime();
    return levels.compute(
        address,
        (key, level) ->
            new Level(Math.min(cap, (level == null ? 0 : leaked(level, now, nanos)) + 1), nanos));
  }

  private static double leaked(Level level, Rate rate, long nanos) {
    double seconds = (nanos - level.atNanos()) / 1e9;
    return Math.max(0, level.packets() - seconds * rate.perSecond());
  }
}
