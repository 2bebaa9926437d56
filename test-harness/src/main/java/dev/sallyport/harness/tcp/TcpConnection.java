package dev.sallyport.harness.tcp;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet.Tcp;
import dev.sallyport.harness.packet.TcpFlags;
import org.jspecify.annotations.Nullable;

/**
 * One end of a TCP connection (RFC 9293 section 3.10.7; Linux's {@code tcp_rcv_state_process}, with
 * the checks of RFC 5961). To be used by the scheduler's thread only.
 *
 * <pre>
 * SYN-SENT --SYN+ACK--&gt; ESTABLISHED            a SYN that meets ours --&gt; SYN-RECEIVED --ACK--&gt; ESTABLISHED
 * ESTABLISHED --close()--&gt; FIN-WAIT-1 --ACK--&gt; FIN-WAIT-2 --FIN--&gt; TIME-WAIT (both in {@link TimeWait})
 *             FIN-WAIT-1 --FIN--&gt; CLOSING --ACK--&gt; TIME-WAIT
 * ESTABLISHED --FIN--&gt; CLOSE-WAIT --close()--&gt; LAST-ACK --ACK--&gt; gone
 * </pre>
 */
public final class TcpConnection implements TupleHolder {
  /** {@code tcp_syn_retries}. */
  private static final int SYN_RETRIES = 6;

  /** {@code tcp_retries2}, counted. */
  private static final int DATA_RETRIES = 15;

  /** {@code tcp_orphan_retries}, for what nobody owns any more. */
  private static final int ORPHAN_RETRIES = 8;

  final TcpHost host;
  private final Tuple tuple;
  private final Endpoint local;
  private final Transmission sending;
  private final Reception receiving = new Reception();
  private final Patience patience;
  private final Owner owner;
  private State state;
  private boolean lost;

  private TcpConnection(
      TcpHost host, Tuple tuple, Endpoint local, State state, int firstSequence, Owner owner) {
    this.owner = owner;
    this.host = host;
    this.tuple = tuple;
    this.local = local;
    this.state = state;
    this.sending = new Transmission(this, firstSequence);
    this.patience = new Patience(host.scheduler);
  }

  static TcpConnection connecting(
      TcpHost host, Tuple tuple, Endpoint local, int iss, TcpListener listener) {
    return new TcpConnection(host, tuple, local, State.SYN_SENT, iss, new Owner(listener));
  }

  static TcpConnection accepted(
      TcpHost host, Tuple tuple, Endpoint local, int sndNxt, int rcvNxt, long rtt) {
    TcpConnection connection =
        new TcpConnection(host, tuple, local, State.ESTABLISHED, sndNxt, new Owner(null));
    connection.receiving.start(rcvNxt);
    connection.sending.measured(rtt);
    return connection;
  }

  void sendSyn() {
    sending.write(TcpFlags.SYN, 0, null);
  }

  /** The endpoint on this host. */
  public Endpoint local() {
    return local;
  }

  /** The other endpoint, as seen from here. */
  public Endpoint remote() {
    return tuple.remote();
  }

  /**
   * Whether messages can be sent: the handshake is done, and it is neither closed here nor gone.
   */
  public boolean isEstablished() {
    return state == State.ESTABLISHED || state == State.CLOSE_WAIT;
  }

  /**
   * Tells this listener from now on, and at once what has come before: for accepted connections,
   * which have none at first.
   */
  public void listen(TcpListener newListener) {
    owner.listen(newListener);
    owner.deliver(receiving, lost);
  }

  /**
   * Sends a message: as one segment, in order, again and again until it is acknowledged. What is
   * sent into a connection that is closed or gone is lost.
   *
   * @param length in bytes, 1 to 64240
   * @throws IllegalStateException before the handshake is done
   */
  public void send(Object message, int length) {
    if (length < 1 || length > Reception.WINDOW) {
      throw new IllegalArgumentException("a message of " + length + " bytes");
    }
    if (state == State.SYN_SENT || state == State.SYN_RECEIVED) {
      throw new IllegalStateException("not connected yet");
    }
    if (isEstablished()) {
      sending.write(TcpFlags.PSH | TcpFlags.ACK, length, message);
    }
  }

