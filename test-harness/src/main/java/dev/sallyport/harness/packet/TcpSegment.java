package dev.sallyport.harness.packet;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of a TCP segment in an IPv4 packet (RFC 791, RFC 9293).
 *
 * @param sequence 0 to 2^32 - 1
 */
public record TcpSegment(
    Endpoint from, Endpoint to, long sequence, boolean syn, boolean ack, boolean rst) {
  private static final int PROTOCOL_TCP = 6;
  private static final int MIN_TCP_HEADER = 20;

  /** A request to connect: SYN without ACK. */
  public boolean opens() {
    return syn && !ack && !rst;
  }

  /**
   * The segment in this packet, or null if it is anything else: another protocol, a later fragment,
   * too short, or with a port 0.
   */
  public static @Nullable TcpSegment read(byte[] packet) {
    int header = Ipv4.headerLength(packet);
    if (header < 0
        || packet[9] != PROTOCOL_TCP
        || (u16(packet, 6) & 0x1fff) != 0
        || packet.length < header + MIN_TCP_HEADER) {
      return null;
    }
    int fromPort = u16(packet, header);
    int toPort = u16(packet, header + 2);
    if (fromPort == 0 || toPort == 0) {
      return null;
    }
    long sequence = ((long) u16(packet, header + 4) << 16) | u16(packet, header + 6);
    int flags = packet[header + 13];
    return new TcpSegment(
        new Endpoint(IpLiteral.of(Arrays.copyOfRange(packet, 12, 16)), fromPort),
        new Endpoint(IpLiteral.of(Arrays.copyOfRange(packet, 16, 20)), toPort),
        sequence,
        (flags & 0x02) != 0,
        (flags & 0x10) != 0,
        (flags & 0x04) != 0);
  }

  private static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }
}
