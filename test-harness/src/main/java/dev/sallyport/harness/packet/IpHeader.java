package dev.sallyport.harness.packet;

import static dev.sallyport.harness.packet.Checksum.put16;
import static dev.sallyport.harness.packet.Checksum.u16;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where things are in an IP packet that starts at byte 0: IPv4 (RFC 791) with options, IPv6 (RFC
 * 8200) without extension headers.
 *
 * @param length of the header
 * @param total bytes of the packet as it says itself; not less than {@code length}
 * @param protocol that follows
 * @param fragment whether this is a part of a packet only
 */
record IpHeader(boolean v4, int length, int total, int protocol, boolean fragment) {
  static final int TCP = 6;
  static final int UDP = 17;
  static final int ICMP = 1;
  static final int ICMP_V6 = 58;

  private static final int V4_LENGTH = 20;
  private static final int V6_LENGTH = 40;
  private static final int TIME_TO_LIVE = 64;
  private static final int DONT_FRAGMENT = 0x4000;
  private static final int MAX_TOTAL = 0xffff;

  /**
   * The header of this packet, or null if it has no whole one. The packet may be shorter than it
   * says.
   */
  static @Nullable IpHeader read(byte[] packet) {
    int version = packet.length == 0 ? 0 : (packet[0] & 0xf0) >> 4;
    if (version == 4 && packet.length >= V4_LENGTH) {
      int length = (packet[0] & 0x0f) * 4;
      int total = u16(packet, 2);
      boolean fragment = (u16(packet, 6) & 0x3fff) != 0;
      return length < V4_LENGTH || length > Math.min(total, packet.length)
          ? null
          : new IpHeader(true, length, total, packet[9] & 0xff, fragment);
    }
    if (version == 6 && packet.length >= V6_LENGTH) {
      return new IpHeader(false, V6_LENGTH, V6_LENGTH + u16(packet, 4), packet[6] & 0xff, false);
    }
    return null;
  }

  /**
   * A new packet, all zeros behind its header.
   *
   * @param payload bytes behind the header
   * @throws IllegalArgumentException for two families of addresses, or too much for one packet
   */
  static byte[] make(InetAddress source, InetAddress destination, int protocol, int payload) {
    boolean v4 = source instanceof Inet4Address;
    int length = v4 ? V4_LENGTH : V6_LENGTH;
    if (v4 != destination instanceof Inet4Address || length + payload > MAX_TOTAL) {
      throw new IllegalArgumentException(
          "no packet from " + source + " to " + destination + " with " + payload + " bytes");
    }
    byte[] packet = new byte[length + payload];
    IpHeader header = new IpHeader(v4, length, packet.length, protocol, false);
    if (v4) {
      packet[0] = 0x45;
      put16(packet, 2, packet.length);
      put16(packet, 6, DONT_FRAGMENT);
      packet[8] = TIME_TO_LIVE;
      packet[9] = (byte) protocol;
    } else {
      packet[0] = 0x60;
      put16(packet, 4, payload);
      packet[6] = (byte) protocol;
      packet[7] = TIME_TO_LIVE;
    }
    header.putAddresses(packet, source, destination);
    if (v4) {
      put16(packet, 10, Checksum.of(Checksum.sum(0, packet, 0, length)));
    }
    return packet;
  }

  /** How many bytes follow the header, as it says itself. */
  int payload() {
    return total - length;
  }

  /** The address that the packet comes from; null if only IPv4 can mean it and this is IPv6. */
  @Nullable InetAddress source(byte[] packet) {
    return address(packet, addresses());
  }

  /** The address that the packet goes to, likewise. */
  @Nullable InetAddress destination(byte[] packet) {
    return address(packet, addresses() + addressLength());
  }

  private @Nullable InetAddress address(byte[] packet, int at) {
    InetAddress address = IpLiteral.of(Arrays.copyOfRange(packet, at, at + addressLength()));
    return v4 == address instanceof Inet4Address ? address : null;
  }

  /** The ones' complement sum of both addresses: their part in every checksum. */
  int addressSum(byte[] packet) {
    return Checksum.sum(0, packet, addresses(), addresses() + 2 * addressLength());
  }

  /** The sum of the pseudo-header (RFC 9293 section 3.1, RFC 8200 section 8.1). */
  int pseudoSum(byte[] packet) {
    return Checksum.fold((long) addressSum(packet) + protocol + payload());
  }

  /** Whether a packet between these two can have this header. */
  boolean fits(Endpoint from, Endpoint to) {
    return v4 == from.address() instanceof Inet4Address
        && v4 == to.address() instanceof Inet4Address;
  }

  /** Writes both addresses, and no checksum. */
  void putAddresses(byte[] packet, InetAddress source, InetAddress destination) {
    System.arraycopy(source.getAddress(), 0, packet, addresses(), addressLength());
    System.arraycopy(
        destination.getAddress(), 0, packet, addresses() + addressLength(), addressLength());
  }

  private int addresses() {
    return v4 ? 12 : 8;
  }

  private int addressLength() {
    return v4 ? 4 : 16;
  }
}
