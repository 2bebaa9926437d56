package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.ladder.StrategyRules;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Observation.Source;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.Strategy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Services whose NAT has forgotten where they were. */
class MovedServiceTest {
  private static final String CALLER = ServeBench.CALLER_OUTSIDE;
  private static final String OLD = "198.51.100.9:8765";
  private static final String NEW = "198.51.100.9:33333";
  private static final String STUN_A = "192.0.2.1:3478";
  private static final String STUN_B = "192.0.2.2:3478";
  private static final List<String> OBSERVERS =
      List.of(STUN_A, "192.0.2.1:3479", STUN_B, "192.0.2.2:3479");
  private static final List<String> IN_STEPS =
      List.of("198.51.100.9:1001", "198.51.100.9:1002", "198.51.100.9:1003", "198.51.100.9:1004");
  private static final NatProfile RANDOM = Cast.hard(new PortAllocation.Random(1024, 65535));
  private static final Strategy BIRTHDAY = new Strategy.Birthday(true, 2048, 512, 1024, 65535);
  private static final Duration LATER = Duration.ofMinutes(5);

  private final ServeBench bench = new ServeBench();

  @Test
  void aKnock_hasOthersLookWhereWeAre_butNotTwiceWithinTwoSeconds() {
    bench.serving();
    assertThat(knocked().all(ServeEffect.Confirm.class)).hasSize(1);
    assertThat(knocked().all(ServeEffect.Confirm.class)).isEmpty();
    bench.on(new DiscoveryEvent.Confirmed());
    bench.pass(Duration.ofMillis(1999));
    assertThat(knocked().all(ServeEffect.Confirm.class)).isEmpty();
    bench.pass(Duration.ofMillis(1));
    assertThat(knocked().all(ServeEffect.Confirm.class)).hasSize(1);
  }

  @Test
  void aServiceThatFindsItselfElsewhere_tellsTheCallerAtOnce() {
    bench.serving();
    CallNonce nonce = bench.newNonce();
    assertThat(bench.replies(nonce, bench.on(bench.knock(nonce, "reflexive " + CALLER)))).isEmpty();
    Reply reply = bench.replies(nonce, bench.on(Cast.seen(Cast.SERVICE_PORT, NEW))).getFirst();
    assertThat(reply.candidates().getFirst()).isEqualTo(Cast.candidate("reflexive " + NEW));
    bench.on(new DiscoveryEvent.Confirmed());
    assertThat(bench.replies(nonce, bench.pass(Duration.ofSeconds(3)))).as("twice").isEmpty();
  }

  @Test
  void aCallerWhoHadItsReply_isToldToo() {
    bench.serving();
    CallNonce nonce = bench.newNonce();
    bench.on(bench.knock(nonce, "reflexive " + CALLER));
    assertThat(bench.replies(nonce, bench.pass(Duration.ofSeconds(2)))).hasSize(1);
    assertThat(bench.replies(nonce, bench.on(Cast.seen(Cast.SERVICE_PORT, NEW)))).hasSize(1);
    bench.pass(Duration.ofSeconds(20));
    assertThat(bench.replies(nonce, bench.on(Cast.seen(Cast.SERVICE_PORT, OLD))))
        .as("who has given up")
        .isEmpty();
  }

  @Test
  void aBirthdayTowardsUs_waitsUntilItIsKnownWhereWeAre() {
    bench.serving();
    CallNonce nonce = bench.newNonce();
    Bench<ServeEvent, ServeEffect>.Step knocked = bench.on(birthday(nonce));
    assertThat(bench.replies(nonce, knocked)).isEmpty();
    assertThat(knocked.dialled()).as("what needs no guess").containsExactly(Endpoint.parse(CALLER));
    bench.on(Cast.seen(Cast.SERVICE_PORT, NEW));
    Bench<ServeEvent, ServeEffect>.Step confirmed = bench.on(new DiscoveryEvent.Confirmed());
    Reply reply = bench.replies(nonce, confirmed).getFirst();
    assertThat(reply.strategy()).isEqualTo(BIRTHDAY);
    assertThat(reply.candidates().getFirst()).isEqualTo(Cast.candidate("reflexive " + NEW));
    assertThat(confirmed.dialled()).hasSizeGreaterThan(1);
  }

