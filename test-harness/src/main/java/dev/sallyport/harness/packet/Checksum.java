package dev.sallyport.harness.packet;

/** The Internet checksum (RFC 1071), computed and corrected. Values have 16 bits. */
final class Checksum {
  private static final int ONES = 0xffff;

  private Checksum() {}

  /** The ones' complement sum of these bytes, added to {@code start}; an odd one is padded. */
  static int sum(int start, byte[] bytes, int from, int to) {
    long sum = start;
    int at = from;
    for (; at + 1 < to; at += 2) {
      sum += u16(bytes, at);
    }
    if (at < to) {
      sum += (bytes[at] & 0xff) << 8;
    }
    return fold(sum);
  }

  /** The checksum of what sums up to this. */
  static int of(int sum) {
    return ~sum & ONES;
  }

  /** The checksum after some of what it covers has changed (RFC 1624, equation 3). */
  static int corrected(int checksum, int oldSum, int newSum) {
    return of(fold((~checksum & ONES) + (~oldSum & ONES) + (long) newSum));
  }

  static int fold(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & ONES) + (folded >>> 16);
    }
    return (int) folded;
  }

  static int u16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  static void put16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >>> 8);
    bytes[at + 1] = (byte) value;
  }
}
