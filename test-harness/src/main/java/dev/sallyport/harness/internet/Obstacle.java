package dev.sallyport.harness.internet;

import static dev.sallyport.domain.nat.Behavior.ADDRESS_AND_PORT_DEPENDENT;
import static dev.sallyport.domain.nat.Behavior.ENDPOINT_INDEPENDENT;

import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Site;
import java.util.Optional;
import java.util.stream.Stream;

/** What two hosts' NATs do that hinders them, as far as their kinds tell it. */
final class Obstacle {
  private Obstacle() {}

  /** In a few words; empty if the kinds alone are no reason to fail. */
  static Optional<String> between(Host caller, Host service) {
    if (caller.site().isEmpty() || service.site().isEmpty()) {
      return Optional.empty();
    }
    boolean callerRoams = hasOtherPorts(caller.site().get());
    boolean serviceRoams = hasOtherPorts(service.site().get());
    if (callerRoams && serviceRoams) {
      return Optional.of("both leave from another port for each remote, so neither knows which");
    }
    if (callerRoams && knowsPortsOnly(service.site().get())) {
      return Optional.of(
          "the caller leaves from a port that nobody knows; the service's NAT lets in only what it"
              + " dialled");
    }
    if (serviceRoams && knowsPortsOnly(caller.site().get())) {
      return Optional.of(
          "the service leaves from a port that nobody knows; the caller's NAT lets in only what it"
              + " dialled");
    }
    return Optional.empty();
  }

  private static boolean hasOtherPorts(Site site) {
    return boxes(site).anyMatch(kind -> kind.mapping() != ENDPOINT_INDEPENDENT);
  }

  private static boolean knowsPortsOnly(Site site) {
    return boxes(site).anyMatch(kind -> kind.filtering() == ADDRESS_AND_PORT_DEPENDENT);
  }

  private static Stream<NatKind> boxes(Site site) {
    return Stream.concat(Stream.of(site.nat()), site.carrier().stream())
        .filter(kind -> kind != NatKind.NONE);
  }
}
