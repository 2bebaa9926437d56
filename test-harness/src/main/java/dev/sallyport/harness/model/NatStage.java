package dev.sallyport.harness.model;

import dev.sallyport.harness.natbox.NatBox;
import dev.sallyport.harness.natbox.NatOutlet;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import java.net.InetAddress;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A NAT in its place in the network: between what is below it and what is above. */
final class NatStage implements NatOutlet {
  private final Spot spot;
  private final Supplier<NatBox> anew;
  private final Scheduler scheduler;
  private final NetObserver observer;
  private final Consumer<Packet> below;
  private final Consumer<Packet> above;
  private final Map<Integer, InetAddress> forwarded = new TreeMap<>();
  private NatBox box;
  private long wakesAt = Long.MAX_VALUE;

  /**
   * @param anew makes another one like it, for when it restarts
   */
  NatStage(
      Spot spot,
      NatBox box,
      Supplier<NatBox> anew,
      Scheduler scheduler,
      NetObserver observer,
      Consumer<Packet> below,
      Consumer<Packet> above) {
    this.spot = spot;
    this.box = box;
    this.anew = anew;
    this.scheduler = scheduler;
    this.observer = observer;
    this.below = below;
    this.above = above;
  }

  void forward(int port, InetAddress host) {
    forwarded.put(port, host);
    box.forward(port, host);
  }

  boolean isAt(Spot place) {
    return spot == place;
  }

  /** Forgets all but how it is set up. */
  void restart() {
    box = anew.get();
    forwarded.forEach(box::forward);
  }

  void fromBelow(Packet packet) {
    box.fromInside(packet, scheduler.now(), this);
    wakeInTime();
  }

  void fromAbove(Packet packet) {
    box.fromOutside(packet, scheduler.now(), this);
    wakeInTime();
  }

  @Override
  public void toInside(Packet packet) {
    below.accept(packet);
  }

  @Override
  public void toOutside(Packet packet) {
    above.accept(packet);
  }

  @Override
  public void judged(Verdict verdict, Packet packet) {
    observer.judged(spot, verdict, packet, scheduler.now());
  }

  private void wakeInTime() {
    long due = box.deadline();
    if (due < wakesAt) {
      wakesAt = due;
      scheduler.at(due, this::tick);
    }
  }

  private void tick() {
    wakesAt = Long.MAX_VALUE;
    box.tick(scheduler.now(), this);
    wakeInTime();
  }
}
