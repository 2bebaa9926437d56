package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.Progress;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.Ipv6;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whole calls in virtual time, between sites that have IPv6 too. */
class Ipv6TrialTest {
  private static final int SEEDS = 20;

  private static Scenario between(NatKind client, NatKind server, double lossPercent, long seed) {
    return Scenario.between(client, server)
        .over(new NetworkPath(Duration.ofMillis(50), lossPercent, seed));
  }

  @ParameterizedTest
  @EnumSource
  void behindIpv6Firewalls_everyPairConnects_whateverTheNats(NatKind client) {
    for (NatKind server : NatKind.values()) {
      for (long seed = 1; seed <= SEEDS; seed++) {
        Scenario scenario = between(client, server, 1, seed).ipv6(Ipv6.FIREWALL);
        TrialResult result = Trial.play(scenario);
        assertThat(result.connected()).as("%s, seed %d: %s", scenario, seed, result).isTrue();
      }
    }
  }

  @Test
  void ipv6AtOneSiteOnly_isNoHelp_andNoHindrance() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Scenario hard = between(NatKind.SYMMETRIC, NatKind.SYMMETRIC, 0, seed);
      Scenario half = hard.client(hard.client().ipv6(Ipv6.OPEN));
      assertThat(Trial.play(half).connected()).as("%s, seed %d", half, seed).isFalse();
      Scenario easy = between(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED, 0, seed);
      Scenario other = easy.server(easy.server().ipv6(Ipv6.FIREWALL));
      assertThat(Trial.play(other).connected()).as("%s, seed %d", other, seed).isTrue();
    }
  }

  @Test
  void aCallOverIpv6_isToldAsOne_andLeavesNothingOpen() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Scenario scenario =
          between(NatKind.SYMMETRIC, NatKind.SYMMETRIC, 0, seed).ipv6(Ipv6.FIREWALL);
      Told told = new Told();
      assertThat(Trial.play(scenario, told).connected()).as("seed %d", seed).isTrue();
      assertThat(told.links)
          .as("seed %d", seed)
          .isNotEmpty()
          .allMatch(link -> link.remote().toString().startsWith("[3fff:18:"));
      assertThat(told.networks)
          .as("seed %d", seed)
          .isNotEmpty()
          .allMatch(network -> network.profile().globalIpv6());
      assertThat(Trial.leftOpenBy(scenario)).as("seed %d", seed).isZero();
    }
  }

  /** What the users of both sides are told. */
  private static final class Told implements TrialObserver {
    private final List<Progress.Connected> links = new ArrayList<>();
    private final List<Progress.Network> networks = new ArrayList<>();

    @Override
    public void progress(Spot at, Progress progress, long now) {
      switch (progress) {
        case Progress.Connected link -> links.add(link);
        case Progress.Network network -> networks.add(network);
        default -> {}
      }
    }

    @Override
    public void moment(Spot at, String what, long now) {}

    @Override
    public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {}

    @Override
    public void lost(Spot from, Spot to, Packet packet, long leaves) {}

    @Override
    public void judged(Spot at, Verdict verdict, Packet packet, long now) {}
  }
}
