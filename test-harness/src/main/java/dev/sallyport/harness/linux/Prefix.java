package dev.sallyport.harness.linux;

import java.net.InetAddress;

/**
 * A network: the addresses that begin with the same bits.
 *
 * @param bits how many: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Prefix(InetAddress network, int bits) {
  public Prefix {
    if (bits < 0 || bits > network.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException("a prefix of " + bits + " bits");
    }
  }

  /** Whether this address lies in it; one of the other family never does. */
  public boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int i = 0, left = bits; left > 0; i++, left -= Byte.SIZE) {
      int mask = left >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - left);
      if (((ours[i] ^ theirs[i]) & mask & 0xff) != 0) {
        return false;
      }
    }
    return true;
  }
}
