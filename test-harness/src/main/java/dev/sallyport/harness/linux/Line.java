package dev.sallyport.harness.linux;

import dev.sallyport.harness.packet.Ipv4;
import dev.sallyport.harness.packet.PacketTap;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;

/** One uplink of a {@link Wire}, both ways. For the wire's thread. */
final class Line {
  /** What a line does to packets, besides carrying them. */
  record Weather(Duration hold, double loss, long seed) {}

  private record Held(byte[] packet, long due) {}

  /** The jitter, either way, as a share of the hold: real lines are never quite even. */
  private static final double JITTER = 0.02;

  private static final long MAX_QUEUED_BYTES = 64L << 20;

  private final int site;
  private final Uplink uplink;
  private final Tun tun;
  private final Way down;
  private final Way up;
  private final Tally tally;
  private final PacketTap tap;

  Line(int site, Uplink uplink, Tun tun, Weather weather, PacketTap tap, Tally tally) {
    this.site = site;
    this.uplink = uplink;
    this.tun = tun;
    this.tap = tap;
    this.tally = tally;
    SplittableRandom random = new SplittableRandom(weather.seed());
    this.down = new Way(weather, random.split(), true);
    this.up = new Way(weather, random.split(), false);
  }

  Tun tun() {
    return tun;
  }

  void accept(byte[] packet) {
    long now = System.nanoTime();
    if (uplink.leadsTo(Ipv4.destination(packet))) {
      down.accept(packet, now);
    } else {
      tap.left(site, packet, now);
      up.accept(packet, now);
    }
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

    private void accept(byte[] packet, long now) {
      if (loss > 0 && random.nextDouble() < loss) {
        tally.lost();
        tap.lost(site, packet);
        return;
      }
      if (queuedBytes + packet.length > MAX_QUEUED_BYTES) {
        tally.overflowed();
        tap.lost(site, packet);
        return;
      }
      long due = now + holdNanos + Math.round(holdNanos * JITTER * (2 * random.nextDouble() - 1));
      // Jitter does not reorder: a line is a queue.
      if (lastDue != Long.MIN_VALUE && due - lastDue < 0) {
        due = lastDue;
      }
      lastDue = due;
      queue.add(new Held(packet, due));
      queuedBytes += packet.length;
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
        if (toSite) {
          tap.reached(site, head.packet, now);
        }
        tun.write(head.packet);
      }
    }
  }
}
