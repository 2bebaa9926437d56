package dev.sallyport.harness.packet;

import java.util.HexFormat;
import java.util.List;

/**
 * What a Linux kernel (6.x) wrote to a TUN device, from 192.0.2.1 and 2001:db8::1, and a second
 * opinion on checksums.
 */
final class RealPackets {
  /** To 198.51.100.7:443 from port 8765, with five TCP options. */
  static final byte[] SYN_V4 =
      hex(
          "4500003c0f2b400040063f55c0000201c6336407"
              + "223d01bb4770013400000000a002faf0e55a0000"
              + "020405b40402080a112bfdad000000000103030a");

  static final byte[] SYN_V6 =
      hex(
          "6001cf010028064020010db800000000000000000000000120010db8000100000000000000000007"
              + "223d01bbc30d288d00000000a002fd2008240000"
              + "020405a00402080aa92b2e93000000000103030a");

  /** An odd number of bytes, to 198.51.100.7:6881. */
  static final byte[] UDP_V4 =
      hex("45000023162040004011386ec0000201c633640713881ae1000f803768656c6c6f2121");

  static final byte[] UDP_V6 =
      hex(
          "6001ea8b000f114020010db800000000000000000000000120010db8000100000000000000000007"
              + "13881ae1000f10f968656c6c6f2121");

  /** Port unreachable, to 198.51.100.7:6881; the datagram it is about has no checksum. */
  static final byte[] ICMP_V4 =
      hex(
          "45c0003d906c00004001fd57c0000201c633640703039c3300000000"
              + "450000210007000040118e89c6336407c00002011ae10009000d00006b6e6f636b");

  static final byte[] ICMP_V6 =
      hex(
          "60059361003d3a4020010db800000000000000000000000120010db8000100000000000000000007"
              + "010431da00000000"
              + "60000000000d114020010db800010000000000000000000720010db8000000000000000000000001"
              + "1ae10009000d439d6b6e6f636b");

  static final List<byte[]> FLOWS = List.of(SYN_V4, SYN_V6, UDP_V4, UDP_V6);
  static final List<byte[]> ALL = List.of(SYN_V4, SYN_V6, UDP_V4, UDP_V6, ICMP_V4, ICMP_V6);

  private RealPackets() {}

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  /** Whether every checksum of a whole packet is right: the plain way, modulo 2^16 - 1. */
  static boolean checks(byte[] packet) {
    boolean v4 = packet[0] >>> 4 == 4;
    int header = v4 ? (packet[0] & 15) * 4 : 40;
    int protocol = packet[v4 ? 9 : 6];
    if (v4 && remainder(packet, 0, header) != 0) {
      return false;
    }
    boolean none = v4 && protocol == 17 && packet[header + 6] == 0 && packet[header + 7] == 0;
    long pseudo = remainder(packet, v4 ? 12 : 8, header) + protocol + packet.length - header;
    if (v4) {
      // What stands behind the addresses is no part of the pseudo-header.
      pseudo -= remainder(packet, 20, header);
    }
    boolean hasPseudo = !(v4 && protocol == 1);
    return none
        || Math.floorMod(remainder(packet, header, packet.length) + (hasPseudo ? pseudo : 0), 65535)
            == 0;
  }

  private static long remainder(byte[] bytes, int from, int to) {
    long number = 0;
    for (int i = from; i < to + (to - from) % 2; i++) {
      number = (number * 256 + (i < to ? bytes[i] & 0xff : 0)) % 65535;
    }
    return number;
  }
}