  @Test
  void afterTheMappingHasEnded_anEasyNatStaysEasy_whicheverObserverIsAway() {
    Surroundings here = seen(List.of(OLD, OLD, OLD, OLD));
    assertThat(here.profile().tcpMapping().is(Behavior.ENDPOINT_INDEPENDENT)).isTrue();
    look(here, NEW, STUN_B, LATER);
    assertThat(StrategyRules.isHard(here.profile())).isFalse();
    assertThat(here.profile().tcpMapping().is(Behavior.ENDPOINT_INDEPENDENT)).isTrue();
    look(here, NEW, "192.0.2.2:3479", LATER);
    assertThat(here.profile().tcpMapping().is(Behavior.ENDPOINT_INDEPENDENT))
        .as("the one who does not answer saw another port, but long ago")
        .isTrue();
    assertThat(here.external()).containsExactly(Endpoint.parse(NEW));
  }

  @Test
  void afterTheAddressHasChanged_theOldOneIsNoCandidate() {
    Surroundings here = seen(List.of(OLD, OLD, OLD, OLD));
    look(here, "203.0.113.200:7777", STUN_A, LATER);
    assertThat(here.external()).containsExactly(Endpoint.parse("203.0.113.200:7777"));
  }

  @Test
  void looksOfOneTime_areCompared() {
    Surroundings here = seen(IN_STEPS);
    assertThat(StrategyRules.isHard(here.profile())).isTrue();
  }

  @Test
  void portsInSteps_stayInSteps_whenTheyAreLookedAtAgainLongAfter() {
    Surroundings here = seen(IN_STEPS);
    PortAllocation steps = new PortAllocation.Sequential(1);
    assertThat(StrategyRules.allocation(here.profile())).isEqualTo(steps);
    for (int hour = 1; hour < 5; hour++) {
      for (int i = 0; i < OBSERVERS.size(); i++) {
        int port = 1001 + hour * 700 + i;
        look(here, "198.51.100.9:" + port, OBSERVERS.get(i), Duration.ofHours(hour));
      }
      assertThat(StrategyRules.allocation(here.profile())).as("hour %d", hour).isEqualTo(steps);
    }
  }

  private static Surroundings seen(List<String> endpoints) {
    Surroundings here = new Surroundings(List.of(Cast.SERVICE_PORT), List.of());
    here.addresses(List.of(Objects.requireNonNull(IpLiteral.parse("192.168.1.2"))));
    for (int i = 0; i < OBSERVERS.size(); i++) {
      look(here, endpoints.get(i), OBSERVERS.get(i), Duration.ofMillis(i));
    }
    here.surveyed();
    return here;
  }

  private static void look(Surroundings here, String endpoint, String by, Duration when) {
    Instant seenAt = Cast.NOON.plus(when);
    here.at(seenAt);
    here.observed(
        new Observation(
            Cast.SERVICE_PORT,
            Endpoint.parse(endpoint),
            Transport.TCP,
            Endpoint.parse(by),
            Source.STUN,
            Duration.ofMillis(20),
            seenAt));
  }

  private Bench<ServeEvent, ServeEffect>.Step knocked() {
    return bench.on(bench.knock(bench.newNonce(), "reflexive " + CALLER));
  }

  private ServeEvent.KnockArrived birthday(CallNonce nonce) {
    return bench.knock(
        Cast.CALLER, nonce, bench.lastRecord().issuedAt(), RANDOM, BIRTHDAY, "reflexive " + CALLER);
  }
}
