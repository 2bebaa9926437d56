package dev.sallyport.harness.linux;

import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.PacketCodec;
import dev.sallyport.harness.packet.PacketTap;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One uplink of a {@link Wire}, both ways. For the wire's thread. */
final class Line {
  /** What a line does to packets, besides carrying them. */
  record Weather(Duration hold, double loss, long seed) {}

  /**
   * @param seen what the tap sees of it, if it is anything that the tap knows
   */
  private record Held(byte[] packet, @Nullable Packet seen, long due) {}

  /** The jitter, either way, as a share of the hold: real lines are never quite even. */
  private static final double JITTER = 0.02;

  private static final long MAX_QUEUED_BYTES = 64L << 20;

  private final int site;
  private final Uplink uplink;
  private final TunLoop.Devices devices;
  private final Way down;
  private final Way up;
  private final Tally tally;
  private final PacketTap tap;

  Line(
      int site,
      Uplink uplink,
      TunLoop.Devices devices,
      Weather weather,
      PacketTap tap,
      Tally tally) {
    this.site = site;
    this.uplink = uplink;
    this.devices = devices;
    this.tap = tap;
    this.tally = tally;
    SplittableRandom random = new SplittableRandom(weather.seed());
    this.down = new Way(weather, random.split(), true);
    this.up = new Way(weather, random.split(), false);
  }

  void accept(byte[] packet, InetAddress destination) {
    long now = System.nanoTime();
    Packet seen = PacketCodec.decode(packet);
    if (uplink.leadsTo(destination)) {
      down.accept(packet, seen, now);
      return;
    }
    if (seen != null) {
      tap.left(site, seen, now);
    }
    up.accept(packet, seen, now);
  }

  /** Writes back what is due; returns for how many nanoseconds nothing else is. */
  long deliver() {
    return Math.min(down.deliver(), up.deliver());
  }

  /** One direction of the line. */
  private final class Way {
    private final Deque<Held> queue = new ArrayDeque<>();
    private final long holdNanos;
    private final double loss;
    private final SplittableRandom random;
    private final boolean toSite;
    private long queuedBytes;
    private long lastDue = Long.MIN_VALUE;

    private Way(Weather weather, SplittableRandom random, boolean toSite) {
      this.holdNanos = weather.hold().toNanos();
      this.loss = weather.loss();
      this.random = random;
      this.toSite = toSite;
    }

    private void accept(byte[] packet, @Nullable Packet seen, long now) {
      if (loss > 0 && random.nextDouble() < loss) {
        tally.lost();
        lost(seen);
        return;
      }
      if (queuedBytes + packet.length > MAX_QUEUED_BYTES) {
        tally.overflowed();
        lost(seen);
        return;
      }
      long due = now + holdNanos + Math.round(holdNanos * JITTER * (2 * random.nextDouble() - 1));
      // Jitter does not reorder: a line is a queue.
      if (lastDue != Long.MIN_VALUE && due - lastDue < 0) {
        due = lastDue;
      }
      lastDue = due;
      queue.add(new Held(packet, seen, due));
      queuedBytes += packet.length;
    }

    private void lost(@Nullable Packet seen) {
      if (seen != null) {
        tap.lost(site, seen);
      }
    }

    private long deliver() {
      while (true) {
        Held head = queue.peek();
        if (head == null) {
          return Long.MAX_VALUE;
        }
        long now = System.nanoTime();
        if (head.due - now > 0) {
          return head.due - now;
        }
        queue.remove();
        queuedBytes -= head.packet.length;
        tally.carried(now - head.due);
        if (toSite && head.seen != null) {
          tap.reached(site, head.seen, now);
        }
        devices.write(site, head.packet);
      }
    }
  }
}
