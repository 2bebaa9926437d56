package dev.sallyport.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Damages valid inputs in the ways that decoders stumble over. Not thread-safe. */
final class Mutator {
  private static final int MAX_CHANGES = 4;
  private static final int MAX_NOISE = 400;
  private static final int MAX_GROWTH = 64;

  /** Bounds of numbers in their first or only byte, and what separates fields in texts. */
  private static final byte[] TELLING = {
    0, 1, 0x7f, (byte) 0x80, (byte) 0xff, '\r', '\n', ' ', ':', '.', '-', '[', ']', '0', '9', '%'
  };

  private final List<byte[]> valid;
  private final Random random;

  /**
   * @param valid what to start from; if there is none, all is noise
   */
  Mutator(List<byte[]> valid, Random random) {
    this.valid = valid;
    this.random = random;
  }

  /** The next input: mostly a valid one with a few changes, sometimes noise. */
  byte[] next() {
    if (valid.isEmpty() || random.nextInt(10) == 0) {
      byte[] noise = new byte[random.nextInt(MAX_NOISE)];
      random.nextBytes(noise);
      return noise;
    }
    byte[] bytes = pick().clone();
    for (int i = random.nextInt(MAX_CHANGES); i >= 0; i--) {
      bytes = bytes.length == 0 ? new byte[] {(byte) random.nextInt(256)} : changed(bytes);
    }
    return bytes;
  }

  private byte[] changed(byte[] bytes) {
    int at = random.nextInt(bytes.length);
    int to = at + random.nextInt(Math.min(MAX_GROWTH, bytes.length - at) + 1);
    switch (random.nextInt(10)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> bytes[at] = TELLING[random.nextInt(TELLING.length)];
      case 3 -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
      case 4 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 5 -> {
        return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(MAX_GROWTH));
      }
      case 6 -> {
        return joined(bytes, 0, at, bytes, to, bytes.length);
      }
      case 7 -> {
        return joined(bytes, 0, to, bytes, at, bytes.length);
      }
      case 8 -> {
        byte[] other = pick();
        return joined(bytes, 0, at, other, Math.min(at, other.length), other.length);
      }
      default -> {
        byte[] other = pick();
        return joined(bytes, 0, at, other, random.nextInt(other.length + 1), other.length);
      }
    }
    return bytes;
  }

  private byte[] pick() {
    return valid.get(random.nextInt(valid.size()));
  }

  private static byte[] joined(
      byte[] head, int headFrom, int headTo, byte[] tail, int tailFrom, int tailTo) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(head, headFrom, headTo - headFrom);
    out.write(tail, tailFrom, tailTo - tailFrom);
    return out.toByteArray();
  }
}
