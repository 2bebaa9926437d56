package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatClassifier;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.harness.model.Addresses;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.NatBehavior;
import dev.sallyport.harness.natbox.PortChoice;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts behind each kind of NAT find out which it is: at 40 ms, and at 200 ms with 1 % loss. */
class ClassificationTest {
  private static final int SEEDS = 20;
  private static final int SURE = 50;

  @ParameterizedTest
  @EnumSource
  void twoObservers_everyFieldIsRight(NatKind kind) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      for (double loss : new double[] {0, 1}) {
        SelfObserver self = self(kind, loss, seed);
        self.askDht();
        self.askStun(self.servers(2, true));
        check(kind, self, self.probe(), "seed " + seed + ", loss " + loss);
      }
    }
  }

  private static void check(
      NatKind kind, SelfObserver self, List<Evidence> evidence, String words) {
    NatBehavior truth = kind.behavior();
    NatDiagnosis diagnosis = NatClassifier.diagnose(evidence, List.of(self.address()));
    NatProfile profile = diagnosis.profile();
    String as = kind + ", " + words + ": " + diagnosis;
    assertSure(as, profile.tcpMapping(), truth.tcpMapping());
    assertSure(as, profile.udpMapping(), truth.udpMapping());
    assertSure(as, profile.tcpFiltering(), truth.tcpFiltering());
    assertSure(as, profile.udpFiltering(), truth.udpFiltering());
    if (truth.tcpFiltering() == Behavior.ENDPOINT_INDEPENDENT) {
      assertThat(profile.unsolicitedSyn().isKnown()).as(as).isFalse();
    } else {
      assertSure(as, profile.unsolicitedSyn(), truth.unsolicitedSyn());
    }
    assertThat(isRight(profile.allocation(), kind, evidence)).as(as).isTrue();
    assertThat(profile.allocation().confidence()).as(as).isGreaterThanOrEqualTo(SURE);
    assertSure(as, diagnosis.translated(), kind.translates());
    assertThat(profile.carrierGradeSuspected()).as(as).isEqualTo(kind.name().startsWith("CGN"));
    List<InetAddress> outer = new Addresses(Scenario.between(kind, kind)).nearOuter(Spot.CLIENT);
    List<InetAddress> found = diagnosis.externalAddresses().value();
    assertThat(found).as(as).isNotNull().isSubsetOf(outer);
    if (kind == NatKind.CGN_BLOCK_ARBITRARY) {
      assertThat(found).as(as).hasSizeGreaterThan(1);
    } else {
      assertThat(found).as(as).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneObserver_orTheDhtAlone_neverConfidentlyWrong(NatKind kind) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      for (double loss : new double[] {0, 1}) {
        String as = kind + ", seed " + seed + ", loss " + loss;
        SelfObserver onePort = self(kind, loss, seed);
        assertHonest(onePort.askStun(onePort.servers(1, false)), as);
        SelfObserver twoPorts = self(kind, loss, seed);
        assertHonest(twoPorts.askStun(twoPorts.servers(1, true)), as);
        SelfObserver dht = self(kind, loss, seed);
        assertHonest(dht.askDht(), as);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoObserversWithOnePortEach_neverConfidentlyWrong(NatKind kind) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      SelfObserver self = self(kind, 1, seed);
      List<Evidence> evidence = self.askStun(self.servers(2, false));
      NatProfile profile = NatClassifier.diagnose(evidence, List.of(self.address())).profile();
      String as = kind + ", seed " + seed + ": " + profile;
      assertNotConfidentlyWrong(as, profile.tcpMapping(), kind.behavior().tcpMapping());
      assertNotConfidentlyWrong(as, profile.udpMapping(), kind.behavior().udpMapping());
      if (profile.allocation().confidence() >= SURE) {
        assertThat(isRight(profile.allocation(), kind, evidence)).as(as).isTrue();
      }
    }
  }

  private static void assertHonest(List<Evidence> evidence, String words) {
    NatProfile profile = NatClassifier.diagnose(evidence, List.of()).profile();
    String as = words + ": " + profile;
    assertThat(profile.tcpMapping().confidence()).as(as).isLessThan(SURE);
    assertThat(profile.udpMapping().confidence()).as(as).isLessThan(SURE);
    assertThat(profile.allocation().confidence()).as(as).isLessThan(SURE);
    assertThat(profile.tcpFiltering().isKnown()).as(as).isFalse();
    assertThat(profile.udpFiltering().isKnown()).as(as).isFalse();
    assertThat(profile.unsolicitedSyn().isKnown()).as(as).isFalse();
  }

  private static SelfObserver self(NatKind kind, double loss, long seed) {
    NetworkPath path = new NetworkPath(Duration.ofMillis(loss == 0 ? 20 : 100), loss, seed);
    return new SelfObserver(Scenario.between(kind, NatKind.NONE).over(path));
  }

  private static <T> void assertSure(String as, Finding<T> found, T truth) {
    assertThat(found.value()).as(as).isEqualTo(truth);
    assertThat(found.confidence()).as(as).isGreaterThanOrEqualTo(SURE);
  }

  private static <T> void assertNotConfidentlyWrong(String as, Finding<T> found, T truth) {
    assertThat(found.confidence() < SURE || found.is(truth)).as(as).isTrue();
  }

  private static boolean isRight(
      Finding<PortAllocation> found, NatKind kind, List<Evidence> evidence) {
    if (kind.keepsPorts()) {
      return found.value() instanceof PortAllocation.Preserving;
    }
    List<Integer> seen =
        evidence.stream()
            .filter(e -> e instanceof Observation o && o.transport() == Transport.TCP)
            .map(e -> ((Observation) e).observed())
            .map(Endpoint::port)
            .toList();
    return switch (kind.behavior().ports()) {
      case PortChoice.Preserving() -> false;
      case PortChoice.Overloading() -> false;
      case PortChoice.Sequential(int step) -> found.is(new PortAllocation.Sequential(step));
      case PortChoice.Random(int low, int high) ->
          found.value() instanceof PortAllocation.Random range
              && seen.stream().allMatch(port -> range.low() <= port && port <= range.high())
              && range.low() >= PortChoice.LOWEST;
      case PortChoice.Block(int size) ->
          found.value() instanceof PortAllocation.Block block
              && block.high() - block.low() + 1 == size
              && (block.low() - PortChoice.LOWEST) % size == 0
              && seen.stream().anyMatch(port -> block.low() <= port && port <= block.high());
    };
  }
}
