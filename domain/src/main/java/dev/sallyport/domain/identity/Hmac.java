package dev.sallyport.domain.identity;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 (RFC 2104, FIPS 198-1). Pure functions, safe from any thread. */
public final class Hmac {
  /** How many bytes it yields. */
  public static final int LENGTH = 32;

  private static final String ALGORITHM = "HmacSHA256";

  private Hmac() {}

  /** The 32-byte code of a message. */
  public static byte[] sha256(Secret32 key, byte[] message) {
    return sha256(key.toByteArray(), message);
  }

  /**
   * @param key any length but 0, which the JDK refuses
   */
  static byte[] sha256(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
