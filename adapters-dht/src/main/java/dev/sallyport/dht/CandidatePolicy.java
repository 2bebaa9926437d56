package dev.sallyport.dht;

import dev.sallyport.domain.address.AddressScope;
import java.net.InetSocketAddress;

/** Which addresses may be those of DHT nodes. Immutable. */
public enum CandidatePolicy {
  /**
   * The public network: global addresses only, and one node per address, so that nobody gets many
   * votes cheaply.
   */
  PUBLIC,
  /** A network of one's own on loopback or a LAN: any unicast address, many nodes on each. */
  PRIVATE;

  /** Whether a node may have this address. */
  boolean allows(InetSocketAddress address) {
    if (address.isUnresolved() || address.getPort() == 0) {
      return false;
    }
    AddressScope scope = AddressScope.of(address.getAddress());
    return switch (this) {
      case PUBLIC -> scope == AddressScope.GLOBAL;
      case PRIVATE -> scope != AddressScope.UNSPECIFIED && scope != AddressScope.MULTICAST;
    };
  }
}
