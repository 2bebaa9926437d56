package dev.sallyport.app.runner;

import dev.sallyport.domain.identity.Sealer;
import dev.sallyport.domain.nat.LocalAddresses;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.NatMemory;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.session.LinkUpgrade;
import dev.sallyport.domain.session.SecureUpgrade;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Everything a run needs from outside the domain.
 *
 * @param punchPortReflectors observers that are asked about each punch port
 * @param hostReflectors observers that speak for the host as a whole, asked once
 * @param inquiries observers that can be asked all about our NATs
 * @param memory what earlier runs have learnt of our NATs
 * @param random cryptographically strong
 */
public record Ports(
    Rendezvous rendezvous,
    PunchTransport.Factory transports,
    LocalAddresses localAddresses,
    List<Reflector> punchPortReflectors,
    List<Reflector> hostReflectors,
    List<NatInquiry> inquiries,
    NatMemory memory,
    SecureUpgrade secureUpgrade,
    LinkUpgrade linkUpgrade,
    Sealer sealer,
    RandomGenerator random,
    Supplier<Instant> clock) {
  public Ports {
    punchPortReflectors = List.copyOf(punchPortReflectors);
    hostReflectors = List.copyOf(hostReflectors);
    inquiries = List.copyOf(inquiries);
  }
}
