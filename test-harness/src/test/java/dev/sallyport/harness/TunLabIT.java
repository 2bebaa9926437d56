package dev.sallyport.harness;

import static dev.sallyport.harness.scenario.NatKind.FIREWALL;
import static dev.sallyport.harness.scenario.NatKind.FULL_CONE;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED;
import static dev.sallyport.harness.scenario.NatKind.RFC5382;
import static dev.sallyport.harness.scenario.Scenario.between;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real {@code sallyport}, as processes, between NATs that the kernel does not have. */
@ExtendWith(LabNeeds.class)
final class TunLabIT {
  private static final NetworkPath FAR = new NetworkPath(Duration.ofMillis(50), 1, 1);
  private static final NetworkPath UNEVEN = FAR.uneven(Duration.ofMillis(20), 5);

  static Stream<Scenario> table() {
    return Stream.of(
        between(PORT_RESTRICTED, PORT_RESTRICTED).over(FAR).mustConnect(Rung.EXTERNAL),
        between(FIREWALL, FULL_CONE)
            .server(below(FULL_CONE, PORT_RESTRICTED))
            .over(UNEVEN)
            .mustConnect(Rung.EXTERNAL),
        between(PORT_RESTRICTED, PORT_RESTRICTED)
            .client(below(PORT_RESTRICTED, RFC5382))
            .server(below(PORT_RESTRICTED, RFC5382))
            .laidOut(Layout.SAME_CARRIER)
            .delayMillis(25)
            .mustConnect(Rung.EXTERNAL));
  }

  private static Site below(NatKind router, NatKind carrier) {
    return Site.behind(router).below(carrier);
  }

  @ParameterizedTest
  @MethodSource("table")
  void aCall_endsAsTheTableSays(Scenario scenario) throws Exception {
    assertThat(OnTun.play(scenario).wire().overflowed()).isZero();
  }
}
