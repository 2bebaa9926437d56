package dev.sallyport.harness.natbox;

/** The timers in nanoseconds, for the hot path. */
final class NatTimersNanos {
  private final long halfOpen;
  private final long established;
  private final long transitory;
  private final long udp;
  final long linger;
  final boolean inboundUdp;

  NatTimersNanos(NatTimers timers) {
    halfOpen = timers.halfOpen().toNanos();
    established = timers.established().toNanos();
    transitory = timers.transitory().toNanos();
    udp = timers.udp().toNanos();
    linger = timers.linger().toNanos();
    inboundUdp = timers.inboundRefreshesUdp();
  }

  /** How long a session may be idle as it is now. */
  long of(Session session) {
    if (!(session instanceof TcpSession tcp)) {
      return udp;
    }
    if (tcp.halfOpen()) {
      return halfOpen;
    }
    return tcp.open() ? established : transitory;
  }
}
