package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.MalformedException;
import java.util.Arrays;
import java.util.HexFormat;

/** The random name of one call: 16 bytes that knock, reply, HELLO and WELCOME share. Immutable. */
public final class CallNonce {
  /** Its length in bytes. */
  public static final int LENGTH = 16;

  private final byte[] raw;

  private CallNonce(byte[] raw) {
    this.raw = raw;
  }

  /**
   * @throws IllegalArgumentException unless {@code raw} has 16 bytes
   */
  public static CallNonce of(byte[] raw) {
    if (raw.length != LENGTH) {
      throw new IllegalArgumentException("a call nonce has 16 bytes, not " + raw.length);
    }
    return new CallNonce(raw.clone());
  }

  /** Reads the next 16 bytes. */
  public static CallNonce read(ByteReader in) throws MalformedException {
    return new CallNonce(in.bytes(LENGTH));
  }

  /** A copy of the 16 bytes. */
  public byte[] toByteArray() {
    return raw.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CallNonce that && Arrays.equals(raw, that.raw);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(raw);
  }

  /** 32 hex digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(raw);
  }
}
