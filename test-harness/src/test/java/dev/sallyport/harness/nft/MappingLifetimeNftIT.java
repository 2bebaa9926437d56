package dev.sallyport.harness.nft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.QuietProbe;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.harness.LabNeeds;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.fabric.Place;
import dev.sallyport.harness.linux.Guest;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.net.NameLookup;
import dev.sallyport.net.StunInquiry;
import dev.sallyport.net.StunResponder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How long the kernel keeps a mapping that lies quiet, with its timers set short. */
@ExtendWith(LabNeeds.class)
final class MappingLifetimeNftIT {
  private static final int PORT = 3478;
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofSeconds(6);

  @Test
  void aTimerOfTheKernel_isFoundByItsEffect() throws Exception {
    Scenario scenario =
        Scenario.between(NatKind.PORT_RESTRICTED, NatKind.NONE)
            .over(new NetworkPath(Duration.ofMillis(40), 0, 1));
    try (Network network = new NftFabric().build(scenario);
        StunResponder observer =
            network.inside(
                Place.MIDDLE, () -> StunResponder.start(network.stunAddresses(), PORT))) {
      shorten(network, "nf_conntrack_udp_timeout", 3);
      shorten(network, "nf_conntrack_udp_timeout_stream", 3);
      List<QuietProbe> probes = new CopyOnWriteArrayList<>();
      HostPort server =
          HostPort.parse(observer.addresses().getFirst().getHostAddress() + ":" + PORT);
      try (NatInquiry inquiry = StunInquiry.of(List.of(server), new NameLookup()).getFirst()) {
        var unused =
            network
                .inside(Place.CLIENT, () -> inquiry.testLifetime(List.of(SHORT, LONG), probes::add))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS);
      }
      assertThat(probes)
          .extracting(QuietProbe::transport, QuietProbe::quiet, QuietProbe::kept)
          .containsExactlyInAnyOrder(
              tuple(Transport.TCP, SHORT, true),
              tuple(Transport.TCP, LONG, true),
              tuple(Transport.UDP, SHORT, true),
              tuple(Transport.UDP, LONG, false));
    }
  }

  /** In the client's router. */
  private static void shorten(Network network, String timer, int seconds) throws Exception {
    String router = network.name(Place.CLIENT).replace("host", "router");
    Guest guest =
        network.start(
            network
                .command(
                    Place.MIDDLE,
                    List.of(
                        "ip",
                        "netns",
                        "exec",
                        router,
                        "sh",
                        "-c",
                        "echo "
                            + seconds
                            + " > /proc/sys/net/netfilter/"
                            + timer
                            + " && echo done"),
                    Map.of())
                .redirectErrorStream(true));
    assertThat(new String(guest.stdout().readAllBytes(), UTF_8)).isEqualToIgnoringNewLines("done");
  }
}
