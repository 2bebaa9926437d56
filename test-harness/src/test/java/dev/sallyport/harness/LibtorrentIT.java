package dev.sallyport.harness;

import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.nft.NftFabric;
import dev.sallyport.harness.play.AppCommand;
import dev.sallyport.harness.play.Experiment;
import dev.sallyport.harness.play.Summary;
import dev.sallyport.harness.scenario.DhtSoftware;
import dev.sallyport.harness.scenario.Scenario;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The real {@code sallyport} between the kernel's NATs, over a DHT without a single node of ours.
 */
@ExtendWith(LabNeeds.WithLibtorrent.class)
final class LibtorrentIT {
  @Test
  void overADhtOfLibtorrentAlone_callsBetweenTwoNatsGetTheirEcho() throws Exception {
    Scenario scenario =
        Scenario.between(PORT_RESTRICTED, PORT_RESTRICTED)
            .delayMillis(25)
            .dht(DhtSoftware.LIBTORRENT)
            .mustConnect(Rung.EXTERNAL);
    Summary summary =
        new Experiment(
                new NftFabric(),
                AppCommand.locate(),
                Experiment.Plan.times(3),
                line -> System.out.println("lab: " + line))
            .play(scenario);
    assertThat(summary.results()).hasSize(3);
    assertThat(summary.surprises()).as("logs are in %s", summary.logs()).isEmpty();
  }
}
