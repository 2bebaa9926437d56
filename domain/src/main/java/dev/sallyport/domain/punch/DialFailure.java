package dev.sallyport.domain.punch;

/** Why a dial ended without a connection. */
public enum DialFailure {
  /** A reset came back: somebody on the path or the peer itself says no for now. */
  REFUSED,
  /** An ICMP error came back: host, network or port unreachable, or prohibited. */
  UNREACHABLE,
  /** Nothing came back in time. */
  TIMED_OUT,
  /** Another socket of ours holds this very pair of endpoints, often an accepted one. */
  TUPLE_IN_USE,
  /** This host has no way to send there: no route, no such family, a local firewall. */
  NO_ROUTE,
  /** This host has no sockets or memory left. */
  NO_RESOURCES,
  /** It was aborted by {@link PunchTransport#abort}. */
  ABORTED
}
