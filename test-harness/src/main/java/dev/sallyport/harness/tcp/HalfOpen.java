package dev.sallyport.harness.tcp;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet.Tcp;
import dev.sallyport.harness.packet.TcpFlags;

/**
 * What a listener remembers of a SYN until the handshake is done (Linux's {@code request_sock},
 * {@code tcp_check_req}). It holds the 4-tuple, so a connect to the same remote endpoint fails
 * meanwhile.
 */
final class HalfOpen implements TupleHolder {
  /** {@code tcp_synack_retries}. */
  private static final int RETRIES = 5;

  private static final int SYN_RST_ACK = TcpFlags.SYN | TcpFlags.RST | TcpFlags.ACK;

  private final TcpHost host;
  private final Listening listening;
  private final Tuple tuple;
  private final Endpoint local;
  private final int irs;
  private final int iss;
  private final Timer timer;
  private final Patience patience;
  private int timeouts;
  private long sentAt;

  HalfOpen(TcpHost host, Listening listening, Tuple tuple, Tcp syn, int iss) {
    this.host = host;
    this.listening = listening;
    this.tuple = tuple;
    this.local = syn.to();
    this.irs = Seq.of(syn);
    this.iss = iss;
    this.timer = new Timer(host.scheduler, this::timeout);
    this.patience = new Patience(host.scheduler);
  }

  void start() {
    sendSynAck();
    timer.set(Transmission.INITIAL_RTO);
  }

  /**
   * The listener may be gone: Linux notices when the next segment or the timer comes, and until
   * then the tuple is taken ({@code tcp_v4_rcv}).
   */
  @Override
  public void arrives(Tcp segment) {
    if (!listening.open) {
      drop();
      host.receive(segment);
      return;
    }
    int flags = segment.flags() & SYN_RST_ACK;
    int seq = Seq.of(segment);
    int ack = Seq.ackOf(segment);
    if (flags == TcpFlags.SYN && seq == irs) {
      if (patience.allows()) { // RFC 9293 3.10.7.4 would send an ACK; Linux repeats its SYN+ACK
        sendSynAck();
        timer.set(Transmission.INITIAL_RTO << timeouts);
      }
      return;
    }
    if ((flags & TcpFlags.RST) != 0) {
      arrivesReset(seq);
      return;
    }
    if ((flags & TcpFlags.ACK) != 0 && ack != iss + 1) {
      host.wire.refuse(segment);
      return;
    }
    if (!inWindow(seq, Seq.length(segment))) {
      challenge();
      return;
    }
    if (seq == irs) {
      flags &= ~TcpFlags.SYN;
    }
    if ((flags & TcpFlags.SYN) != 0) {
      host.wire.refuse(segment);
      drop();
    } else if ((flags & TcpFlags.ACK) != 0) {
      complete(segment);
    }
  }

  /** Only "unreachable" ends it, and only if it is about our SYN+ACK ({@code tcp_req_err}). */
  @Override
  public void errs(IcmpError error, int sequence) {
    if (error == IcmpError.HOST_UNREACHABLE && sequence == iss) {
      drop();
    }
  }

  /** RFC 5961 section 3.2, which Linux 6.18 keeps here, too. */
  private void arrivesReset(int seq) {
    if (seq == irs + 1) {
      drop();
    } else if (inWindow(seq, 0)) {
      challenge();
    }
  }

  private void challenge() {
    if (patience.allows()) {
      host.wire.ack(local, tuple.remote(), iss + 1, irs + 1);
    }
  }

  private void complete(Tcp segment) {
    timer.cancel();
    long rtt = host.scheduler.now() - sentAt;
    TcpConnection child = TcpConnection.accepted(host, tuple, local, iss + 1, irs + 1, rtt);
    host.hold(tuple, child);
    child.arrives(segment);
    listening.accepted.accept(child);
  }

  private boolean inWindow(int seq, int length) {
    int next = irs + 1;
    return !Seq.before(seq + length, next) && !Seq.after(seq, next + Reception.WINDOW);
  }

  private void timeout() {
    if (!listening.open || timeouts >= RETRIES) {
      drop();
      return;
    }
    timeouts++;
    sendSynAck();
    timer.set(Transmission.INITIAL_RTO << timeouts);
  }

  private void drop() {
    timer.cancel();
    host.release(tuple, this);
  }

  private void sendSynAck() {
    sentAt = host.scheduler.now();
    host.wire.segment(local, tuple.remote(), TcpFlags.SYN | TcpFlags.ACK, iss, irs + 1, 0, null);
  }
}
