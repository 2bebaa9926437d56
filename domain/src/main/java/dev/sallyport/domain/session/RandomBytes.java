package dev.sallyport.domain.session;

import java.util.random.RandomGenerator;

/** Fresh random bytes. */
final class RandomBytes {
  private RandomBytes() {}

  static byte[] of(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
