package dev.sallyport.harness.natbox;

import dev.sallyport.harness.packet.Packet;

/** Where a {@link NatBox} puts what comes out of it. Called by the thread that feeds the box. */
public interface NatOutlet {
  /** This packet leaves on the side of the hosts. */
  void toInside(Packet packet);

  /** This packet leaves on the side of the Internet. */
  void toOutside(Packet packet);

  /**
   * What was done with a packet, and so why. Called exactly once for each packet that goes in,
   * before anything that comes out because of it, and once for each that a timer lets go of.
   */
  void judged(Verdict verdict, Packet packet);
}
