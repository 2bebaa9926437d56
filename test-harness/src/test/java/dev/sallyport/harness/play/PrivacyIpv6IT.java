package dev.sallyport.harness.play;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.nft.NftFabric;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Two firewalls of IPv6 between hosts as laptops are: a VPN's IPv4 address beside that of their
 * network, and of IPv6 a permanent address and a temporary one (RFC 8981), which the kernel dials
 * from. Only where the temporary one is known to the other side, the SYNs meet.
 */
@ExtendWith(LabNeeds.WithIpv6.class)
final class PrivacyIpv6IT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Scenario SCENARIO =
      Scenario.between(NatKind.SYMMETRIC, NatKind.SYMMETRIC)
          .ipv6(Ipv6.FIREWALL)
          .delayMillis(10)
          .withoutStun();

  /** The kernel makes the temporary address from the permanent one, given anew as its template. */
  private static final String MORE_ADDRESSES =
      """
      set -e
      cd /proc/sys/net/ipv6/conf/eth0; echo 0 >accept_dad; echo 2 >use_tempaddr
      ip address add 10.99.0.5/24 dev eth0
      ip address del $0/64 dev eth0
      ip address add $0/64 dev eth0 nodad mngtmpaddr
      ip route replace default via fe80::1 dev eth0
      until ip -6 address show dev eth0 temporary -tentative | grep -q inet6; do :; done
      """;

  @Test
  void theAddressThatPacketsLeaveFrom_isKnownToThePeer() throws Exception {
    AppCommand command = AppCommand.locate();
    try (Network network = new NftFabric().build(SCENARIO);
        Workspace workspace = Workspace.create()) {
      for (Place place : List.of(Place.CLIENT, Place.SERVER)) {
        giveMoreAddresses(network, place);
      }
      Middle.start(network, command, workspace, SCENARIO);
      Stage stage = new Stage(network, command, workspace, SCENARIO);
      AppProcess service = stage.serve(workspace.home("service"), "service");
      String id =
          service
              .first(e -> e.kind().equals(Event.REGISTERED))
              .get(PATIENCE.toSeconds(), SECONDS)
              .text("id");
      AppProcess caller = stage.connect(id, "hello", "caller");
      assertThat(caller.awaitEnd(PATIENCE)).as(caller.complaint()).isZero();
      assertThat(caller.events())
          .filteredOn(e -> e.kind().equals(Event.CONNECTED))
          .singleElement()
          .extracting(e -> Endpoint.parse(e.text("remote")))
          .matches(remote -> remote.family() == AddressFamily.IPV6)
          .matches(remote -> !remote.address().equals(permanent(network, Place.SERVER)));
    }
  }

  private static InetAddress permanent(Network network, Place place) {
    return network.ipv6Address(place).orElseThrow();
  }

  private static void giveMoreAddresses(Network network, Place place) throws Exception {
    String permanent = permanent(network, place).getHostAddress();
    List<String> script = List.of("sh", "-c", MORE_ADDRESSES, permanent);
    ProcessBuilder changing = network.command(place, script, Map.of()).redirectErrorStream(true);
    assertThat(network.start(changing).exit().get(10, SECONDS)).isZero();
  }
}
