package dev.sallyport.domain.session;

import static dev.sallyport.domain.nat.Sights.addresses;
import static dev.sallyport.domain.nat.Sights.tcp;
import static dev.sallyport.domain.session.Sightseeing.STUN_A;
import static dev.sallyport.domain.session.Sightseeing.STUN_B;
import static dev.sallyport.domain.session.Sightseeing.caller;
import static dev.sallyport.domain.session.Sightseeing.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.ladder.StrategyRules;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.NetworkId;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.Remembered;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What we remember of our NATs from another time, and how long it counts. */
class RecollectionTest {
  private static final Finding<Behavior> UNKNOWN = Finding.unknown();
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  @Test
  void whatIsRemembered_countsInItsNetwork_untilAnObserverSeesAnotherAddress() {
    Surroundings here = caller();
    here.at(NOON);
    here.recalled(memory("192.168.1.2", "203.0.113.7"));
    assertThat(here.profile().tcpFiltering().isKnown()).as("we may be anywhere").isFalse();
    here.addresses(addresses("192.168.1.2"));
    assertThat(here.profile().tcpFiltering().confidence()).as("nobody has seen us").isEqualTo(40);
    here.observed(tcp("4000=203.0.113.7:61000", STUN_A));
    assertThat(here.profile().tcpFiltering().confidence()).isEqualTo(60);
    here.observed(tcp("4000=203.0.113.8:61000", STUN_A));
    assertThat(here.profile().tcpFiltering().isKnown()).isFalse();
  }

  @Test
  void whatIsRemembered_endsWithItsHour_andInAnotherNetwork() {
    Surroundings here = service();
    here.at(NOON);
    here.recalled(memory("192.168.1.2", "203.0.113.7"));
    here.addresses(addresses("192.168.1.2"));
    here.at(NOON.plus(Remembered.LIFETIME));
    assertThat(here.profile().tcpFiltering().isKnown()).isFalse();
    here.at(NOON);
    here.addresses(addresses("192.168.7.2"));
    assertThat(here.profile().tcpFiltering().isKnown()).isFalse();
    here.recalled(memory("192.168.7.2", "203.0.113.9"));
    assertThat(here.profile().tcpFiltering().is(Behavior.ADDRESS_DEPENDENT)).isTrue();
  }

  @Test
  void thatOurNatIsHard_makesACallGiveUp_onlyWhileTheMemoryIsMinutesOld_andTheAddressConfirmed() {
    Surroundings here = caller();
    here.at(NOON);
    here.addresses(addresses("192.168.1.2"));
    here.recalled(hard("192.168.1.2", "203.0.113.7"));
    assertThat(towardsAHardPeer(here)).as("nobody has seen us").isEqualTo(Tactic.Kind.OPEN);
    here.observed(tcp("4000=203.0.113.7:61000", STUN_A));
    assertThat(towardsAHardPeer(here)).isEqualTo(Tactic.Kind.IMPOSSIBLE);
    here.at(NOON.plusSeconds(600));
    assertThat(towardsAHardPeer(here)).as("ten minutes old").isEqualTo(Tactic.Kind.OPEN);
    assertThat(StrategyRules.isHard(here.profile())).as("as a guess it still is").isTrue();
    here.at(NOON);
    here.observed(tcp("4000=203.0.113.7:61000", STUN_B));
    assertThat(towardsAHardPeer(here)).as("it is not hard").isNotEqualTo(Tactic.Kind.IMPOSSIBLE);
    assertThat(StrategyRules.isHard(here.profile())).isFalse();
  }

  @Test
  void whatIsOnlyRemembered_isNotLearntAgain() {
    Surroundings here = caller();
    here.at(NOON);
    here.addresses(addresses("192.168.1.2"));
    here.recalled(memory("192.168.1.2", "203.0.113.7"));
    here.observed(tcp("4000=203.0.113.7:61000", STUN_A));
    assertThat(here.learnt(NOON)).isNull();
    here.observed(tcp("4000=203.0.113.7:61000", STUN_B));
    Remembered learnt = Objects.requireNonNull(here.learnt(NOON));
    assertThat(learnt.profile().tcpMapping().is(Behavior.ENDPOINT_INDEPENDENT)).isTrue();
    assertThat(learnt.profile().tcpFiltering().isKnown()).isFalse();
  }

  private static Tactic.Kind towardsAHardPeer(Surroundings here) {
    NatProfile peer = profile(Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 90), UNKNOWN);
    return StrategyRules.choose(here.profile(), peer).kind();
  }

  private static Remembered hard(String host, String external) {
    Finding<Behavior> mapping = Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 95);
    return memory(host, external, profile(mapping, UNKNOWN));
  }

  private static Remembered memory(String host, String external) {
    Finding<Behavior> filtering = Finding.of(Behavior.ADDRESS_DEPENDENT, 95);
    return memory(host, external, profile(UNKNOWN, filtering));
  }

  private static Remembered memory(String host, String external, NatProfile profile) {
    return new Remembered(
        new NetworkId(addresses(host).getFirst()), addresses(external).getFirst(), profile, NOON);
  }

  private static NatProfile profile(Finding<Behavior> tcpMapping, Finding<Behavior> tcpFiltering) {
    return new NatProfile(
        tcpMapping,
        UNKNOWN,
        tcpFiltering,
        UNKNOWN,
        tcpMapping.isKnown()
            ? Finding.of(new PortAllocation.Random(1024, 65535), 80)
            : Finding.unknown(),
        Finding.unknown(),
        false,
        false);
  }
}
