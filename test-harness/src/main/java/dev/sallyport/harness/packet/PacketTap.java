package dev.sallyport.harness.packet;

/**
 * Sees the packets on a wire with several uplinks, each going to one site. Called by the wire's one
 * thread, which waits for it: return soon. Times are of {@link System#nanoTime}.
 */
public interface PacketTap {

  /** A packet has left the router of site number {@code site}, towards the middle. */
  void left(int site, Packet packet, long nanos);

  /** A packet is about to reach the router of site number {@code site}. */
  void reached(int site, Packet packet, long nanos);

  /** The wire has lost a packet of this uplink, in either direction. */
  void lost(int site, Packet packet);
}
