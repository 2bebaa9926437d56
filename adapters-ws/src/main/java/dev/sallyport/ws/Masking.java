package dev.sallyport.ws;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * RFC 6455 section 5.3: payload bytes XOR a repeating key of four. Java-WebSocket does it byte by
 * byte; here it is eight at a time.
 */
final class Masking {
  private Masking() {}

  /**
   * Moves bytes from one buffer to the other at their positions, masking or unmasking them.
   *
   * @param length how many; both buffers have as many left
   * @param key the four key bytes in network order, the first in the highest bits
   * @param phase how many bytes of this payload went before
   */
  static void transfer(ByteBuffer from, ByteBuffer to, int length, int key, int phase) {
    int turned = Integer.rotateLeft(key, 8 * (phase & 3));
    long half = Integer.toUnsignedLong(turned);
    // Both buffers in the machine's own order spares two byte swaps a word; so is the key then.
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    long wide = little ? Long.reverseBytes(half << 32 | half) : half << 32 | half;
    ByteBuffer source = from.duplicate().order(ByteOrder.nativeOrder());
    ByteBuffer target = to.duplicate().order(ByteOrder.nativeOrder());
    int start = from.position();
    int shift = to.position() - start;
    int end = start + length;
    int at = start;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      target.putLong(at + shift, source.getLong(at) ^ wide);
    }
    for (; at < end; at++) {
      int keyByte = turned >>> (24 - 8 * ((at - start) & 3));
      target.put(at + shift, (byte) (source.get(at) ^ keyByte));
    }
    from.position(end);
    to.position(end + shift);
  }
}
