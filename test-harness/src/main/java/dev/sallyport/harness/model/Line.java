package dev.sallyport.harness.model;

import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.NetworkPath;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * One direction of a line: packets come out after the delay and some jitter, in order but for those
 * that are held back to be overtaken, and some never.
 */
final class Line {
  private final Spot from;
  private final Spot to;
  private final Scheduler scheduler;
  private final NetObserver observer;
  private final Consumer<Packet> end;
  private final SplittableRandom random;
  private final long delay;
  private final long jitter;
  private final double loss;
  private final double reorder;
  private long latest = Long.MIN_VALUE;

  Line(
      Spot from,
      Spot to,
      NetworkPath path,
      SplittableRandom random,
      Scheduler scheduler,
      NetObserver observer,
      Consumer<Packet> end) {
    this.from = from;
    this.to = to;
    this.scheduler = scheduler;
    this.observer = observer;
    this.end = end;
    this.random = random;
    this.delay = path.delayPerUplink().toNanos();
    this.jitter = path.jitterPerUplink().toNanos();
    this.loss = path.lossPerUplink();
    this.reorder = path.reorderPerUplink();
  }

  void carry(Packet packet) {
    long now = scheduler.now();
    if (loss > 0 && random.nextDouble() < loss) {
      observer.lost(from, to, packet, now);
      return;
    }
    long arrives = now + delay + (jitter > 0 ? random.nextLong(jitter + 1) : 0);
    if (reorder > 0 && random.nextDouble() < reorder) {
      arrives = Math.max(arrives, latest) + heldBack();
    } else {
      arrives = Math.max(arrives, latest);
      latest = arrives;
    }
    observer.sent(from, to, packet, now, arrives);
    scheduler.at(arrives, () -> end.accept(packet));
  }

  /** Long enough to be overtaken by what is sent soon after. */
  private long heldBack() {
    return 1 + random.nextLong(Math.max(delay, 5_000_000));
  }
}
