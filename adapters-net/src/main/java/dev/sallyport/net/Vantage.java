package dev.sallyport.net;

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

  /** As questions and answers have it. */
  int bits() {
    return bits;
  }

  /** Null if the bits are none: whoever asks for what we do not know gets no dial-back. */
  static @Nullable Vantage of(int bits) {
    return Arrays.stream(values()).filter(from -> from.bits == bits).findFirst().orElse(null);
  }
}
