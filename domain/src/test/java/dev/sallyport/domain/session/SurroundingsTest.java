package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.ladder.StrategyRules;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.FilterProbe;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.NetworkId;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Observation.Source;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.nat.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class SurroundingsTest {
  private static final String STUN_A = "192.0.2.1:3478";
  private static final Finding<Behavior> UNKNOWN = Finding.unknown();
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final String STUN_B = "192.0.2.2:3478";

  @Test
  void nothingKnown_noCandidates_andTheBlameIsNotOursYet() {
    Surroundings here = caller();
    assertThat(candidates(here)).isEmpty();
    assertThat(here.isComplete()).isFalse();
    assertThat(here.unreachable("nobody").kind()).isEqualTo(Failure.Kind.RENDEZVOUS_UNREACHABLE);
    assertThat(here.news()).isNull();
  }

  @Test
  void noAddressesAtAll_noNetwork() {
    Surroundings here = caller();
    here.addresses(List.of());
    assertThat(here.unreachable("nobody").kind()).isEqualTo(Failure.Kind.LOCAL_PROBLEM);
  }

  @Test
  void stunSawEachPort_thoseEndpointsThenTheHost() {
    Surroundings here = caller();
    here.addresses(addresses("192.168.1.2"));
    here.observed(tcp("4000=203.0.113.7:61000", STUN_A));
    here.observed(tcp("4001=203.0.113.7:61001", STUN_A));
    assertThat(here.isComplete()).isFalse();
    here.observed(tcp("4002=203.0.113.7:61002", STUN_A));
    assertThat(here.isComplete()).isTrue();
    assertThat(candidates(here))
        .containsExactly(
            "reflexive 203.0.113.7:61000",
            "reflexive 203.0.113.7:61001",
            "reflexive 203.0.113.7:61002",
            "host 192.168.1.2:4000");
  }

  @Test
  void onlyTheDhtSawUs_theLocalPortsStandIn() {
    Surroundings here = caller();
    here.addresses(addresses("192.168.1.2"));
    here.observed(udp("49001=203.0.113.7:33333", "198.51.100.1:6881"));
    assertThat(here.isComplete()).isFalse();
    here.surveyed();
    assertThat(here.isComplete()).isTrue();
    assertThat(candidates(here))
        .containsExactly(
            "reflexive 203.0.113.7:4000",
            "reflexive 203.0.113.7:4001",
            "reflexive 203.0.113.7:4002",
            "host 192.168.1.2:4000");
  }

  @Test
  void aLyingNodeIsOutvoted() {
    Surroundings here = caller();
    here.observed(udp("49001=198.51.100.66:1", "198.51.100.1:6881"));
    here.observed(udp("49001=203.0.113.7:33333", "198.51.100.2:6881"));
    here.observed(udp("49001=203.0.113.7:33333", "198.51.100.3:6881"));
    here.observed(udp("49001=198.51.100.67:1", "198.51.100.4:6881"));
    assertThat(candidates(here)).first().isEqualTo("reflexive 203.0.113.7:4000");
  }

  @Test
  void stunSawOnePortOnly_andTheNatKeepsPorts_theOthersAreGuessed() {
    Surroundings here = caller();
    here.observed(tcp("4000=203.0.113.7:4000", STUN_A));
    assertThat(candidates(here))
        .containsExactly(
            "reflexive 203.0.113.7:4000",
            "reflexive 203.0.113.7:4001",
            "reflexive 203.0.113.7:4002");
  }

  @Test
  void stunSawOnePortOnly_andTheNatDoesNotKeepIt_nothingIsGuessed() {
    Surroundings here = caller();
    here.observed(tcp("4000=203.0.113.7:61000", STUN_A));
    assertThat(candidates(here)).containsExactly("reflexive 203.0.113.7:61000");
  }

  @Test
  void symmetricNat_theNewestViewCounts_whoeverSawIt() {
    Surroundings here = service();
    here.addresses(addresses("192.168.1.2"));
    here.observed(tcp("8765=203.0.113.7:1001", STUN_A));
    here.observed(tcp("8765=203.0.113.7:1002", STUN_B));
    assertThat(here.profile().tcpMapping().is(Behavior.ADDRESS_AND_PORT_DEPENDENT)).isTrue();
    assertThat(candidates(here)).first().isEqualTo("reflexive 203.0.113.7:1002");
    here.observed(tcp("8765=203.0.113.7:1003", STUN_A));
    assertThat(candidates(here)).first().isEqualTo("reflexive 203.0.113.7:1003");
  }

  @Test
  void publicHost_itsAddressIsOneCandidateNotTwo() {
    Surroundings here = service();
    here.addresses(addresses("203.0.113.7"));
    here.observed(tcp("8765=203.0.113.7:8765", STUN_A));
    assertThat(candidates(here)).containsExactly("host 203.0.113.7:8765");
    assertThat(here.external()).containsExactly(Endpoint.parse("203.0.113.7:8765"));
  }

  @Test
  void bothFamilies_neitherHidesTheOther() {
    Surroundings here = service();
    here.addresses(addresses("192.168.1.2", "192.168.2.2", "10.0.0.2", "10.1.0.2", "2001:db8::2"));
    here.observed(tcp("8765=203.0.113.7:8765", STUN_A));
    here.observed(tcp("8765=[2001:db8::2]:8765", "[2001:db8:1::1]:3478"));
    assertThat(candidates(here))
        .containsExactly(
            "reflexive 203.0.113.7:8765",
            "host 192.168.1.2:8765",
            "host 192.168.2.2:8765",
            "host [2001:db8::2]:8765");
    assertThat(here.profile().globalIpv6()).isTrue();
  }

  @Test
  void advertisedComesFirst_loopbackIncluded() {
    Surroundings here =
        new Surroundings(
            List.of(8765),
            List.of(Endpoint.parse("203.0.113.7:443"), Endpoint.parse("127.0.0.1:8765")));
    here.addresses(addresses("127.0.0.1", "192.168.1.2"));
    assertThat(candidates(here))
        .containsExactly(
            "advertised 203.0.113.7:443", "advertised 127.0.0.1:8765", "host 192.168.1.2:8765");
  }

  @Test
  void aPrivateExternalAddressGetsOnePort_soThatAKnockCannotScan() {
    Surroundings here = caller();
    here.observed(tcp("4000=10.9.8.7:4000", STUN_A));
    assertThat(candidates(here)).containsExactly("reflexive 10.9.8.7:4000");
  }

  @Test
  void neverMoreThanARecordCarries() {
    Surroundings here =
        new Surroundings(
            List.of(8765),
            List.of(
                Endpoint.parse("203.0.113.7:1"),
                Endpoint.parse("203.0.113.7:2"),
                Endpoint.parse("203.0.113.7:3"),
                Endpoint.parse("203.0.113.7:4"),
                Endpoint.parse("203.0.113.7:5"),
                Endpoint.parse("203.0.113.7:6")));
    here.addresses(addresses("192.168.1.2", "192.168.2.2", "2001:db8::2"));
    here.observed(tcp("8765=203.0.113.9:8765", STUN_A));
    assertThat(candidates(here)).hasSize(8).contains("reflexive 203.0.113.9:8765");
  }

  @Test
  void strangersInTheDhtCannotPushOutWhatStunSaw_norGrowUs() {
    Surroundings here = service();
    here.observed(tcp("8765=203.0.113.7:61000", STUN_A));
    for (int i = 1; i < 20_000; i++) {
      here.observed(udp("49001=203.0.113.7:33333", "198.51.100.1:" + i));
    }
    assertThat(candidates(here)).containsExactly("reflexive 203.0.113.7:61000");
    assertThat(here.remembered()).as("one over TCP, 32 over UDP").isEqualTo(1 + 32);
  }

  @Test
  void inAnotherNetworkWhatWasSeenBeforeIsForgotten() {
    Surroundings here = service();
    assertThat(here.addresses(addresses("192.168.1.2"))).isFalse();
    here.observed(tcp("8765=203.0.113.7:8765", STUN_A));
    assertThat(here.addresses(addresses("192.168.1.2", "2001:db8::77"))).isFalse();
    assertThat(candidates(here)).contains("reflexive 203.0.113.7:8765");
    assertThat(here.addresses(addresses("10.0.0.9"))).isTrue();
    assertThat(candidates(here)).containsExactly("host 10.0.0.9:8765");
    assertThat(here.isComplete()).isFalse();
  }

  @Test
  void newsComeOnce_andAgainWhenSomethingChanges() {
    Surroundings here = service();
    here.addresses(addresses("192.168.1.2"));
    assertThat(here.news()).isNull();
    here.observed(tcp("8765=203.0.113.7:8765", STUN_A));
    assertThat(here.news()).isInstanceOf(Progress.Network.class);
    assertThat(here.news()).isNull();
    here.observed(tcp("8765=203.0.113.7:8765", STUN_A));
    assertThat(here.news()).isNull();
    here.observed(tcp("8765=203.0.113.8:8765", STUN_A));
    assertThat(here.news())
        .isInstanceOfSatisfying(
            Progress.Network.class,
            network ->
                assertThat(network.external()).containsExactly(Endpoint.parse("203.0.113.8:8765")));
  }

  @Test
  void thatWeAreSurer_isNoNews_butAnotherNatIs() {
    Surroundings here = service();
    here.addresses(addresses("192.168.1.2"));
    here.observed(tcp("8765=203.0.113.7:61000", STUN_A));
    here.observed(tcp("8765=203.0.113.7:61000", STUN_B));
    assertThat(here.news()).isInstanceOf(Progress.Network.class);
    here.observed(tcp("8765=203.0.113.7:61000", "198.51.100.9:3478"));
    assertThat(here.profile().tcpMapping().confidence()).isEqualTo(90);
    assertThat(here.news()).isNull();
    here.addresses(addresses("192.168.1.2", "2001:db8::2"));
    assertThat(here.news()).isInstanceOf(Progress.Network.class);
  }

  @Test
  void twoPrivateExternalAddresses_areTwoCandidates() {
    Surroundings here = caller();
    here.observed(tcp("4000=10.9.8.7:61000", STUN_A));
    here.observed(tcp("4001=10.9.8.8:61001", STUN_A));
    assertThat(candidates(here))
        .containsExactly("reflexive 10.9.8.7:61000", "reflexive 10.9.8.8:61001");
  }

  @Test
  void whereTheFirstAddressesAreOfBothFamilies_theyStayAsTheyAre() {
    Surroundings here = service();
    here.addresses(addresses("192.168.1.2", "2001:db8::2", "192.168.2.2", "192.168.3.2"));
    assertThat(candidates(here))
        .containsExactly(
            "host 192.168.1.2:8765", "host [2001:db8::2]:8765", "host 192.168.2.2:8765");
  }

  @Test
  void ofTwoAddressesThatAsManySaw_theNewerCounts() {
    Surroundings here = service();
    here.observed(udp("49001=203.0.113.7:33333", "198.51.100.1:6881"));
    here.observed(udp("49001=203.0.113.8:33333", "198.51.100.2:6881"));
    assertThat(candidates(here)).containsExactly("reflexive 203.0.113.8:8765");
  }

  @Test
  void whoGetsIn_isPartOfTheProfile_untilWeMove() {
    Surroundings here = service();
    here.addresses(addresses("192.168.1.2"));
    for (int i = 0; i < 1000; i++) {
      here.observed(arrival("192.0.2.1:" + (5000 + i)));
    }
    assertThat(here.profile().tcpFiltering().is(Behavior.ENDPOINT_INDEPENDENT)).isTrue();
    assertThat(here.candidates()).as("a probe is no look at us").hasSize(1);
    here.addresses(addresses("192.168.7.2"));
    assertThat(here.profile().tcpFiltering().isKnown()).isFalse();
  }

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

  private static FilterProbe arrival(String from) {
    return new FilterProbe(
        8765,
        Transport.TCP,
        Endpoint.parse(from),
        FilterProbe.Relation.OTHER_ADDRESS,
        FilterProbe.Outcome.ARRIVED,
        Duration.ZERO,
        Instant.EPOCH);
  }

  private static Surroundings caller() {
    return new Surroundings(List.of(4000, 4001, 4002), List.of());
  }

  private static Surroundings service() {
    return new Surroundings(List.of(8765), List.of());
  }

  private static List<String> candidates(Surroundings here) {
    return here.candidates().stream()
        .map(c -> c.kind().name().toLowerCase(Locale.ROOT) + " " + c.endpoint())
        .toList();
  }

  private static List<InetAddress> addresses(String... texts) {
    return Arrays.stream(texts).map(t -> Objects.requireNonNull(IpLiteral.parse(t))).toList();
  }

  private static Observation tcp(String seen, String observer) {
    return observation(seen, observer, Transport.TCP, Source.STUN);
  }

  private static Observation udp(String seen, String observer) {
    return observation(seen, observer, Transport.UDP, Source.DHT);
  }

  private static Observation observation(
      String seen, String observer, Transport transport, Source source) {
    String[] parts = seen.split("=", 2);
    return new Observation(
        Integer.parseInt(parts[0]),
        Endpoint.parse(parts[1]),
        transport,
        Endpoint.parse(observer),
        source,
        Duration.ofMillis(20));
  }
}
