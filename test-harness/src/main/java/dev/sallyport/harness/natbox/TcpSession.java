package dev.sallyport.harness.natbox;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.TcpFlags;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection as a NAT follows it: a state machine that sees both sides' segments.
 *
 * <pre>
 * state        segment                         next
 * ASKED        SYN of the other side           CROSSED (RFC 9293 figure 8, RFC 5382 REQ-2)
 * ASKED        SYN+ACK of the other side       ANSWERED
 * CROSSED      SYN+ACK                         ANSWERED
 * ANSWERED     SYN+ACK of the other side       ESTABLISHED (the second of a simultaneous open)
 * ANSWERED     ACK, data of the other side     ESTABLISHED
 * ESTABLISHED  FIN                             CLOSING
 * CLOSING      FIN of the other side           CLOSED
 * any          RST                             CLOSED; half-open from outside: {@link ErrorEffect}
 * CLOSED       SYN from inside                 ASKED, a new connection
 * </pre>
 */
final class TcpSession extends Session {
  static final int INSIDE = 0;
  static final int OUTSIDE = 1;

  /** How far a segment may be from the last one: no window scale is read, so 8 MiB. */
  private static final long WINDOW = 1 << 23;

  private enum State {
    ASKED,
    CROSSED,
    ANSWERED,
    ESTABLISHED,
    CLOSING,
    CLOSED
  }

  private final boolean simultaneousOpen;
  private final boolean strict;
  private final ErrorEffect onReset;
  private State state = State.ASKED;
  private int opener;
  private int answerer;
  private int fins;
  private boolean poisoned;
  private boolean over;

  /** By side: the first sequence number, and the next one after all that was seen. */
  private final long[] first = new long[2];

  private final long[] next = new long[2];

  TcpSession(Mapping mapping, Endpoint remote, NatBehavior behavior) {
    super(true, mapping, remote);
    simultaneousOpen = behavior.simultaneousOpen();
    strict = behavior.checks() == SequenceChecks.STRICT;
    onReset = behavior.onReset();
  }

  /** A SYN begins a connection, whatever was before. */
  void begin(int side, Packet.Tcp syn) {
    state = State.ASKED;
    opener = side;
    fins = 0;
    poisoned = false;
    over = false;
    ghost = false;
    first[side] = syn.sequence();
    next[side] = end(syn);
  }

  boolean halfOpen() {
    return state.compareTo(State.ANSWERED) <= 0;
  }

  boolean open() {
    return state == State.ESTABLISHED;
  }

  boolean closed() {
    return state == State.CLOSED;
  }

  boolean poisoned() {
    return poisoned;
  }

  /** Whether an error has ended it for good. */
  boolean over() {
    return over;
  }

  void close() {
    state = State.CLOSED;
  }

  /** An error from outside about, or to, a connection that is not open yet. */
  void hit(ErrorEffect effect) {
    if (halfOpen() && opener == INSIDE) {
      poisoned |= effect == ErrorEffect.POISON;
      over |= effect == ErrorEffect.DELETE;
    }
  }

  /** Follows a segment; returns why it may not pass, or null if it may. */
  @Nullable Verdict follow(int side, Packet.Tcp segment) {
    Verdict refused;
    if (segment.has(TcpFlags.RST)) {
      refused = reset(side, segment);
    } else if (!segment.has(TcpFlags.SYN)) {
      refused = data(side, segment);
    } else if (segment.has(TcpFlags.ACK)) {
      refused = synAck(side, segment);
    } else {
      refused = syn(side, segment);
    }
    if (refused == null && !segment.has(TcpFlags.RST) && after(end(segment), next[side])) {
      next[side] = end(segment);
    }
    return refused;
  }

  private @Nullable Verdict syn(int side, Packet.Tcp syn) {
    if (!halfOpen()) {
      return strict ? Verdict.OUT_OF_STATE : null;
    }
    boolean again = side == opener || state != State.ASKED;
    if (!again && !simultaneousOpen) {
      return Verdict.CROSSING_SYN;
    }
    if (again && syn.sequence() != first[side]) {
      if (poisoned && side == opener) {
        return Verdict.POISONED;
      }
      if (strict && state != State.ASKED) {
        return Verdict.OUT_OF_STATE;
      }
    }
    if (!again) {
      state = State.CROSSED;
    }
    first[side] = syn.sequence();
    next[side] = end(syn);
    return null;
  }

