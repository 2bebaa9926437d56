package dev.sallyport.harness;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.fabric.Fabric;
import dev.sallyport.harness.nft.NftFabric;
import dev.sallyport.harness.play.AppCommand;
import dev.sallyport.harness.play.CallResult;
import dev.sallyport.harness.play.Experiment;
import dev.sallyport.harness.play.Summary;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.tun.TunFabric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The real {@code sallyport}, as processes, in two homes whose IPv4 NATs give each connection a
 * random port, so that nothing gets through them; and whose IPv6 firewalls let nobody in who was
 * not asked. What connects them is a simultaneous open through both firewalls.
 */
@ExtendWith(LabNeeds.WithIpv6.class)
final class Ipv6LabIT {
  private static final Scenario HOMES =
      Scenario.between(NatKind.SYMMETRIC, NatKind.SYMMETRIC)
          .ipv6(Ipv6.FIREWALL)
          .delayMillis(25)
          .mustConnect(Rung.EXTERNAL);

  @Test
  void twoFirewallsOfTheKernel_arePunched() throws Exception {
    assertConnectsOverIpv6(new NftFabric());
  }

  @Test
  void twoFirewallsOfTheModel_arePunched() throws Exception {
    assertConnectsOverIpv6(new TunFabric());
  }

  private static void assertConnectsOverIpv6(Fabric fabric) throws Exception {
    Experiment experiment =
        new Experiment(
            fabric,
            AppCommand.locate(),
            Experiment.Plan.times(1),
            line -> System.out.println("lab: " + line));
    Summary summary = experiment.play(HOMES);
    assertThat(summary.results()).isNotEmpty().allMatch(CallResult::isOverIpv6);
    assertThat(summary.surprises()).as("logs are in %s", summary.logs()).isEmpty();
  }
}
