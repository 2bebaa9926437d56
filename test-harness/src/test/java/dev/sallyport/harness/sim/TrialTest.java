package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import dev.sallyport.harness.scenario.Site;
import dev.sallyport.harness.scenario.StartOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Whole calls in virtual time. */
class TrialTest {
  private static final int SEEDS = 100;

  @ParameterizedTest
  @EnumSource(
      names = {"NONE", "FULL_CONE", "ADDRESS_RESTRICTED", "PORT_RESTRICTED", "PORT_RESTRICTED_RST"})
  void onAnEvenPath_everyPairOfCones_connects(NatKind client) {
    for (NatKind server : NatKind.values()) {
      if (!server.keepsPorts()) {
        continue;
      }
      for (long seed = 1; seed <= SEEDS; seed++) {
        Scenario scenario = Scenario.between(client, server).over(path(50, 0, seed));
        TrialResult result = Trial.play(scenario);
        assertThat(result.connected()).as("%s, seed %d: %s", scenario, seed, result).isTrue();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "FULL_CONE"})
  void symmetricMeetsWhoeverLetsAnyoneIn_inBothRoles(NatKind open) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      NetworkPath path = path(50, 0, seed);
      Scenario calls = Scenario.between(NatKind.SYMMETRIC, open).over(path);
      Scenario isCalled = Scenario.between(open, NatKind.SYMMETRIC).over(path);
      assertThat(Trial.play(calls).connected()).as("%s, seed %d", calls, seed).isTrue();
      assertThat(Trial.play(isCalled).connected()).as("%s, seed %d", isCalled, seed).isTrue();
    }
  }

  @Test
  void neighbours_connectByTheirOwnNetwork() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Scenario home =
          Scenario.between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED)
              .laidOut(Layout.SHARED)
              .over(path(50, 0, seed));
      assertThat(Trial.play(home).rung()).as("seed %d", seed).isEqualTo(Rung.LOCAL);
    }
  }

  @Test
  void aForwardedPort_isDialledDirectly_fromBehindASymmetricNat() {
    Site forwarding = Site.behind(NatKind.PORT_RESTRICTED).forwarding(Cast.SERVICE_PORT);
    for (long seed = 1; seed <= SEEDS; seed++) {
      Scenario scenario =
          Scenario.between(NatKind.SYMMETRIC, NatKind.PORT_RESTRICTED)
              .server(forwarding)
              .over(path(50, 0, seed));
      assertThat(Trial.play(scenario).rung()).as("seed %d", seed).isEqualTo(Rung.DIRECT);
    }
  }

  @ParameterizedTest
  @EnumSource(StartOrder.class)
  void whoeverStartsFirst_theyMeet(StartOrder order) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Scenario scenario =
          Scenario.between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED)
              .starting(order)
              .over(path(50, 0, seed));
      assertThat(Trial.play(scenario).connected()).as("%s, seed %d", scenario, seed).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void whateverHappensOnABadPath_nothingIsLeftOpen(NatKind server) {
    for (long seed = 1; seed <= 20; seed++) {
      Scenario scenario =
          Scenario.between(NatKind.PORT_RESTRICTED_RST, server)
              .over(path(80, 8, seed).uneven(Duration.ofMillis(20), 10));
      assertThat(Trial.leftOpenBy(scenario)).as("%s, seed %d", scenario, seed).isZero();
    }
  }

  @Test
  void theSameSeed_givesTheSameRun_inAnotherJvmToo_andAnotherSeedDiffers()
      throws IOException, InterruptedException {
    List<String> here = Fingerprints.all(7);
    assertThat(Fingerprints.all(7)).isEqualTo(here);
    assertThat(Fingerprints.all(8)).doesNotContainAnyElementsOf(here);
    assertThat(elsewhere("7")).isEqualTo(here);
  }

  private static List<String> elsewhere(String seed) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Fingerprints.class.getName(), seed));
    Process other = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor()).as(said).isZero();
    return said.lines().toList();
  }

  private static NetworkPath path(int delayMillis, double lossPercent, long seed) {
    return new NetworkPath(Duration.ofMillis(delayMillis), lossPercent, seed);
  }
}