  private @Nullable Verdict synAck(int side, Packet.Tcp answer) {
    if (poisoned && side == opener && answer.sequence() != first[side]) {
      return Verdict.POISONED;
    }
    switch (state) {
      case ASKED -> {
        if (strict && (side == opener || !answersTo(1 - side, answer))) {
          return Verdict.OUT_OF_STATE;
        }
        if (side != opener) {
          answered(side, answer);
        }
      }
      case CROSSED -> {
        if (strict && (answer.sequence() != first[side] || !answersTo(1 - side, answer))) {
          return Verdict.OUT_OF_STATE;
        }
        answered(side, answer);
      }
      case ANSWERED -> {
        if (strict && (answer.sequence() != first[side] || !answersTo(1 - side, answer))) {
          return Verdict.OUT_OF_STATE;
        }
        if (side != answerer) {
          establish();
        }
      }
      case ESTABLISHED -> {
        if (strict && answer.sequence() != first[side]) {
          return Verdict.OUT_OF_STATE;
        }
      }
      default -> {
        return strict ? Verdict.OUT_OF_STATE : null;
      }
    }
    return null;
  }

  private void answered(int side, Packet.Tcp answer) {
    state = State.ANSWERED;
    answerer = side;
    first[side] = answer.sequence();
    next[side] = end(answer);
  }

  private void establish() {
    state = State.ESTABLISHED;
    poisoned = false;
  }

  private @Nullable Verdict data(int side, Packet.Tcp segment) {
    if (state.compareTo(State.CROSSED) <= 0) {
      return strict ? Verdict.OUT_OF_STATE : null;
    }
    if (strict && !inWindow(side, segment)) {
      return Verdict.OUT_OF_STATE;
    }
    if (state == State.ANSWERED && side != answerer) {
      establish();
    }
    if (segment.has(TcpFlags.FIN) && !halfOpen()) {
      fins |= 1 << side;
      if (state != State.CLOSED) {
        state = fins == 3 ? State.CLOSED : State.CLOSING;
      }
    }
    return null;
  }

  private @Nullable Verdict reset(int side, Packet.Tcp reset) {
    if (strict && state != State.CLOSED && !resets(side, reset)) {
      return Verdict.OUT_OF_STATE;
    }
    if (!halfOpen()) {
      close();
    } else if (side == OUTSIDE && opener == INSIDE) {
      hit(onReset);
    } else if (onReset == ErrorEffect.DELETE) {
      over = true;
    } else {
      close();
    }
    return null;
  }

  /** RFC 9293 section 3.10.7.3 before the handshake is over, RFC 5961 section 3 after. */
  private boolean resets(int side, Packet.Tcp reset) {
    if (halfOpen() && reset.has(TcpFlags.ACK)) {
      return answersTo(1 - side, reset);
    }
    if (state == State.ASKED && side != opener) {
      return false;
    }
    return near(reset.sequence(), next[side]);
  }

  private boolean answersTo(int side, Packet.Tcp segment) {
    return segment.acknowledgment() == ((first[side] + 1) & 0xffffffffL);
  }

  private boolean inWindow(int side, Packet.Tcp segment) {
    if (!near(segment.sequence(), next[side])) {
      return false;
    }
    // Nothing may be acknowledged that was never sent.
    return !segment.has(TcpFlags.ACK)
        || (near(segment.acknowledgment(), next[1 - side])
            && !after(segment.acknowledgment(), next[1 - side]));
  }

  private static boolean near(long sequence, long expected) {
    int distance = (int) (sequence - expected);
    return distance >= -WINDOW && distance <= WINDOW;
  }

  /** In the arithmetic of sequence numbers. */
  private static boolean after(long one, long other) {
    return (int) (one - other) > 0;
  }

  private static long end(Packet.Tcp segment) {
    int flags = segment.flags();
    int phantom = ((flags & TcpFlags.SYN) != 0 ? 1 : 0) + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
    return (segment.sequence() + segment.length() + phantom) & 0xffffffffL;
  }
}
