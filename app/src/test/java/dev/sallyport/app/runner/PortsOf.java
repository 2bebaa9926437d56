package dev.sallyport.app.runner;

import dev.sallyport.domain.identity.JdkSealer;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.NatMemory;
import dev.sallyport.domain.rendezvous.MemRendezvous;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** What a run needs that asks about NATs, and calls nobody. */
final class PortsOf {
  private PortsOf() {}

  static Ports inquiries(FakeNet net, NatInquiry... inquiries) {
    return new Ports(
        new MemRendezvous(new MemRendezvous.Network(Instant::now)),
        net,
        List::of,
        List.of(),
        List.of(),
        List.of(inquiries),
        NatMemory.NONE,
        net,
        net,
        new JdkSealer(),
        new Random(1),
        Instant::now);
  }
}
