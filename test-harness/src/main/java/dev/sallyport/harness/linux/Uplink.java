package dev.sallyport.harness.linux;

import dev.sallyport.harness.packet.Ipv4;
import java.net.Inet4Address;

/**
 * One of the lines a {@link Wire} plays.
 *
 * @param device the TUN device that all packets of this line are routed into
 * @param network the network at the far end of the line
 * @param prefixBits 0 to 32
 */
public record Uplink(String device, Inet4Address network, int prefixBits) {
  public Uplink {
    if (prefixBits < 0 || prefixBits > 32) {
      throw new IllegalArgumentException("a prefix of " + prefixBits + " bits");
    }
  }

  /** Whether this address, as a 32-bit number, lies at the far end. */
  boolean leadsTo(int address) {
    int mask = prefixBits == 0 ? 0 : -1 << (32 - prefixBits);
    return ((address ^ Ipv4.address(network.getAddress(), 0)) & mask) == 0;
  }
}
