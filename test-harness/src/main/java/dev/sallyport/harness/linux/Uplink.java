package dev.sallyport.harness.linux;

import java.net.Inet4Address;
import java.nio.ByteBuffer;

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

  /** Whether this address lies at the far end. */
  boolean leadsTo(Inet4Address address) {
    int mask = prefixBits == 0 ? 0 : -1 << (32 - prefixBits);
    return ((number(address) ^ number(network)) & mask) == 0;
  }

  private static int number(Inet4Address address) {
    return ByteBuffer.wrap(address.getAddress()).getInt();
  }
}
