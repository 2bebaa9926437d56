package dev.sallyport.harness.model;

import dev.sallyport.harness.packet.Packet;
import java.net.Inet4Address;
import java.util.function.Consumer;

/**
 * Where packets go on, each family its own way; made before it is known where that is. Until then,
 * and for a family that a site does not have, they vanish.
 */
final class Joint {
  private Consumer<Packet> ipv4 = packet -> {};
  private Consumer<Packet> ipv6 = packet -> {};

  void ipv4(Consumer<Packet> next) {
    ipv4 = next;
  }

  void ipv6(Consumer<Packet> next) {
    ipv6 = next;
  }

  void take(Packet packet) {
    // What an ICMP error is sent by may be anybody; all its packets are of one family.
    (packet.destination() instanceof Inet4Address ? ipv4 : ipv6).accept(packet);
  }
}
