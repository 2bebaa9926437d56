package dev.sallyport.domain.session;

import static dev.sallyport.domain.nat.Sights.addresses;
import static dev.sallyport.domain.nat.Sights.tcp;
import static dev.sallyport.domain.nat.Sights.udp;
import static dev.sallyport.domain.session.Sightseeing.STUN_A;
import static dev.sallyport.domain.session.Sightseeing.STUN_B;
import static dev.sallyport.domain.session.Sightseeing.caller;
import static dev.sallyport.domain.session.Sightseeing.candidates;
import static dev.sallyport.domain.session.Sightseeing.service;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Behavior;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which endpoints we tell others, by what is known of our surroundings. */
class OwnCandidatesTest {
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
  void publicHostThatCalls_eachPortIsThere_forAFirewallMayBeInFront() {
    Surroundings here = caller();
    here.addresses(addresses("192.168.1.2", "203.0.113.7", "2001:db8::2"));
    here.observed(tcp("4000=203.0.113.7:4000", STUN_A));
    here.observed(tcp("4001=203.0.113.7:4001", STUN_A));
    here.observed(tcp("4000=[2001:db8::2]:4000", "[2001:db8:1::1]:3478"));
    here.observed(tcp("4001=[2001:db8::2]:4001", "[2001:db8:1::1]:3478"));
    here.observed(tcp("4002=[2001:db8::2]:61002", "[2001:db8:1::1]:3478"));
    assertThat(candidates(here))
        .as("the guess for 4002, and not what cannot be ours")
        .containsExactly(
            "host 192.168.1.2:4000",
            "host 203.0.113.7:4000",
            "host [2001:db8::2]:4000",
            "host 203.0.113.7:4001",
            "host 203.0.113.7:4002",
            "host [2001:db8::2]:4001");
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
}
