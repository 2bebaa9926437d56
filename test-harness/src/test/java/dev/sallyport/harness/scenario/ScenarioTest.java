package dev.sallyport.harness.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScenarioTest {

  @ParameterizedTest
  @EnumSource
  void everyKindOfNat_isReadByItsWord(NatKind kind) {
    assertThat(NatKind.parse(kind.word())).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "cone", "FULL-CONE", "full_cone", " none"})
  void aWrongKind_isAnErrorThatNamesTheRightOnes(String text) {
    assertThatThrownBy(() -> NatKind.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "\"%s\" is no kind of NAT; expected one of none, full-cone, address-restricted,"
                + " port-restricted, port-restricted-rst, symmetric, port-restricted-icmp,"
                + " rfc5382, eim-random, symmetric-step-1, symmetric-step-2, cgn-block-paired,"
                + " cgn-block-arbitrary, port-overloading, no-simultaneous-open, juniper,"
                + " kaspersky, half-open-128, firewall",
            text);
  }

  @Test
  void theKernelLab_hasTheWordsItAlwaysHad() {
    assertThat(NatKind.wordsForNft())
        .isEqualTo(
            "none, full-cone, address-restricted, port-restricted, port-restricted-rst, symmetric");
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfNat_saysWhatItIsInALine(NatKind kind) {
    assertThat(kind.summary()).isNotBlank().hasSizeLessThan(100).doesNotContain("\n");
  }

  @Test
  void bothUplinksTogether_haveTheDelayAndTheLossOfTheWholeTrip() {
    NetworkPath path = new NetworkPath(Duration.ofMillis(25), 10, 1);
    assertThat(path.delayPerUplink().multipliedBy(2)).isEqualTo(Duration.ofMillis(25));
    double survives = Math.pow(1 - path.lossPerUplink(), 2);
    assertThat(survives).isCloseTo(0.9, within(1e-9));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, 91, Double.NaN})
  void anImpossibleLoss_isRefused(double loss) {
    assertThatThrownBy(() -> new NetworkPath(Duration.ZERO, loss, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not between 0 and 90");
  }

  @Test
  void oneRouter_isOneKindOfNat() {
    Scenario apart = Scenario.between(NatKind.NONE, NatKind.SYMMETRIC);
    assertThatThrownBy(() -> apart.laidOut(Layout.SHARED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one kind of NAT, not behind none and symmetric");
  }

  @Test
  void hairpin_needsANatThatKeepsPorts() {
    for (NatKind kind : new NatKind[] {NatKind.NONE, NatKind.SYMMETRIC}) {
      Scenario apart = Scenario.between(kind, kind);
      assertThatThrownBy(() -> apart.laidOut(Layout.SHARED_HAIRPIN))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void onlyARouterWithANat_forwardsAPort() {
    Site open = Site.behind(NatKind.NONE);
    assertThatThrownBy(() -> open.forwarding(8765)).isInstanceOf(IllegalArgumentException.class);
    Site router = Site.behind(NatKind.FULL_CONE);
    assertThatThrownBy(() -> router.forwarding(99999)).hasMessageContaining("99999");
  }

  @Test
  void oneRouter_hasOneKindOfIpv6() {
    Scenario apart =
        Scenario.between(NatKind.NONE, NatKind.NONE)
            .client(Site.behind(NatKind.NONE).ipv6(Ipv6.OPEN));
    assertThat(apart).hasToString("none calls none, 0 ms, IPv6 open and none");
    assertThatThrownBy(() -> apart.laidOut(Layout.SHARED))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the same IPv6");
    assertThat(apart.ipv6(Ipv6.FIREWALL).laidOut(Layout.SHARED))
        .hasToString("none calls none, one network, 0 ms, IPv6 firewall");
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfIpv6_isReadByItsWord(Ipv6 kind) {
    assertThat(Ipv6.parse(kind.word())).isEqualTo(kind);
    Site site = Site.behind(NatKind.FULL_CONE).ipv6(kind);
    assertThat(site.offline().forwarding(80).below(NatKind.FULL_CONE).ipv6()).isEqualTo(kind);
  }

  @Test
  void aScenario_isToldInOneLine() {
    Scenario scenario =
        Scenario.between(NatKind.SYMMETRIC, NatKind.FULL_CONE)
            .delayMillis(25)
            .withoutStun()
            .starting(StartOrder.CONNECT_FIRST)
            .callers(20)
            .server(Site.behind(NatKind.FULL_CONE).forwarding(8765));
    assertThat(scenario)
        .hasToString(
            "symmetric calls full-cone, 25 ms, port 8765 forwarded, no STUN, connect-first,"
                + " 20 callers");
  }
}
