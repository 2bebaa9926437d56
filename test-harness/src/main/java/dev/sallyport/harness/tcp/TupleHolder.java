package dev.sallyport.harness.tcp;

import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet.Tcp;

/** What can hold a 4-tuple, so that segments go to it before they go to a listener. */
sealed interface TupleHolder permits TcpConnection, HalfOpen, TimeWait {
  /** A segment for this 4-tuple. */
  void arrives(Tcp segment);

  /** An ICMP error about a segment that we sent with this sequence number. */
  void errs(IcmpError error, int sequence);
}
