package dev.sallyport.harness.tcp;

import dev.sallyport.harness.packet.TcpFlags;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The sending half of a connection: what was sent and is not acknowledged, from the SYN to the FIN,
 * and when to send it again (RFC 6298; {@code tcp_retransmit_timer}, {@code tcp_write_timeout}).
 *
 * <p>While only SYNs go out, Linux from 6.5 on repeats them after 1, 2, 3, 4 and 5 s ({@code
 * tcp_syn_linear_timeouts} is 4) and then doubles the gap: 7, 11, 19, 35, 67 s; after 131 s it
 * gives up. Anything else doubles each time.
 *
 * <p>Linux measures retransmitted segments, too, by the timestamp option (RFC 7323 section 4). The
 * model has no such option and takes the last transmission for the one that was answered.
 */
final class Transmission {
  /** RFC 6298 section 2.1. */
  static final long INITIAL_RTO = 1_000_000_000L;

  /** {@code TCP_RTO_MIN}: the least that is added to the smoothed round-trip time. */
  private static final long MIN_VARIANCE = 200_000_000L;

  /** {@code TCP_RTO_MAX}. */
  private static final long MAX_RTO = 120_000_000_000L;

  /** {@code TCP_TIMEOUT_MIN}: two ticks of a kernel with 250 Hz. */
  private static final long SOON = 8_000_000L;

  private static final int SYN_LINEAR_TIMEOUTS = 4;

  /** One segment of the sender's; it is never split or merged. */
  private static final class Sent {
    private final int seq;
    private final int length;
    private final @Nullable Object body;
    private int flags;
    private long at;

    private Sent(int flags, int seq, int length, @Nullable Object body) {
      this.flags = flags;
      this.seq = seq;
      this.length = length;
      this.body = body;
    }

    private int end() {
      return seq + length + ((flags & (TcpFlags.SYN | TcpFlags.FIN)) != 0 ? 1 : 0);
    }
  }

  private final TcpConnection connection;
  private final Timer timer;
  private final Deque<Sent> unacknowledged = new ArrayDeque<>(4);
  private final Deque<Sent> waiting = new ArrayDeque<>(1);
  private int una;
  private int nxt;
  private int written;
  private int recover;
  private boolean recovering;
  private int retransmits;
  private int timeouts;
  private long rto = INITIAL_RTO;
  private long smoothedRtt = -1;
  private long variance;

  Transmission(TcpConnection connection, int first) {
    this.connection = connection;
    this.timer = new Timer(connection.host.scheduler, this::timeout);
    una = first;
    nxt = first;
    written = first;
  }

  /** SND.UNA. */
  int una() {
    return una;
  }

  /** SND.NXT. */
  int next() {
    return nxt;
  }

  /** Whether all that was written, the FIN too, has been acknowledged. */
  boolean isDone() {
    return unacknowledged.isEmpty() && waiting.isEmpty();
  }

  /** Sends this after what was written before, as soon as the other end's window allows it. */
  void write(int flags, int length, @Nullable Object body) {
    Sent sent = new Sent(flags, written, length, body);
    written = sent.end();
    waiting.add(sent);
    push();
  }

  /** The SYNs have crossed: from now on it is a SYN+ACK ({@code tcp_send_synack}). */
  void turnSynIntoSynAck() {
    Sent syn = unacknowledged.getFirst();
    syn.flags |= TcpFlags.ACK;
    transmit(syn);
  }

  /** Sends the SYN again at once, if that is the first time. */
  void hurry() {
    if (retransmits == 0) {
      timer.set(SOON);
    }
  }

  /** Takes an acknowledgment after SND.UNA and not after SND.NXT. */
  void acknowledged(int ack) {
    una = ack;
    Sent last = null;
    while (!unacknowledged.isEmpty() && !Seq.after(unacknowledged.getFirst().end(), ack)) {
      last = unacknowledged.removeFirst();
    }
    if (last != null) {
      measured(connection.host.scheduler.now() - last.at);
    }
    retransmits = 0;
    if (unacknowledged.isEmpty()) {
      timer.cancel();
      recovering = false;
    } else {
      if (recovering && Seq.before(ack, recover)) {
        transmit(unacknowledged.getFirst()); // the next hole (RFC 6582 section 3.2)
      } else {
        recovering = false;
      }
      timer.set(rto);
    }
    push();
  }

  /** Takes a sample of the round-trip time (RFC 6298 section 2; {@code __tcp_set_rto}). */
  void measured(long rtt) {
    if (smoothedRtt < 0) {
      smoothedRtt = rtt;
      variance = rtt / 2;
    } else {
      variance += (Math.abs(smoothedRtt - rtt) - variance) / 4;
      smoothedRtt += (rtt - smoothedRtt) / 8;
    }
    rto = Math.min(MAX_RTO, smoothedRtt + Math.max(MIN_VARIANCE, 4 * variance));
  }

  /** Forgets everything. */
  void stop() {
    timer.cancel();
    unacknowledged.clear();
    waiting.clear();
  }

  private void push() {
    while (!waiting.isEmpty() && fits(waiting.getFirst())) {
      Sent sent = waiting.removeFirst();
      boolean first = unacknowledged.isEmpty();
      unacknowledged.add(sent);
      nxt = sent.end();
      transmit(sent);
      if (first) {
        timer.set(rto);
      }
    }
  }

  private boolean fits(Sent sent) {
    return sent.end() - una <= Reception.WINDOW || unacknowledged.isEmpty();
  }

  private void timeout() {
    boolean synSent = connection.isSynSent();
    if (retransmits >= connection.maxRetransmits() + (synSent ? SYN_LINEAR_TIMEOUTS : 0)) {
      connection.givenUp();
      return;
    }
    retransmits++;
    timeouts++;
    if (!synSent || timeouts > SYN_LINEAR_TIMEOUTS) {
      rto = Math.min(2 * rto, MAX_RTO);
    }
    recovering = true;
    recover = nxt;
    transmit(unacknowledged.getFirst());
    timer.set(rto);
  }

  private void transmit(Sent sent) {
    sent.at = connection.host.scheduler.now();
    connection.transmit(sent.flags, sent.seq, sent.length, sent.body);
  }
}