  /**
   * Closes this end; nothing more is told. What was sent before still gets there. A connect that
   * nothing has answered is silently gone; messages that nobody has read make it a reset ({@code
   * tcp_close}, RFC 2525 section 2.17).
   */
  public void close() {
    if (owner.hasLeft()) {
      return;
    }
    owner.leave();
    switch (state) {
      case SYN_SENT -> gone();
      case SYN_RECEIVED, ESTABLISHED, CLOSE_WAIT -> {
        if (receiving.hasUnread()) {
          resetOther();
        } else {
          state = state == State.CLOSE_WAIT ? State.LAST_ACK : State.FIN_WAIT_1;
          sending.write(TcpFlags.FIN | TcpFlags.ACK, 0, null);
        }
      }
      case FIN_WAIT_1, FIN_WAIT_2, CLOSING, LAST_ACK, CLOSED -> {}
    }
  }

  /**
   * Ends it now: with a reset, or silently if nothing has answered our SYN ({@code
   * tcp_disconnect}). Nothing more is told.
   */
  public void abort() {
    owner.leave();
    switch (state) {
      case SYN_SENT, CLOSING, LAST_ACK -> gone();
      case SYN_RECEIVED, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT -> resetOther();
      case CLOSED -> {}
    }
  }

  @Override
  public void arrives(Tcp segment) {
    if (state == State.SYN_SENT) {
      arrivesInSynSent(segment);
    } else if (isAcceptable(segment)) {
      if (acknowledges(segment)) {
        takeData(segment);
        if (state == State.FIN_WAIT_2) {
          linger(true);
        }
      }
      owner.deliver(receiving, lost);
    }
  }

  /** RFC 9293 section 3.10.7.3, {@code tcp_rcv_synsent_state_process}. */
  private void arrivesInSynSent(Tcp segment) {
    boolean ack = segment.has(TcpFlags.ACK);
    if (ack && Seq.ackOf(segment) != sending.next()) {
      // From an earlier connection: a reset there ends it, and makes room for our SYN.
      sending.hurry();
      host.wire.refuse(segment);
    } else if (segment.has(TcpFlags.RST)) {
      if (ack) {
        failed(ConnectFailure.REFUSED);
      }
    } else if (segment.has(TcpFlags.SYN)) {
      receiving.start(Seq.of(segment) + 1);
      if (ack) {
        sending.acknowledged(Seq.ackOf(segment));
        state = State.ESTABLISHED;
        sendAck();
        owner.established();
      } else {
        state = State.SYN_RECEIVED;
        sending.turnSynIntoSynAck();
      }
    }
  }

  /** {@code tcp_validate_incoming}: RFC 9293 section 3.10.7.4, RFC 5961 sections 3.2 and 4.2. */
  private boolean isAcceptable(Tcp segment) {
    int seq = Seq.of(segment);
    int end = seq + Seq.length(segment);
    boolean syn = segment.has(TcpFlags.SYN);
    boolean exact = seq == receiving.next();
    if (segment.has(TcpFlags.RST)) {
      boolean late = seq == receiving.next() - 1;
      boolean finished = receiving.isFinished() && state != State.ESTABLISHED;
      if (exact || (late && finished)) {
        reset();
      } else if (receiving.inWindow(seq, end)) {
        challenge();
      }
      return false;
    }
    if (!receiving.inWindow(seq, end)) {
      if (syn || segment.length() == 0) {
        challenge();
      } else {
        sendAck();
      }
      return false;
    }
    if (syn && !isCrossedSynAck(segment)) {
      challenge();
      return false;
    }
    return segment.has(TcpFlags.ACK);
  }

  private boolean isCrossedSynAck(Tcp segment) {
    return state == State.SYN_RECEIVED
        && segment.has(TcpFlags.ACK)
        && Seq.of(segment) + 1 == receiving.next()
        && Seq.length(segment) == 1
        && Seq.ackOf(segment) == sending.next();
  }

  /** Step 5 of RFC 9293 section 3.10.7.4, {@code tcp_ack}; false if the segment ends there. */
  private boolean acknowledges(Tcp segment) {
    int ack = Seq.ackOf(segment);
    boolean fresh = Seq.after(ack, sending.una()) && !Seq.after(ack, sending.next());
    if (state == State.SYN_RECEIVED) {
      if (!fresh) {
        host.wire.refuse(segment);
        return false;
      }
      sending.acknowledged(ack);
      state = State.ESTABLISHED;
      if (segment.has(TcpFlags.SYN)) {
        sendAck();
      }
      owner.established();
      return true;
    }
    if (fresh) {
      sending.acknowledged(ack);
    } else if (ack != sending.una() && !isRecent(ack)) {
      challenge(); // RFC 5961 section 5.2
      return false;
    }
    if (sending.isDone()) {
      finAcknowledged();
    }
    return true;
  }

