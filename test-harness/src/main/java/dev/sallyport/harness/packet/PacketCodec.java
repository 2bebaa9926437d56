package dev.sallyport.harness.packet;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Packets from bytes and back: TCP (RFC 9293), UDP (RFC 768) and the ICMP errors about them (RFC
 * 792, RFC 4443), in IPv4 (RFC 791) and in IPv6 without extension headers (RFC 8200).
 *
 * <p>What is read keeps the bytes it came in as its body; an ICMP error keeps those it quotes as
 * the body of what it is about. Nobody may change them afterwards. What is written has the
 * addresses and ports of the packet, everything else of those bytes, and checksums that are right
 * exactly if they were right there. Thread-safe.
 */
public final class PacketCodec {
  private PacketCodec() {}

  /**
   * The packet in these bytes, or null if it is anything else: another protocol or kind of ICMP
   * message, a fragment, cut short, with a port 0, or nonsense.
   */
  public static @Nullable Packet decode(byte[] bytes) {
    Packet flow = Flows.read(bytes, false);
    return flow == null ? Icmps.read(bytes) : flow;
  }

  /** Where a packet of any protocol goes, a fragment too; null if it has no whole IP header. */
  public static @Nullable InetAddress destination(byte[] bytes) {
    IpHeader ip = IpHeader.read(bytes);
    return ip == null ? null : ip.destination(bytes);
  }

  /**
   * The packet as bytes, in a new array. A packet without a body is made from nothing: a segment or
   * datagram without data.
   *
   * @throws IllegalArgumentException if the addresses are of two families, or the packet has data
   *     but no bytes, or its bytes are of another protocol
   */
  public static byte[] encode(Packet packet) {
    return switch (packet) {
      case Packet.Flow flow -> Flows.write(flow);
      case Packet.Icmp icmp -> Icmps.write(icmp);
    };
  }
}
