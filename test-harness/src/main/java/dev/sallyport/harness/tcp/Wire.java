package dev.sallyport.harness.tcp;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.Packet.Tcp;
import dev.sallyport.harness.packet.TcpFlags;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes segments and sends them. */
final class Wire {
  private final Consumer<Packet> out;
  private boolean cut;

  Wire(Consumer<Packet> out) {
    this.out = out;
  }

  /** What is sent from now on vanishes. */
  void cut() {
    cut = true;
  }

  boolean isCut() {
    return cut;
  }

  void send(Packet packet) {
    if (!cut) {
      out.accept(packet);
    }
  }

  void segment(
      Endpoint from, Endpoint to, int flags, int seq, int ack, int length, @Nullable Object body) {
    send(
        new Tcp(
            from,
            to,
            flags,
            Integer.toUnsignedLong(seq),
            (flags & TcpFlags.ACK) != 0 ? Integer.toUnsignedLong(ack) : 0,
            length,
            body));
  }

  void ack(Endpoint from, Endpoint to, int seq, int ack) {
    segment(from, to, TcpFlags.ACK, seq, ack, 0, null);
  }

  /**
   * The answer to a segment that nobody wants (RFC 9293 section 3.10.7.1, {@code
   * tcp_v4_send_reset}): what it acknowledges is where the reset is, and without an acknowledgment
   * the reset acknowledges the whole segment. Nothing answers a reset.
   */
  void refuse(Tcp segment) {
    if (segment.has(TcpFlags.RST)) {
      return;
    }
    if (segment.has(TcpFlags.ACK)) {
      segment(segment.to(), segment.from(), TcpFlags.RST, Seq.ackOf(segment), 0, 0, null);
    } else {
      int ack = Seq.of(segment) + Seq.length(segment);
      segment(segment.to(), segment.from(), TcpFlags.RST | TcpFlags.ACK, 0, ack, 0, null);
    }
  }
}
