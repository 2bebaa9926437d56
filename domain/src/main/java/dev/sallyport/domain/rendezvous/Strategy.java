package dev.sallyport.domain.rendezvous;

import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;

/**
 * How a caller proposes to get through, and how a service answers it.
 *
 * <p>On the wire a byte of kind and its parameters, 16 bits each: 1 simultaneous open, none; 2
 * predicted: base, step (two's complement), window; 3 birthday: a byte that is 1 if the caller is
 * the hard side and 0 if not, sockets, dials, low, high.
 */
public sealed interface Strategy {
  /** The most SYNs one strategy may send from one side: this is no cannon. */
  int MAX_SYNS = 2048;

  /** The most ports a prediction may cover. */
  int MAX_WINDOW = 1024;

  /** Both dial the other's candidates as they are (RFC 5382 REQ-2). */
  record SimultaneousOpen() implements Strategy {}

  /**
   * The sender's NAT takes ports in steps; the other side dials a window of them.
   *
   * @param base the external port seen last, 1 to 65535
   * @param step from one port to the next, -256 to 256, not 0
   * @param window how many ports after the base to dial, 1 to {@link #MAX_WINDOW}
   */
  record Predicted(int base, int step, int window) implements Strategy {
    public Predicted {
      checkPort(base);
      if (step == 0 || step < -256 || step > 256) {
        throw new IllegalArgumentException("a step is -256 to 256 and not 0, not " + step);
      }
      if (window < 1 || window > MAX_WINDOW) {
        throw new IllegalArgumentException("a window is 1 to " + MAX_WINDOW + ", not " + window);
      }
    }
  }

  /**
   * The hard side, whose NAT picks ports at random, opens many sockets to the easy side's one
   * endpoint; the easy side dials many random ports of the hard one's address, none twice.
   *
   * @param callerIsHard which side is the hard one
   * @param sockets how many the hard side opens, 1 to {@link #MAX_SYNS}
   * @param dials how many ports the easy side dials, 1 to {@link #MAX_SYNS} and no more than there
   *     are
   * @param low the lowest port the hard side's NAT picks, 1 to 65535
   * @param high the highest, inclusive
   */
  record Birthday(boolean callerIsHard, int sockets, int dials, int low, int high)
      implements Strategy {
    public Birthday {
      checkPort(low);
      checkPort(high);
      if (low > high) {
        throw new IllegalArgumentException("a port range from " + low + " to " + high);
      }
      if (sockets < 1 || sockets > MAX_SYNS) {
        throw new IllegalArgumentException(
            sockets + " sockets where 1 to " + MAX_SYNS + " are allowed");
      }
      if (dials < 1 || dials > MAX_SYNS || dials > high - low + 1) {
        throw new IllegalArgumentException(
            dials + " dials to the ports from " + low + " to " + high);
      }
    }
  }

  default void write(ByteWriter out) {
    switch (this) {
      case SimultaneousOpen() -> out.u8(1);
      case Predicted(int base, int step, int window) ->
          out.u8(2).u16(base).u16(step & 0xffff).u16(window);
      case Birthday(boolean callerIsHard, int sockets, int dials, int low, int high) ->
          out.u8(3).u8(callerIsHard ? 1 : 0).u16(sockets).u16(dials).u16(low).u16(high);
    }
  }

  /** Reads what {@link #write} wrote. */
  static Strategy read(ByteReader in) throws MalformedException {
    int kind = in.u8();
    try {
      return switch (kind) {
        case 1 -> new SimultaneousOpen();
        case 2 -> new Predicted(in.u16(), (short) in.u16(), in.u16());
        case 3 -> new Birthday(flag(in), in.u16(), in.u16(), in.u16(), in.u16());
        default -> throw new MalformedException("an unknown strategy " + kind);
      };
    } catch (IllegalArgumentException e) {
      throw new MalformedException("a strategy is not usable: " + e.getMessage(), e);
    }
  }

  private static boolean flag(ByteReader in) throws MalformedException {
    int value = in.u8();
    if (value > 1) {
      throw new MalformedException("a strategy has the unknown flag " + value);
    }
    return value == 1;
  }

  private static void checkPort(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
    }
  }
}
