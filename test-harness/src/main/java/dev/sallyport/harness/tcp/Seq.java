package dev.sallyport.harness.tcp;

import dev.sallyport.harness.packet.Packet.Tcp;
import dev.sallyport.harness.packet.TcpFlags;

/**
 * Sequence numbers are 32 bits and wrap (RFC 9293 section 3.4): {@code int}s, compared like this.
 */
final class Seq {
  private Seq() {}

  static boolean before(int a, int b) {
    return a - b < 0;
  }

  static boolean after(int a, int b) {
    return a - b > 0;
  }

  /** How many sequence numbers the segment takes: SYN and FIN take one each. */
  static int length(Tcp segment) {
    int flags = segment.flags();
    return segment.length()
        + ((flags & TcpFlags.SYN) != 0 ? 1 : 0)
        + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
  }

  static int of(Tcp segment) {
    return (int) segment.sequence();
  }

  static int ackOf(Tcp segment) {
    return (int) segment.acknowledgment();
  }
}
