package dev.sallyport.harness;

import static dev.sallyport.harness.scenario.NatKind.EIM_RANDOM;
import static dev.sallyport.harness.scenario.NatKind.JUNIPER;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.play.CallResult;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The real {@code sallyport}, as processes: services behind NATs with random ports and a short
 * memory, which are called when they have waited for longer than that.
 */
@ExtendWith(LabNeeds.class)
final class AgedServiceIT {
  /** Without a look when it is knocked at, a service would learn that it has moved later. */
  private static final long BEFORE_THE_NEXT_KEEP_ALIVE = 8_000;

  /** The keep-alive comes every 20 s: this mapping dies long before. */
  @Test
  void aMappingThatDiedUnnoticed_isLookedAtWhenTheServiceIsKnockedAt() throws Exception {
    CallResult call = call(EIM_RANDOM, Duration.ofSeconds(6), Duration.ofSeconds(8));
    assertThat(call.connectMillis()).isLessThan(BEFORE_THE_NEXT_KEEP_ALIVE);
  }

  /** And this one would die without it. */
  @Test
  void aMappingThatIsKeptAlive_isStillThere() throws Exception {
    call(JUNIPER, Duration.ofSeconds(22), Duration.ofSeconds(24));
  }

  private static CallResult call(NatKind kind, Duration memory, Duration age) throws Exception {
    Scenario scenario =
        Scenario.between(PORT_RESTRICTED, kind)
            .server(Site.behind(kind).remembering(memory))
            .delayMillis(25)
            .aged(age)
            .mustConnect(Rung.EXTERNAL);
    return OnTun.play(scenario).results().getFirst();
  }
}
