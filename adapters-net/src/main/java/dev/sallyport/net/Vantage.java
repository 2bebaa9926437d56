package dev.sallyport.net;

import dev.sallyport.domain.wire.ByteWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * From where an observer is to dial back; see {@link DialBack}. Numbered as the flags of
 * CHANGE-REQUEST (RFC 5780 section 7.2).
 */
public enum Vantage {
  /** The address that was asked, and a port that was never used towards the asker. */
  OTHER_PORT(0x2),
  /** The observer's other address, and a port of its own. */
  OTHER_ADDRESS(0x4);

  private final int bits;

  Vantage(int bits) {
    this.bits = bits;
  }

  /** As one byte of an answer has it. */
  int bits() {
    return bits;
  }

  byte[] encode() {
    return new ByteWriter().u32(bits).toByteArray();
  }

  /** Null if the value is none: whoever asks for what we do not know gets no dial-back. */
  static @Nullable Vantage decode(byte[] value) {
    return Arrays.stream(values())
        .filter(from -> Arrays.equals(from.encode(), value))
        .findFirst()
        .orElse(null);
  }
}
