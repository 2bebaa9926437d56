package dev.sallyport.harness.tcp;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet.Tcp;
import dev.sallyport.harness.packet.TcpFlags;

/**
 * What is left of a connection that was closed here first (RFC 9293 section 3.10.7.4, Linux's
 * {@code tcp_timewait_state_process}): TIME-WAIT, and FIN-WAIT-2 before it, whose socket has no
 * owner any more.
 */
final class TimeWait implements TupleHolder {
  /** {@code TCP_TIMEWAIT_LEN}, and the same for {@code tcp_fin_timeout}. */
  static final long LENGTH = 60_000_000_000L;

  /** {@code tcp_tw_reuse_delay}. */
  private static final long REUSE_AFTER = 1_000_000_000L;

  private final TcpHost host;
  private final Tuple tuple;
  private final Endpoint local;
  private final int sndNxt;
  private final Timer timer;
  private final Patience patience;
  private boolean finWait2;
  private int rcvNxt;
  private long heardAt;

  TimeWait(TcpHost host, Tuple tuple, Endpoint local, boolean finWait2, int sndNxt, int rcvNxt) {
    this.host = host;
    this.tuple = tuple;
    this.local = local;
    this.finWait2 = finWait2;
    this.sndNxt = sndNxt;
    this.rcvNxt = rcvNxt;
    this.timer = new Timer(host.scheduler, this::drop);
    this.patience = new Patience(host.scheduler);
    this.heardAt = host.scheduler.now();
    timer.set(LENGTH);
  }

  boolean isFinWait2() {
    return finWait2;
  }

  /**
   * Whether a connect may take this tuple over: {@code tcp_tw_reuse} is 2 by default, which allows
   * it on the loopback only, after a second ({@code tcp_twsk_unique}).
   */
  boolean yieldsToConnect() {
    boolean loopback =
        local.address().isLoopbackAddress() || tuple.remote().address().isLoopbackAddress();
    return loopback && host.scheduler.now() - heardAt > REUSE_AFTER;
  }

  /** Where whoever follows on this tuple starts, far from what may still be under way. */
  int nextIss() {
    return sndNxt + 65_535 + 2;
  }

  /** Makes room for whoever follows. */
  void drop() {
    timer.cancel();
    host.release(tuple, this);
  }

  @Override
  public void arrives(Tcp segment) {
    if (finWait2) {
      finWait2(segment);
    } else {
      timeWait(segment);
    }
  }

  @Override
  public void errs(IcmpError error, int sequence) {
    // As in any synchronized state, an error about a late segment ends nothing.
  }

  private void finWait2(Tcp segment) {
    int seq = Seq.of(segment);
    int end = seq + Seq.length(segment);
    if (!inWindow(seq, end)) {
      acknowledgeOutOfWindow(segment);
    } else if (segment.has(TcpFlags.RST)) {
      drop();
    } else if (segment.has(TcpFlags.SYN) && !Seq.before(seq, rcvNxt)) {
      refuse(segment);
    } else if (!segment.has(TcpFlags.ACK) || !Seq.after(end, rcvNxt) || end == seq) {
      return; // an old duplicate
    } else if (!segment.has(TcpFlags.FIN) || end != rcvNxt + 1) {
      refuse(segment); // data that nobody will read
    } else {
      finWait2 = false;
      rcvNxt = end;
      heardAt = host.scheduler.now();
      timer.set(LENGTH);
      acknowledge();
    }
  }

  private void timeWait(Tcp segment) {
    int seq = Seq.of(segment);
    boolean reset = segment.has(TcpFlags.RST);
    if (seq == rcvNxt && (Seq.length(segment) == 0 || reset)) {
      if (reset) {
        drop(); // tcp_rfc1337 is off: a reset assassinates it
      } else {
        timer.set(LENGTH);
        heardAt = host.scheduler.now();
      }
      return;
    }
    if (segment.opens() && Seq.after(seq, rcvNxt)) {
      Listening listening = host.listening(tuple.localPort());
      if (listening != null) {
        drop();
        host.open(listening, tuple, segment, nextIss());
        return;
      }
    }
    acknowledgeOutOfWindow(segment);
  }

  private void acknowledgeOutOfWindow(Tcp segment) {
    if (segment.has(TcpFlags.RST)) {
      return;
    }
    if (segment.has(TcpFlags.ACK)) {
      timer.set(LENGTH);
    }
    boolean data = Seq.length(segment) > 0 && !segment.has(TcpFlags.SYN);
    if (data || patience.allows()) {
      acknowledge();
    }
  }

  private void refuse(Tcp segment) {
    host.wire.refuse(segment);
    drop();
  }

  private void acknowledge() {
    host.wire.ack(local, tuple.remote(), sndNxt, rcvNxt);
  }

  private boolean inWindow(int seq, int end) {
    return seq == rcvNxt || (Seq.after(end, rcvNxt) && Seq.before(seq, rcvNxt + Reception.WINDOW));
  }
}
