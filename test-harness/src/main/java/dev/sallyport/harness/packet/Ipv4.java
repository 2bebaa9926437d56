package dev.sallyport.harness.packet;

/** What a wire needs of an IPv4 header (RFC 791). */
public final class Ipv4 {
  private static final int MIN_HEADER = 20;

  private Ipv4() {}

  /** How many bytes the header has, or -1 if this is not a whole IPv4 header. */
  public static int headerLength(byte[] packet) {
    if (packet.length < MIN_HEADER || (packet[0] & 0xf0) != 0x40) {
      return -1;
    }
    int length = (packet[0] & 0x0f) * 4;
    return length >= MIN_HEADER && length <= packet.length ? length : -1;
  }

  /** The destination as a 32-bit number. Only for a packet with a whole header. */
  public static int destination(byte[] packet) {
    return address(packet, 16);
  }

  /** The 32-bit number that the four bytes at {@code at} are. */
  public static int address(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }
}
