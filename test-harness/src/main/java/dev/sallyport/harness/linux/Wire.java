package dev.sallyport.harness.linux;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.harness.packet.PacketCodec;
import dev.sallyport.harness.packet.PacketTap;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines with delay and loss, in user space: each packet of an uplink is routed into its TUN device,
 * held, and written back in order. For kernels without {@code netem}; used with it too, because it
 * sees every packet and so can prove what happened.
 *
 * <p>The random choices of each line and direction have a generator of their own, so that one
 * direction's traffic does not change another's losses.
 */
public final class Wire implements Traffic {
  private final TunLoop loop;
  private final Tally tally;

  private Wire(TunLoop loop, Tally tally) {
    this.loop = loop;
    this.tally = tally;
  }

  /**
   * Opens the TUN devices in {@code place}, where they must exist, and starts carrying.
   *
   * @param hold how long each line holds a packet
   * @param loss the share of packets that each line loses, 0 to 1
   * @param tap told of every packet; a line's place in the list is its site number
   */
  public static Wire open(
      Netns place, List<Uplink> uplinks, Duration hold, double loss, long seed, PacketTap tap)
      throws IOException, InterruptedException {
    Tally tally = new Tally();
    TunLoop loop =
        TunLoop.open(
            place,
            uplinks.stream().map(Uplink::device).toList(),
            devices -> {
              List<Line> lines = new ArrayList<>();
              for (int site = 0; site < uplinks.size(); site++) {
                Line.Weather weather = new Line.Weather(hold, loss, seed + site);
                lines.add(new Line(site, uplinks.get(site), devices, weather, tap, tally));
              }
              return new Work(lines);
            });
    return new Wire(loop, tally);
  }

  @Override
  public WireReport report() {
    return tally.report();
  }

  @Override
  public void close() {
    loop.close();
  }

  private record Work(List<Line> lines) implements TunLoop.Work {
    @Override
    public void take(int device, byte[] packet) {
      InetAddress destination = PacketCodec.destination(packet);
      // Neighbour discovery of the device itself, for one, is not for the wire.
      if (destination != null && AddressScope.of(destination).isRoutable()) {
        lines.get(device).accept(packet, destination);
      }
    }

    @Override
    public long deliver() {
      long wait = Long.MAX_VALUE;
      for (Line line : lines) {
        wait = Math.min(wait, line.deliver());
      }
      return wait;
    }
  }
}
