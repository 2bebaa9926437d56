package dev.sallyport.harness.kit;

import static dev.sallyport.harness.scenario.NatKind.ADDRESS_RESTRICTED;
import static dev.sallyport.harness.scenario.NatKind.FULL_CONE;
import static dev.sallyport.harness.scenario.NatKind.NONE;
import static dev.sallyport.harness.scenario.NatKind.NO_SIMULTANEOUS_OPEN;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED_ICMP;
import static dev.sallyport.harness.scenario.NatKind.PORT_RESTRICTED_RST;
import static dev.sallyport.harness.scenario.NatKind.RFC5382;
import static dev.sallyport.harness.scenario.NatKind.SYMMETRIC;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.nat.Behavior;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Two protocols of somebody else's, tried between all kinds of NATs. */
@ExtendWith(NatLab.class)
class HolePunchingTest {
  private static final Duration DELAY = Duration.ofMillis(50);

  /** Fails with every packet in its report, if it fails. */
  @Test
  @BehindNats(client = PORT_RESTRICTED, server = PORT_RESTRICTED, lossPercent = 20, seed = 7)
  void twoHomes_punchUdp_althoughAFifthIsLost(TwoSites lab) {
    assertThat(HolePuncher.punches(lab)).isTrue();
  }

  static Stream<TwoSites> pairsThatKeepOneMapping() {
    return NatPair.all().stream()
        .filter(pair -> pair.client().mapping() == Behavior.ENDPOINT_INDEPENDENT)
        .filter(pair -> pair.server().mapping() == Behavior.ENDPOINT_INDEPENDENT)
        .map(pair -> pair.sites().delay(DELAY).jitter(Duration.ofMillis(10)).loss(5).build());
  }

  @ParameterizedTest
  @MethodSource("pairsThatKeepOneMapping")
  void whereBothKeepOneMapping_udpGetsThrough(TwoSites lab) {
    assertThat(HolePuncher.punches(lab)).isTrue();
  }

  @Test
  void udp_getsThrough_unlessOneSideIsSymmetricAndTheOtherMindsPorts() {
    String table =
        NatPair.table(
            pair -> HolePuncher.punches(pair.sites().delay(DELAY).build()),
            NONE,
            FULL_CONE,
            ADDRESS_RESTRICTED,
            PORT_RESTRICTED,
            SYMMETRIC);

    assertThat(table)
        .isEqualTo(
            """
                                     1    2    3    4    5
             1 none                yes  yes  yes  yes  yes
             2 full-cone           yes  yes  yes  yes  yes
             3 address-restricted  yes  yes  yes  yes  yes
             4 port-restricted     yes  yes  yes  yes    -
             5 symmetric           yes  yes  yes    -    -
            """);
  }

  @Test
  void aTcpConnect_fails_ifTheOtherSidesRouterAnswersBeforeItIsReady() {
    assertThat(tcp(Duration.ofMillis(100), false))
        .isEqualTo(
            """
                                       1    2    3    4    5
             1 port-restricted       yes    -    -  yes  yes
             2 port-restricted-rst   yes    -    -  yes  yes
             3 port-restricted-icmp  yes    -    -  yes  yes
             4 rfc5382               yes    -    -  yes  yes
             5 no-simultaneous-open  yes    -    -  yes    -
            """);
  }

  @Test
  void diallingAgain_helpsAgainstAReset_butLinuxRemembersAnIcmpError() {
    assertThat(tcp(Duration.ofMillis(100), true))
        .isEqualTo(
            """
                                       1    2    3    4    5
             1 port-restricted       yes  yes    -  yes  yes
             2 port-restricted-rst   yes  yes    -  yes  yes
             3 port-restricted-icmp  yes  yes    -  yes  yes
             4 rfc5382               yes  yes  yes  yes  yes
             5 no-simultaneous-open  yes  yes    -  yes    -
            """);
  }

  @Test
  void diallingAtOnce_helpsAgainstBoth_becauseTheSynsCross() {
    assertThat(tcp(Duration.ZERO, false))
        .isEqualTo(
            """
                                       1    2    3    4    5
             1 port-restricted       yes  yes  yes  yes  yes
             2 port-restricted-rst   yes  yes  yes  yes  yes
             3 port-restricted-icmp  yes  yes  yes  yes  yes
             4 rfc5382               yes  yes  yes  yes  yes
             5 no-simultaneous-open  yes  yes  yes  yes    -
            """);
  }

  private static String tcp(Duration skew, boolean again) {
    return NatPair.table(
        pair -> TcpPuncher.connects(pair.sites().delay(DELAY).build(), skew, again),
        PORT_RESTRICTED,
        PORT_RESTRICTED_RST,
        PORT_RESTRICTED_ICMP,
        RFC5382,
        NO_SIMULTANEOUS_OPEN);
  }
}
