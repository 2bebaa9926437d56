package dev.sallyport.domain.identity;

import java.security.MessageDigest;

/**
 * A secret of 32 bytes: an Ed25519 seed, an X25519 private key, a symmetric key. Never printed;
 * compared in constant time. Immutable.
 */
public final class Secret32 {
  /** Its length in bytes. */
  public static final int LENGTH = 32;

  private final byte[] raw;

  private Secret32(byte[] raw) {
    this.raw = raw;
  }

  /**
   * @throws IllegalArgumentException unless {@code raw} has 32 bytes
   */
  public static Secret32 of(byte[] raw) {
    if (raw.length != LENGTH) {
      throw new IllegalArgumentException("a secret has 32 bytes, not " + raw.length);
    }
    return new Secret32(raw.clone());
  }

  /** A copy of the 32 bytes; the caller keeps it from logs. */
  public byte[] toByteArray() {
    return raw.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret32 that && MessageDigest.isEqual(raw, that.raw);
  }

  @Override
  public int hashCode() {
    // Constant on purpose: a hash of a secret says something about it.
    return 32;
  }

  @Override
  public String toString() {
    return "Secret32(hidden)";
  }
}
