package dev.sallyport.harness.packet;

import static dev.sallyport.harness.packet.Checksum.put16;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The ICMP errors about flows (RFC 792, RFC 4443). Written anew each time, so always whole. */
final class Icmps {
  private static final int HEADER = 8;
  private static final int UNREACHABLE = 3;
  private static final int UNREACHABLE_V6 = 1;
  private static final int CHECKSUM = 2;

  /** An error has at most this many bytes (RFC 1812 section 4.3.2.3; RFC 4443 section 2.4). */
  private static final int MOST = 576;

  private static final int MOST_V6 = 1280;

  private Icmps() {}

  /** The error in this packet, or null if there is none that is understood. */
  static Packet.@Nullable Icmp read(byte[] packet) {
    IpHeader ip = IpHeader.read(packet);
    if (ip == null || ip.fragment() || packet.length < ip.total() || ip.payload() < HEADER) {
      return null;
    }
    IcmpError error = error(ip, packet);
    int pseudo = ip.v4() ? 0 : ip.pseudoSum(packet);
    if (error == null || Checksum.of(Checksum.sum(pseudo, packet, ip.length(), ip.total())) != 0) {
      return null;
    }
    Packet.Flow about = quoted(Arrays.copyOfRange(packet, ip.length() + HEADER, ip.total()));
    InetAddress source = ip.source(packet);
    // An error goes to whoever sent what it is about, or it is made up.
    return about == null || source == null || !about.source().equals(ip.destination(packet))
        ? null
        : new Packet.Icmp(source, error, about);
  }

  private static Packet.@Nullable Flow quoted(byte[] quotation) {
    IpHeader ip = IpHeader.read(quotation);
    // What comes behind a short packet is no part of it (RFC 4884).
    return ip == null
        ? null
        : Flows.read(Arrays.copyOf(quotation, Math.min(quotation.length, ip.total())), true);
  }

  private static @Nullable IcmpError error(IpHeader ip, byte[] packet) {
    int type = packet[ip.length()];
    int code = packet[ip.length() + 1];
    if (ip.v4() && ip.protocol() == IpHeader.ICMP && type == UNREACHABLE) {
      return switch (code) {
        case 0, 1 -> IcmpError.HOST_UNREACHABLE;
        case 3 -> IcmpError.PORT_UNREACHABLE;
        case 9, 10, 13 -> IcmpError.PROHIBITED;
        default -> null;
      };
    }
    if (!ip.v4() && ip.protocol() == IpHeader.ICMP_V6 && type == UNREACHABLE_V6) {
      return switch (code) {
        case 0, 3 -> IcmpError.HOST_UNREACHABLE;
        case 4 -> IcmpError.PORT_UNREACHABLE;
        case 1 -> IcmpError.PROHIBITED;
        default -> null;
      };
    }
    return null;
  }

  /** The error as bytes. */
  static byte[] write(Packet.Icmp icmp) {
    byte[] about = Flows.write(icmp.about());
    boolean v4 = icmp.source() instanceof Inet4Address;
    int room = v4 ? MOST - 20 - HEADER : MOST_V6 - 40 - HEADER;
    int quote = Math.min(about.length, room);
    int protocol = v4 ? IpHeader.ICMP : IpHeader.ICMP_V6;
    byte[] packet = IpHeader.make(icmp.source(), icmp.destination(), protocol, HEADER + quote);
    int at = packet.length - quote - HEADER;
    packet[at] = (byte) (v4 ? UNREACHABLE : UNREACHABLE_V6);
    packet[at + 1] = (byte) code(icmp.error(), v4);
    System.arraycopy(about, 0, packet, at + HEADER, quote);
    IpHeader ip = IpHeader.read(packet);
    int pseudo = ip == null || v4 ? 0 : ip.pseudoSum(packet);
    put16(packet, at + CHECKSUM, Checksum.of(Checksum.sum(pseudo, packet, at, packet.length)));
    return packet;
  }

  private static int code(IcmpError error, boolean v4) {
    return switch (error) {
      case HOST_UNREACHABLE -> v4 ? 1 : 3;
      case PORT_UNREACHABLE -> v4 ? 3 : 4;
      case PROHIBITED -> v4 ? 13 : 1;
    };
  }
}
