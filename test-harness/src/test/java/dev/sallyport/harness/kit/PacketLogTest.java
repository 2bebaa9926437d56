package dev.sallyport.harness.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.scenario.NatKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PacketLogTest {
  @Test
  void itTellsEachHopAndEachDecision_inTheirOrder() {
    TwoSites lab =
        TwoSites.between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED)
            .delay(Duration.ofMillis(50))
            .build();
    lab.run(Duration.ofSeconds(1));
    lab.client().sendUdp(4000, Endpoint.parse("198.18.20.2:4000"), 5, "hello");
    lab.run(Duration.ofSeconds(1));

    assertThat(lab.log())
        .hasToString(
            """
               1000.000 ms  client > client NAT          UDP 192.168.10.10:4000 > 198.18.20.2:4000 "hello"
               1000.000 ms  client NAT                   UDP 192.168.10.10:4000 > 198.18.20.2:4000 "hello": makes a new mapping
               1000.000 ms  client NAT > middle          UDP 198.18.10.2:4000 > 198.18.20.2:4000 "hello", arrives at 1025.000
               1025.000 ms  middle > server NAT          UDP 198.18.10.2:4000 > 198.18.20.2:4000 "hello", arrives at 1050.000
               1050.000 ms  server NAT                   UDP 198.18.10.2:4000 > 198.18.20.2:4000 "hello": drops it: no mapping
            """);
  }

  @Test
  void ofALongStory_itKeepsBothEnds_andCountsTheRest() {
    TwoSites lab = TwoSites.between(NatKind.NONE, NatKind.NONE).build();
    int count = 3 * PacketLog.KEPT;
    for (int i = 0; i < count; i++) {
      lab.client().sendUdp(4000, Endpoint.parse("198.18.2.1:7"), 1, "no " + i);
    }

    // There is nobody in the middle, so each packet has one hop only.
    assertThat(lab.log().lines()).hasSize(2 * PacketLog.KEPT + 1);
    assertThat(lab.log().lines().getFirst()).contains("\"no 0\"");
    assertThat(lab.log().lines().get(PacketLog.KEPT))
        .contains(PacketLog.KEPT + " entries left out");
    assertThat(lab.log().lines().getLast()).contains("\"no " + (count - 1) + "\"");
  }

  @Test
  void aLongBody_isCut_andBytesAreNotShown() {
    TwoSites lab = TwoSites.between(NatKind.NONE, NatKind.NONE).build();
    lab.client().sendUdp(4000, Endpoint.parse("198.18.2.1:7"), 100, "x".repeat(100));
    lab.client().sendUdp(4000, Endpoint.parse("198.18.2.1:7"), 100, new byte[100]);

    assertThat(lab.log().lines().getFirst()).contains(":7 \"" + "x".repeat(60) + "\"");
    assertThat(lab.log().lines().getLast()).endsWith("198.18.2.1:7");
  }
}
