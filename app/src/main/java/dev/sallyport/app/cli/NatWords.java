package dev.sallyport.app.cli;

import dev.sallyport.domain.address.AddressScope;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import java.util.List;

/** What a NAT does, without the words of the RFCs. */
final class NatWords {
  private NatWords() {}

  /** One line on what stands between this computer and the others. */
  static String of(List<Endpoint> local, List<Endpoint> external, NatProfile profile) {
    if (external.isEmpty()) {
      return "whether there is a NAT is not known: nobody outside told us how we look";
    }
    if (external.stream().allMatch(e -> e.scope() == AddressScope.LOOPBACK)) {
      return "only this computer itself has looked at us so far";
    }
    if (external.stream().allMatch(e -> local.stream().anyMatch(e::sameAddress))) {
      return "no NAT: this address is seen as it is";
    }
    return "NAT: " + mapping(profile.tcpMapping()) + allocation(profile) + carrier(profile);
  }

  private static String mapping(Finding<Behavior> mapping) {
    return switch (mapping.value()) {
      case null -> "there is one; too few have looked at us to say how it maps ports";
      case ENDPOINT_INDEPENDENT -> "shows one port to everybody, easy to get through";
      case ADDRESS_DEPENDENT -> "shows each address another port, hard to get through";
      case ADDRESS_AND_PORT_DEPENDENT ->
          "shows each peer another port (symmetric), hard to get through";
    };
  }

  private static String allocation(NatProfile profile) {
    return profile.allocation().value() instanceof PortAllocation.Preserving
        ? "; keeps port numbers"
        : "";
  }

  private static String carrier(NatProfile profile) {
    return profile.carrierGradeSuspected()
        ? "; behind it probably another one, of the provider"
        : "";
  }
}
