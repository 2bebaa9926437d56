package dev.sallyport.harness.natbox;

import java.time.Duration;

/**
 * How long a NAT remembers. Every packet that passes starts the timer anew, but for an entry that
 * is {@linkplain ErrorEffect#POISON poisoned}.
 *
 * @param halfOpen a TCP connection before its handshake is over (RFC 5382 REQ-5: 4 minutes)
 * @param established an idle TCP connection (RFC 5382 REQ-5: 2 hours and 4 minutes)
 * @param transitory a TCP connection after a FIN or a reset (RFC 5382 REQ-5, RFC 7857 section 2)
 * @param udp a flow of UDP (RFC 4787 REQ-5: 2 minutes, better 5)
 * @param linger after the last packet out, at least so long a mapping and the remotes it was used
 *     for are remembered, whatever became of the connection; 0 if they end with it
 * @param inboundRefreshesUdp whether packets that come in start the timer of UDP anew (RFC 4787
 *     REQ-6); those that go out always do
 */
public record NatTimers(
    Duration halfOpen,
    Duration established,
    Duration transitory,
    Duration udp,
    Duration linger,
    boolean inboundRefreshesUdp) {

  /** The least that RFC 5382 REQ-5 and what RFC 4787 REQ-5 recommend. */
  public static final NatTimers RFC = seconds(240, 7440, 240, 300);

  /** Linux 6: {@code nf_conntrack_tcp_timeout_*} and {@code nf_conntrack_udp_timeout_stream}. */
  public static final NatTimers LINUX = seconds(120, 432_000, 120, 120);

  /** A router for homes: half an hour for an idle connection. */
  public static final NatTimers HOME = seconds(120, 1800, 60, 120);

  public NatTimers {
    if (!positive(halfOpen)
        || !positive(established)
        || !positive(transitory)
        || !positive(udp)
        || linger.isNegative()) {
      throw new IllegalArgumentException("a timer that is not positive");
    }
  }

  private static boolean positive(Duration timer) {
    return timer.isPositive();
  }

  private static NatTimers seconds(long halfOpen, long established, long transitory, long udp) {
    return new NatTimers(
        Duration.ofSeconds(halfOpen),
        Duration.ofSeconds(established),
        Duration.ofSeconds(transitory),
        Duration.ofSeconds(udp),
        Duration.ZERO,
        true);
  }

  /** The same with another time for half-open connections. */
  public NatTimers halfOpen(Duration other) {
    return new NatTimers(other, established, transitory, udp, linger, inboundRefreshesUdp);
  }

  /** The same with another time for idle connections. */
  public NatTimers established(Duration other) {
    return new NatTimers(halfOpen, other, transitory, udp, linger, inboundRefreshesUdp);
  }

  /** The same with another time for flows of UDP. */
  public NatTimers udp(Duration other) {
    return new NatTimers(halfOpen, established, transitory, other, linger, inboundRefreshesUdp);
  }

  /** The same with another time to remember what has ended. */
  public NatTimers linger(Duration other) {
    return new NatTimers(halfOpen, established, transitory, udp, other, inboundRefreshesUdp);
  }

  /** The same, but nothing is remembered for longer than this. */
  public NatTimers atMost(Duration most) {
    return new NatTimers(
        shorter(halfOpen, most),
        shorter(established, most),
        shorter(transitory, most),
        shorter(udp, most),
        shorter(linger, most),
        inboundRefreshesUdp);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** The same, but UDP from outside keeps nothing alive. */
  public NatTimers outboundRefreshOnly() {
    return new NatTimers(halfOpen, established, transitory, udp, linger, false);
  }
}
