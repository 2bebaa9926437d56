package dev.sallyport.domain.nat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Whoever counts once, however many ports it looks with: rule 2 of {@link NatClassifier}.
 *
 * @param network the address of a STUN server; of DHT nodes the first address of their network
 */
record Witness(Observation.Source source, InetAddress network) {
  static final Comparator<Witness> ORDER =
      Comparator.comparing(Witness::source)
          .thenComparing(witness -> witness.network.getAddress(), Arrays::compareUnsigned);

  /** Somebody who rents a host often gets neighbouring addresses with it. */
  private static final int IPV4_NETWORK_BYTES = 3;

  /** What one site gets (RFC 6177). */
  private static final int IPV6_NETWORK_BYTES = 6;

  static Witness of(Observation observation) {
    InetAddress address = observation.observer().address();
    return new Witness(
        observation.source(),
        observation.source() == Observation.Source.DHT ? network(observation.observer()) : address);
  }

  private static InetAddress network(Endpoint node) {
    byte[] raw = node.address().getAddress();
    int kept = raw.length == 4 ? IPV4_NETWORK_BYTES : IPV6_NETWORK_BYTES;
    Arrays.fill(raw, kept, raw.length, (byte) 0);
    return IpLiteral.of(raw);
  }
}
