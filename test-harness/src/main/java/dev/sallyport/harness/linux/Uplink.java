package dev.sallyport.harness.linux;

import java.net.InetAddress;
import java.util.List;

/**
 * One of the lines a {@link Wire} plays.
 *
 * @param device the TUN device that all packets of this line are routed into
 * @param networks those at the far end of the line
 */
public record Uplink(String device, List<Prefix> networks) {
  public Uplink {
    networks = List.copyOf(networks);
  }

  /** Whether this address lies at the far end. */
  boolean leadsTo(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }
}
