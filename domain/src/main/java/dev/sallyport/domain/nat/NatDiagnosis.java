package dev.sallyport.domain.nat;

import java.net.InetAddress;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * All that the evidence says of the NATs in the way: the profile, which others get, and what is of
 * interest to the user only. Immutable.
 *
 * @param profile what goes into records and knocks
 * @param externalAddresses the IPv4 addresses that others see us come from, in rising order;
 *     several if the NAT has a pool and uses it arbitrarily (RFC 4787 section 4.1). Never empty if
 *     known
 * @param translated whether there is a NAT at all: whether none of these addresses is the host's
 * @param carrierSigns why a second NAT is suspected; empty exactly when it is not
 * @param tcpWitnesses how many independent observers have seen us over TCP
 * @param udpWitnesses the same over UDP
 */
public record NatDiagnosis(
    NatProfile profile,
    Finding<List<InetAddress>> externalAddresses,
    Finding<Boolean> translated,
    Set<CarrierSign> carrierSigns,
    int tcpWitnesses,
    int udpWitnesses) {

  public NatDiagnosis {
    carrierSigns =
        carrierSigns.isEmpty()
            ? Set.of()
            : Collections.unmodifiableSet(EnumSet.copyOf(carrierSigns)); // keeps its order
    if (profile.carrierGradeSuspected() == carrierSigns.isEmpty()) {
      throw new IllegalArgumentException(
          "a profile that suspects "
              + (carrierSigns.isEmpty()
                  ? "a carrier without a sign"
                  : "none with " + carrierSigns));
    }
    List<InetAddress> addresses = externalAddresses.value();
    if (addresses != null) {
      if (addresses.isEmpty()) {
        throw new IllegalArgumentException("known external addresses, but none of them");
      }
      externalAddresses = Finding.of(List.copyOf(addresses), externalAddresses.confidence());
    }
    if (tcpWitnesses < 0 || udpWitnesses < 0) {
      throw new IllegalArgumentException("fewer than no witnesses");
    }
  }

  /** How many independent observers have seen us over this transport. */
  public int witnesses(Transport transport) {
    return transport == Transport.TCP ? tcpWitnesses : udpWitnesses;
  }
}
