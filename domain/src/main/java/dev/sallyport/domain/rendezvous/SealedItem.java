package dev.sallyport.domain.rendezvous;

import java.util.Arrays;

/**
 * Sealed bytes as a rendezvous carries them: opaque, at most {@link #MAX_LENGTH} bytes. Immutable.
 */
public final class SealedItem {
  /**
   * A BEP 44 value has at most 1000 bytes bencoded; a byte string of 996 bytes and its "996:" fit.
   */
  public static final int MAX_LENGTH = 996;

  private final byte[] bytes;

  private SealedItem(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * @throws IllegalArgumentException for an empty array or one of more than {@link #MAX_LENGTH}
   *     bytes
   */
  public static SealedItem of(byte[] bytes) {
    if (bytes.length == 0 || bytes.length > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a sealed item has 1 to " + MAX_LENGTH + " bytes, not " + bytes.length);
    }
    return new SealedItem(bytes.clone());
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return bytes.clone();
  }

  public int length() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealedItem that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "SealedItem(" + bytes.length + " bytes)";
  }
}
