package dev.sallyport.harness.packet;

import static dev.sallyport.harness.packet.Checksum.put16;
import static dev.sallyport.harness.packet.Checksum.u16;

import dev.sallyport.domain.address.Endpoint;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** TCP segments and UDP datagrams in IP packets, and what an ICMP error quotes of them. */
final class Flows {
  private static final int TCP_HEADER = 20;
  private static final int UDP_HEADER = 8;
  private static final int TCP_CHECKSUM = 16;
  private static final int UDP_CHECKSUM = 6;

  /** What every error quotes of the packet behind its IP header (RFC 792). */
  private static final int LEAST_QUOTE = 8;

  private Flows() {}

  /**
   * The flow's packet in these bytes, or null if there is none.
   *
   * @param quoted whether these bytes may be only the beginning of it
   */
  static Packet.@Nullable Flow read(byte[] packet, boolean quoted) {
    IpHeader ip = IpHeader.read(packet);
    if (ip == null || ip.fragment() || packet.length < ip.length() + LEAST_QUOTE) {
      return null;
    }
    if (!quoted && packet.length < ip.total()) {
      return null;
    }
    InetAddress source = ip.source(packet);
    InetAddress destination = ip.destination(packet);
    int fromPort = u16(packet, ip.length());
    int toPort = u16(packet, ip.length() + 2);
    if (source == null || destination == null || fromPort == 0 || toPort == 0) {
      return null;
    }
    Endpoint from = new Endpoint(source, fromPort);
    Endpoint to = new Endpoint(destination, toPort);
    return switch (ip.protocol()) {
      case IpHeader.TCP -> tcp(packet, ip, from, to);
      case IpHeader.UDP -> udp(packet, ip, from, to);
      default -> null;
    };
  }

  private static Packet.@Nullable Tcp tcp(byte[] packet, IpHeader ip, Endpoint from, Endpoint to) {
    int at = ip.length();
    if (ip.payload() < TCP_HEADER) {
      return null;
    }
    long sequence = u32(packet, at + 4);
    if (packet.length < at + TCP_HEADER) {
      // A quotation that ends before the flags: what is left of it is enough for a NAT.
      return new Packet.Tcp(from, to, 0, sequence, 0, ip.payload() - TCP_HEADER, packet);
    }
    int header = (packet[at + 12] & 0xf0) >> 2;
    if (header < TCP_HEADER || header > ip.payload()) {
      return null;
    }
    int flags = packet[at + 13] & 0xff;
    long acknowledgment = (flags & TcpFlags.ACK) == 0 ? 0 : u32(packet, at + 8);
    return new Packet.Tcp(from, to, flags, sequence, acknowledgment, ip.payload() - header, packet);
  }

  private static Packet.@Nullable Udp udp(byte[] packet, IpHeader ip, Endpoint from, Endpoint to) {
    int length = u16(packet, ip.length() + 4);
    return length < UDP_HEADER || length > ip.payload()
        ? null
        : new Packet.Udp(from, to, length - UDP_HEADER, packet);
  }

  /** The packet's bytes, between the endpoints it has now. */
  static byte[] write(Packet.Flow flow) {
    byte[] original = bytes(flow);
    if (original == null) {
      return make(flow);
    }
    IpHeader ip = IpHeader.read(original);
    int protocol = flow instanceof Packet.Tcp ? IpHeader.TCP : IpHeader.UDP;
    if (ip == null
        || ip.fragment()
        || ip.protocol() != protocol
        || original.length < ip.length() + LEAST_QUOTE
        || !ip.fits(flow.from(), flow.to())) {
      throw new IllegalArgumentException(flow + " is not what its bytes are");
    }
    return readdressed(original.clone(), ip, flow.from(), flow.to());
  }

  private static byte @Nullable [] bytes(Packet.Flow flow) {
    Object body =
        switch (flow) {
          case Packet.Tcp tcp -> tcp.body();
          case Packet.Udp udp -> udp.body();
        };
    return body instanceof byte[] bytes ? bytes : null;
  }

  private static byte[] readdressed(byte[] packet, IpHeader ip, Endpoint from, Endpoint to) {
    int at = ip.length();
    int oldAddresses = ip.addressSum(packet);
    int oldSum = Checksum.sum(oldAddresses, packet, at, at + 4);
    ip.putAddresses(packet, from.address(), to.address());
    put16(packet, at, from.port());
    put16(packet, at + 2, to.port());
    int newAddresses = ip.addressSum(packet);
    int newSum = Checksum.sum(newAddresses, packet, at, at + 4);
    if (ip.v4()) {
      put16(packet, 10, Checksum.corrected(u16(packet, 10), oldAddresses, newAddresses));
    }
    boolean udp = ip.protocol() == IpHeader.UDP;
    int field = at + (udp ? UDP_CHECKSUM : TCP_CHECKSUM);
    // A quotation may end before it; and 0 says that a datagram has none (RFC 768).
    if (packet.length < field + 2 || (udp && u16(packet, field) == 0)) {
      return packet;
    }
    int checksum = Checksum.corrected(u16(packet, field), oldSum, newSum);
    put16(packet, field, udp && checksum == 0 ? 0xffff : checksum);
    return packet;
  }

  /** A packet that has never been bytes: one without data, because a NAT has made it. */
  private static byte[] make(Packet.Flow flow) {
    return switch (flow) {
      case Packet.Tcp tcp -> {
        requireEmpty(tcp, tcp.length());
        byte[] packet = IpHeader.make(tcp.source(), tcp.destination(), IpHeader.TCP, TCP_HEADER);
        int at = packet.length - TCP_HEADER;
        putPorts(packet, at, tcp);
        put32(packet, at + 4, tcp.sequence());
        put32(packet, at + 8, tcp.acknowledgment());
        packet[at + 12] = (TCP_HEADER / 4) << 4;
        packet[at + 13] = (byte) tcp.flags();
        putChecksum(packet, TCP_CHECKSUM);
        yield packet;
      }
      case Packet.Udp udp -> {
        requireEmpty(udp, udp.length());
        byte[] packet = IpHeader.make(udp.source(), udp.destination(), IpHeader.UDP, UDP_HEADER);
        int at = packet.length - UDP_HEADER;
        putPorts(packet, at, udp);
        put16(packet, at + 4, UDP_HEADER);
        putChecksum(packet, UDP_CHECKSUM);
        yield packet;
      }
    };
  }

  private static void requireEmpty(Packet.Flow flow, int length) {
    if (length > 0) {
      throw new IllegalArgumentException(flow + " has data, but no bytes");
    }
  }

  private static void putPorts(byte[] packet, int at, Packet.Flow flow) {
    put16(packet, at, flow.from().port());
    put16(packet, at + 2, flow.to().port());
  }

  /** Computes the checksum of a whole packet; its field, this far behind the IP header, is 0. */
  private static void putChecksum(byte[] packet, int field) {
    IpHeader ip = IpHeader.read(packet);
    if (ip != null) {
      int sum = Checksum.sum(ip.pseudoSum(packet), packet, ip.length(), packet.length);
      int checksum = Checksum.of(sum);
      boolean udp = ip.protocol() == IpHeader.UDP;
      put16(packet, ip.length() + field, udp && checksum == 0 ? 0xffff : checksum);
    }
  }

  private static long u32(byte[] bytes, int at) {
    return (long) u16(bytes, at) << 16 | u16(bytes, at + 2);
  }

  private static void put32(byte[] bytes, int at, long value) {
    put16(bytes, at, (int) (value >>> 16) & 0xffff);
    put16(bytes, at + 2, (int) value & 0xffff);
  }
}
