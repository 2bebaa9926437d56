package dev.sallyport.domain.identity;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A public key of 32 bytes in its raw encoding: Ed25519 (RFC 8032) or X25519 (RFC 7748). Immutable.
 */
public final class PublicKey32 {
  /** Its length in bytes. */
  public static final int LENGTH = 32;

  private final byte[] raw;

  private PublicKey32(byte[] raw) {
    this.raw = raw;
  }

  /**
   * @throws IllegalArgumentException unless {@code raw} has 32 bytes
   */
  public static PublicKey32 of(byte[] raw) {
    if (raw.length != LENGTH) {
      throw new IllegalArgumentException("a public key has 32 bytes, not " + raw.length);
    }
    return new PublicKey32(raw.clone());
  }

  /** A copy of the 32 bytes. */
  public byte[] toByteArray() {
    return raw.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey32 that && Arrays.equals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  /** 64 hex digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(raw);
  }
}