  /** Whether it acknowledges what was acknowledged not long ago, in segments that came late. */
  private boolean isRecent(int ack) {
    return Seq.before(ack, sending.una()) && !Seq.before(ack, sending.una() - Reception.WINDOW);
  }

  /** All is acknowledged: the FIN too, if one was sent. */
  private void finAcknowledged() {
    switch (state) {
      case FIN_WAIT_1 -> state = State.FIN_WAIT_2;
      case CLOSING -> linger(false);
      case LAST_ACK -> gone();
      default -> {}
    }
  }

  private void takeData(Tcp segment) {
    if (Seq.length(segment) == 0 || segment.has(TcpFlags.SYN) || state == State.CLOSED) {
      return;
    }
    int before = receiving.next();
    if (owner.hasLeft() && segment.length() > 0 && !receiving.isFinished() && isNew(segment)) {
      host.wire.refuse(segment); // nobody will read it (RFC 9293 section 3.6.1)
      gone();
      return;
    }
    receiving.take(segment);
    sendAck();
    if (before != receiving.next() && receiving.isFinished()) {
      switch (state) {
        case ESTABLISHED -> state = State.CLOSE_WAIT;
        case FIN_WAIT_1 -> state = State.CLOSING;
        case FIN_WAIT_2 -> linger(false);
        default -> {}
      }
    }
  }

  private boolean isNew(Tcp segment) {
    return Seq.after(Seq.of(segment) + segment.length(), receiving.next());
  }

  /**
   * An error about a SYN ends the connect; what is established outlives it ({@code tcp_v4_err}).
   */
  @Override
  public void errs(IcmpError error, int sequence) {
    boolean ours = !Seq.before(sequence, sending.una()) && !Seq.after(sequence, sending.next());
    if (ours && (state == State.SYN_SENT || state == State.SYN_RECEIVED)) {
      failed(
          error == IcmpError.PORT_UNREACHABLE
              ? ConnectFailure.REFUSED
              : ConnectFailure.UNREACHABLE);
    }
  }

  boolean isSynSent() {
    return state == State.SYN_SENT;
  }

  int maxRetransmits() {
    if (state == State.SYN_SENT || state == State.SYN_RECEIVED) {
      return SYN_RETRIES;
    }
    return owner.hasLeft() ? ORPHAN_RETRIES : DATA_RETRIES;
  }

  /** Nothing acknowledges what was sent. */
  void givenUp() {
    if (state == State.SYN_SENT || state == State.SYN_RECEIVED) {
      failed(ConnectFailure.TIMED_OUT);
    } else {
      lose();
    }
  }

  void transmit(int flags, int seq, int length, @Nullable Object body) {
    host.wire.segment(local, tuple.remote(), flags, seq, receiving.next(), length, body);
  }

  private void reset() {
    if (state == State.SYN_RECEIVED) {
      failed(ConnectFailure.REFUSED);
    } else {
      lose();
    }
  }

  private void lose() {
    gone();
    lost = true;
    owner.deliver(receiving, lost);
  }

  private void failed(ConnectFailure why) {
    gone();
    owner.failed(why);
  }

  private void sendAck() {
    host.wire.ack(local, tuple.remote(), sending.next(), receiving.next());
  }

  /** RFC 5961: whoever really is the other end answers this with what settles the matter. */
  private void challenge() {
    if (patience.allows()) {
      sendAck();
    }
  }

  private void resetOther() {
    int flags = TcpFlags.RST | TcpFlags.ACK;
    host.wire.segment(local, tuple.remote(), flags, sending.next(), receiving.next(), 0, null);
    gone();
  }

  private void linger(boolean finWait2) {
    gone();
    host.hold(tuple, new TimeWait(host, tuple, local, finWait2, sending.next(), receiving.next()));
  }

  private void gone() {
    state = State.CLOSED;
    sending.stop();
    host.release(tuple, this);
  }
}
