package dev.sallyport.harness.bench;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.natbox.NatBox;
import dev.sallyport.harness.natbox.NatOutlet;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.TcpFlags;
import org.jspecify.annotations.Nullable;

/**
 * An open flow through a box, and a packet for each of its directions.
 *
 * @param out from the host
 * @param in to the outer endpoint that the box has given it
 */
record Flow(Packet out, Packet in) {
  /** Opens a TCP connection through the box. */
  static Flow tcp(NatBox box, Endpoint host, Endpoint remote, long now) {
    Endpoint outer = outside(box, segment(host, remote, TcpFlags.SYN, 0, 0), now);
    Flow answer =
        new Flow(
            segment(host, remote, TcpFlags.ACK, 1, 1),
            segment(remote, outer, TcpFlags.SYN | TcpFlags.ACK, 0, 1));
    Watch watch = new Watch();
    box.fromOutside(answer.in, now, watch);
    box.fromInside(answer.out, now, watch);
    Flow flow =
        new Flow(
            segment(host, remote, TcpFlags.ACK | TcpFlags.PSH, 1, 1),
            segment(remote, outer, TcpFlags.ACK | TcpFlags.PSH, 1, 1));
    watch.last = null;
    box.fromOutside(flow.in, now, watch);
    if (watch.last == null) {
      throw new IllegalStateException("the connection is not open");
    }
    return flow;
  }

  /** Opens a flow of UDP through the box. */
  static Flow udp(NatBox box, Endpoint host, Endpoint remote, long now) {
    Packet.Udp out = new Packet.Udp(host, remote, 100, null);
    return new Flow(out, new Packet.Udp(remote, outside(box, out, now), 100, null));
  }

  private static Packet.Tcp segment(Endpoint from, Endpoint to, int flags, long seq, long ack) {
    return new Packet.Tcp(from, to, flags, seq, ack, 0, null);
  }

  private static Endpoint outside(NatBox box, Packet.Flow first, long now) {
    Watch watch = new Watch();
    box.fromInside(first, now, watch);
    if (watch.last instanceof Packet.Flow translated) {
      return translated.from();
    }
    throw new IllegalStateException("the box lets nothing out");
  }

  private static final class Watch implements NatOutlet {
    private @Nullable Packet last;

    @Override
    public void toInside(Packet packet) {
      last = packet;
    }

    @Override
    public void toOutside(Packet packet) {
      last = packet;
    }

    @Override
    public void judged(Verdict verdict, Packet packet) {}
  }
}
