package dev.sallyport.domain.identity;

import dev.sallyport.domain.wire.ByteWriter;
import java.util.Arrays;

/** HKDF with SHA-256 (RFC 5869). Pure functions, safe from any thread. */
public final class Hkdf {
  private static final int MAX_LENGTH = 255 * Hmac.LENGTH;

  private Hkdf() {}

  /**
   * Extract and expand.
   *
   * @param ikm input keying material: what is secret
   * @param salt may be empty
   * @param info says what the result is for; may be empty
   * @param length how many bytes, 1 to 8160
   */
  public static byte[] derive(byte[] ikm, byte[] salt, byte[] info, int length) {
    return expand(extract(salt, ikm), info, length);
  }

  /** RFC 5869 section 2.2. */
  static byte[] extract(byte[] salt, byte[] ikm) {
    return Hmac.sha256(salt.length == 0 ? new byte[Hmac.LENGTH] : salt, ikm);
  }

  /** RFC 5869 section 2.3. */
  static byte[] expand(byte[] prk, byte[] info, int length) {
    if (length < 1 || length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "HKDF yields 1 to " + MAX_LENGTH + " bytes, not " + length);
    }
    ByteWriter out = new ByteWriter();
    byte[] block = new byte[0];
    for (int i = 1; (i - 1) * Hmac.LENGTH < length; i++) {
      block = Hmac.sha256(prk, new ByteWriter().bytes(block).bytes(info).u8(i).toByteArray());
      out.bytes(block);
    }
    return Arrays.copyOf(out.toByteArray(), length);
  }
}
