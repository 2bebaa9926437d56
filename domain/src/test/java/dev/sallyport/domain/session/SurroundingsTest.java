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
import dev.sallyport.domain.nat.FilterProbe;
import dev.sallyport.domain.nat.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What we know of our surroundings, what of it is news, and when it is forgotten. */
class SurroundingsTest {
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
}
