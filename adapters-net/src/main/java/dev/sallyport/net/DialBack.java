package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of a dial-back: an observer's attempt to open a TCP connection to whoever asked for it,
 * from a place that the asker's NAT has never seen. Whether it gets through is the NAT's filtering
 * (RFC 4787 section 5), which for TCP no STUN server can tell.
 *
 * <p>The question is a binding request over TCP with the attribute DIAL-BACK (0xF5A0), whose value
 * is an {@link DialBackOrder}: 16 bits of milliseconds to wait, 0 for as long as the observer
 * likes, and {@link Vantage} in 16 bits, numbered as the flags of CHANGE-REQUEST (RFC 5780 section
 * 7.2) are. It holds no address: only the other end of the connection that it came over is ever
 * dialled. The answer is a success response, sent when the outcome is known, with the same
 * attribute: 8 bits {@link Outcome}, 8 bits {@link Vantage}, 16 bits of milliseconds, and, if there
 * was a dial, where it came from, written as in XOR-MAPPED-ADDRESS.
 *
 * @param from from where the dial was to come
 * @param outcome how it ended
 * @param source the very endpoint it came from; null if there was none
 * @param took how long it took, up to 65 s; zero without a dial
 */
public record DialBack(Vantage from, Outcome outcome, @Nullable Endpoint source, Duration took) {
  private static final int MAX_MILLIS = 0xffff;

  public DialBack {
    if (took.isNegative() || took.toMillis() > MAX_MILLIS) {
      throw new IllegalArgumentException("a dial-back that took " + took);
    }
  }

  /** How it ended. */
  public enum Outcome {
    /** A connection was made. */
    ARRIVED(1),
    /** A reset came back. */
    REFUSED(2),
    /** Nothing came back in time. */
    SILENT(3),
    /** An ICMP error came back. */
    UNREACHABLE(4),
    /** There was no dial: too many have been asked for. */
    LIMITED(5),
    /** There was no dial: the observer has no other address, or trouble of its own. */
    NOT_POSSIBLE(6),
    /** A reset or an ICMP error came back; the observer cannot tell which. */
    REJECTED(7);

    private final int number;

    Outcome(int number) {
      this.number = number;
    }

    /**
     * @param sign what the kernel's counters say of a refusal
     */
    static Outcome of(DialFailure failure, RefusalSign sign) {
      return switch (failure) {
        case REFUSED ->
            switch (sign) {
              case RESET -> REFUSED;
              case ICMP -> UNREACHABLE;
              case UNCLEAR -> REJECTED;
            };
        case TIMED_OUT -> SILENT;
        case UNREACHABLE -> UNREACHABLE;
        case TUPLE_IN_USE, NO_ROUTE, NO_RESOURCES, ABORTED -> NOT_POSSIBLE;
      };
    }

    private static Outcome of(int number) throws MalformedException {
      for (Outcome outcome : values()) {
        if (outcome.number == number) {
          return outcome;
        }
      }
      throw new MalformedException("a dial-back with the unknown outcome " + number);
    }
  }

  /** One that did not take place. */
  static DialBack none(Vantage from, Outcome why) {
    return new DialBack(from, why, null, Duration.ZERO);
  }

  /** One that did; what a machine that slept in the middle measures is cut to what fits. */
  static DialBack done(Vantage from, Outcome outcome, Endpoint source, Duration took) {
    long millis = Math.clamp(took.toMillis(), 0, MAX_MILLIS);
    return new DialBack(from, outcome, source, Duration.ofMillis(millis));
  }

  byte[] encode(TransactionId id) {
    ByteWriter out = new ByteWriter().u8(outcome.number).u8(from.bits()).u16((int) took.toMillis());
    return (source == null ? out : out.bytes(StunWire.xorAddress(source, id))).toByteArray();
  }

  static DialBack decode(byte[] value, TransactionId id) throws MalformedException {
    ByteReader in = new ByteReader(value, "dial-back");
    Outcome outcome = Outcome.of(in.u8());
    Vantage from = Vantage.of(in.u8());
    if (from == null) {
      throw new MalformedException("a dial-back from nowhere");
    }
    Duration took = Duration.ofMillis(in.u16());
    Endpoint source =
        in.remaining() == 0 ? null : StunWire.readXorAddress(in.bytes(in.remaining()), id);
    return new DialBack(from, outcome, source, took);
  }
}
