package dev.sallyport.net;

import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is asked for with a {@link DialBack}.
 *
 * @param from from where to dial
 * @param patience how long to wait, up to 65 s; zero for as long as the observer likes, which
 *     bounds it anyway
 */
record DialBackOrder(Vantage from, Duration patience) {
  private static final int MAX_MILLIS = 0xffff;

  DialBackOrder {
    if (patience.isNegative() || patience.toMillis() > MAX_MILLIS) {
      throw new IllegalArgumentException("a dial-back with a patience of " + patience);
    }
  }

  static DialBackOrder of(Vantage from) {
    return new DialBackOrder(from, Duration.ZERO);
  }

  byte[] encode() {
    return new ByteWriter().u16((int) patience.toMillis()).u16(from.bits()).toByteArray();
  }

  /** Null if it is one that we do not know. */
  static @Nullable DialBackOrder decode(byte[] value) throws MalformedException {
    if (value.length != 4) {
      return null;
    }
    ByteReader in = new ByteReader(value, "dial-back order");
    Duration patience = Duration.ofMillis(in.u16());
    Vantage from = Vantage.of(in.u16());
    return from == null ? null : new DialBackOrder(from, patience);
  }
}
