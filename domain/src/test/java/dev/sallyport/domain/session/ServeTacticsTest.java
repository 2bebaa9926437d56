package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.Strategy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A service where ports have to be guessed: what it answers, what it dials, and what it does not.
 */
class ServeTacticsTest {
  private static final NatProfile STEPS = Cast.hard(new PortAllocation.Sequential(1));
  private static final NatProfile RANDOM = Cast.hard(new PortAllocation.Random(1024, 65535));
  private static final Strategy PLAIN = new Strategy.SimultaneousOpen();
  private static final Strategy BIRTHDAY = new Strategy.Birthday(true, 2048, 512, 1024, 65535);
  private static final String CALLER = ServeBench.CALLER_OUTSIDE;
  private static final Identity ANOTHER = Identity.fromSeed(Cast.secret(77), Cast.SEALER);

  private final ServeBench bench = new ServeBench().confirming();
  private int looks;

  @Test
  void aCallerWhosePortsAreForeseen_isDialledThere_andHearsOfItAtOnce() {
    bench.serving();
    CallNonce nonce = bench.newNonce();
    Bench<ServeEvent, ServeEffect>.Step step =
        bench.on(
            knock(
                Cast.CALLER,
                nonce,
                STEPS,
                new Strategy.Predicted(4000, 1, 64),
                "reflexive " + CALLER));
    List<SocketEffect.Dial> window =
        step.all(SocketEffect.Dial.class).stream()
            .filter(dial -> dial.remote().port() != 4000)
            .toList();
    assertThat(window).hasSize(4).allMatch(dial -> dial.localPort() == Cast.SERVICE_PORT);
    assertThat(window.getFirst().remote()).isEqualTo(Endpoint.parse("203.0.113.7:4001"));
    Reply reply = bench.replies(nonce, step).getFirst();
    assertThat(reply.outcome()).isEqualTo(Reply.Outcome.ACCEPTED);
    assertThat(reply.strategy()).isEqualTo(new Strategy.Predicted(4000, 1, 64));
  }

  @Test
  void whatIsTriedForACaller_isTold_unlessItIsThePlainThing() {
    bench.serving();
    bench.on(knock(ANOTHER, bench.newNonce(), NatProfile.unknown(), PLAIN, "reflexive " + CALLER));
    assertThat(bench.told()).noneMatch(Progress.Tried.class::isInstance);
    bench.on(
        knock(
            Cast.CALLER,
            bench.newNonce(),
            STEPS,
            new Strategy.Predicted(4000, 1, 64),
            "reflexive " + CALLER));
    assertThat(bench.told())
        .filteredOn(Progress.Tried.class::isInstance)
        .singleElement()
        .isInstanceOfSatisfying(
            Progress.Tried.class,
            tried -> {
              assertThat(tried.callerKey()).isEqualTo(Cast.CALLER.key());
              assertThat(tried.tactic().kind()).isEqualTo(Tactic.Kind.PREDICTED);
              assertThat(tried.tactic().callerIsHard()).isTrue();
            });
  }

  @Test
  void whatOnlyTheCallerKnows_isToldAsWell() {
    bench.serving();
    bench.on(
        knock(
            Cast.CALLER, bench.newNonce(), NatProfile.unknown(), BIRTHDAY, "reflexive " + CALLER));
    assertThat(bench.told())
        .filteredOn(Progress.Tried.class::isInstance)
        .containsExactly(
            new Progress.Tried(
                new Tactic(Tactic.Kind.BIRTHDAY, true, false, 1, true), Cast.CALLER.key()));
  }

  @Test
  void aWindowLargerThanAnybodyNeeds_isNotDialled() {
    bench.serving();
    Bench<ServeEvent, ServeEffect>.Step step =
        bench.on(
            knock(
                Cast.CALLER,
                bench.newNonce(),
                STEPS,
                new Strategy.Predicted(4000, 1, 257),
                "reflexive " + CALLER));
    assertThat(step.dialled()).containsExactly(Endpoint.parse(CALLER));
  }

  @Test
  void behindAHardNatInSteps_theCallerIsToldWhereOurPortsStand() {
    behind(steps());
    CallNonce nonce = bench.newNonce();
    Bench<ServeEvent, ServeEffect>.Step knocked =
        bench.on(knock(Cast.CALLER, nonce, NatProfile.unknown(), PLAIN, "reflexive " + CALLER));
    assertThat(knocked.text()).startsWith("Sample");
    assertThat(bench.replies(nonce, knocked)).isEmpty();
    Bench<ServeEvent, ServeEffect>.Step sampled = bench.on(Cast.sampled("198.51.100.9:7000"));
    Reply reply = bench.replies(nonce, sampled).getFirst();
    assertThat(reply.outcome()).isEqualTo(Reply.Outcome.COUNTERED);
    assertThat(reply.strategy()).isEqualTo(new Strategy.Predicted(7000, 2, 64));
    assertThat(reply.candidates().getFirst())
        .isEqualTo(Cast.candidate("reflexive 198.51.100.9:7000"));
    assertThat(sampled.all(SocketEffect.Dial.class))
        .filteredOn(dial -> dial.localPort() == 0)
        .hasSize(4)
        .allMatch(dial -> dial.remote().equals(Endpoint.parse(CALLER)));
  }

  @Test
  void twoKnocksAtOnce_getOneSample() {
    behind(steps());
    CallNonce first = bench.newNonce();
    CallNonce second = bench.newNonce();
    bench.on(knock(Cast.CALLER, first, NatProfile.unknown(), PLAIN, "reflexive " + CALLER));
    Bench<ServeEvent, ServeEffect>.Step step =
        bench.on(knock(ANOTHER, second, NatProfile.unknown(), PLAIN, "reflexive 203.0.113.8:4000"));
    assertThat(step.all(ServeEffect.Sample.class)).isEmpty();
    Bench<ServeEvent, ServeEffect>.Step sampled = bench.on(Cast.sampled("198.51.100.9:7000"));
    assertThat(bench.replies(first, sampled)).hasSize(1);
    assertThat(bench.replies(second, sampled)).hasSize(1);
  }

  @Test
  void ifNobodyCanSample_theCallerIsAnsweredPlainly() {
    behind(steps());
    CallNonce nonce = bench.newNonce();
    bench.on(knock(Cast.CALLER, nonce, NatProfile.unknown(), PLAIN, "reflexive " + CALLER));
    assertThat(bench.on(new DiscoveryEvent.Sampled(null)).text()).isEqualTo("Sample");
    assertThat(bench.on(new DiscoveryEvent.Sampled(null)).text()).isEqualTo("Sample");
    Reply reply = bench.replies(nonce, bench.on(new DiscoveryEvent.Sampled(null))).getFirst();
    assertThat(reply.outcome()).isEqualTo(Reply.Outcome.ACCEPTED);
    assertThat(reply.strategy()).isEqualTo(PLAIN);
  }

  @Test
  void howOurNatTakesPorts_isNotForgotten_howeverManyCallsMoveThemOn() {
    behind(steps());
    for (int call = 1; call <= 40; call++) {
      CallNonce nonce = bench.newNonce();
      bench.on(knock(Cast.CALLER, nonce, NatProfile.unknown(), PLAIN, "reflexive " + CALLER));
      int now = 1024 + (54_000 + call * 600) % 64_512; // ports go round
      Bench<ServeEvent, ServeEffect>.Step sampled = bench.on(Cast.sampled("198.51.100.9:" + now));
      assertThat(bench.replies(nonce, sampled).getFirst().strategy())
          .as("call %d", call)
          .isEqualTo(new Strategy.Predicted(now, 2, 64));
      bench.pass(Duration.ofSeconds(5));
    }
  }

  @Test
  void mappingsThatAreSeenAgain_areNoNewOnes() {
    List<Integer> first = new ArrayList<>();
    IntSupplier steps = steps();
    behind(
        () -> {
          first.add(steps.getAsInt());
          return first.getLast();
        });
    bench.pass(Duration.ofSeconds(20));
    // All servers are asked anew, for one has hung up; our NAT has forgotten nothing.
    Iterator<Integer> again = first.iterator();
    for (DiscoveryEvent look :
        Cast.looks(List.of(Cast.SERVICE_PORT), "198.51.100.9", bench.now(), again::next)) {
      bench.on(look);
    }
    CallNonce nonce = bench.newNonce();
    bench.on(knock(Cast.CALLER, nonce, NatProfile.unknown(), PLAIN, "reflexive " + CALLER));
    Bench<ServeEvent, ServeEffect>.Step sampled = bench.on(Cast.sampled("198.51.100.9:7000"));
    assertThat(bench.replies(nonce, sampled).getFirst().strategy())
        .isEqualTo(new Strategy.Predicted(7000, 2, 64));
  }

  @Test
  void bothInSteps_theWindowIsDialledFromNewPorts_inOrder() {
    behind(steps());
    CallNonce nonce = bench.newNonce();
    bench.on(
        knock(
            Cast.CALLER, nonce, STEPS, new Strategy.Predicted(4000, 1, 64), "reflexive " + CALLER));
    Bench<ServeEvent, ServeEffect>.Step sampled = bench.on(Cast.sampled("198.51.100.9:7000"));
    assertThat(sampled.all(SocketEffect.Dial.class))
        .filteredOn(dial -> dial.localPort() == 0)
        .extracting(dial -> dial.remote().port())
        .startsWith(4001, 4002, 4003, 4004)
        .hasSize(64);
    assertThat(bench.replies(nonce, sampled).getFirst().outcome())
        .isEqualTo(Reply.Outcome.COUNTERED);
  }

  @Test
  void behindAHardNatAtRandom_aPlainKnockIsCounteredWithABirthday() {
    behind(random());
    CallNonce nonce = bench.newNonce();
    Bench<ServeEvent, ServeEffect>.Step step =
        bench.on(knock(Cast.CALLER, nonce, NatProfile.unknown(), PLAIN, "reflexive " + CALLER));
    Reply reply = bench.replies(nonce, step).getFirst();
    assertThat(reply.outcome()).isEqualTo(Reply.Outcome.COUNTERED);
    assertThat(reply.strategy()).isInstanceOf(Strategy.Birthday.class);
    assertThat(bench.pass(Duration.ofSeconds(1)).all(SocketEffect.Dial.class))
        .filteredOn(dial -> dial.localPort() == 0)
        .hasSizeGreaterThan(400)
        .allMatch(dial -> dial.remote().equals(Endpoint.parse(CALLER)));
  }

  @Test
  void aBirthday_goesToTheCallersOwnAddress_andIsNoMoreThanAllowed() {
    bench.serving();
    CallNonce nonce = bench.newNonce();
    Bench<ServeEvent, ServeEffect>.Step step =
        bench.on(
            knock(
                Cast.CALLER,
                nonce,
                RANDOM,
                new Strategy.Birthday(true, 2048, 2048, 1024, 65535),
                "reflexive " + CALLER));
    assertThat(bench.replies(nonce, step).getFirst().outcome()).isEqualTo(Reply.Outcome.ACCEPTED);
    List<SocketEffect.Dial> dials = bench.pass(Duration.ofSeconds(14)).all(SocketEffect.Dial.class);
    assertThat(dials).allMatch(d -> d.remote().sameAddress(Endpoint.parse(CALLER)));
    List<SocketEffect.Dial> guessed =
        dials.stream().filter(d -> d.remote().port() != 4000).toList();
    long syns = guessed.stream().mapToLong(d -> d.timeout().toSeconds()).sum();
    assertThat(guessed).hasSizeGreaterThan(400);
    assertThat(syns).isLessThanOrEqualTo(Strategy.MAX_SYNS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"192.168.1.1", "10.0.0.1", "172.16.0.1", "169.254.0.1", "100.64.0.1", "127.0.0.1"})
  void aKnockCannotMakeUsScanANetworkOfOurs(String address) {
    bench.serving();
    for (Strategy strategy : List.of(BIRTHDAY, new Strategy.Predicted(4000, 1, 64))) {
      Bench<ServeEvent, ServeEffect>.Step step = null;
      try {
        step =
            bench.on(
                knock(
                    Cast.CALLER,
                    bench.newNonce(),
                    strategy.equals(BIRTHDAY) ? RANDOM : STEPS,
                    strategy,
                    "reflexive " + address + ":4000"));
      } catch (IllegalArgumentException e) {
        continue; // no knock can say so
      }
      assertThat(step.dialled()).isSubsetOf(Endpoint.parse(address + ":4000"));
      assertThat(bench.pass(Duration.ofSeconds(5)).dialled())
          .isSubsetOf(Endpoint.parse(address + ":4000"));
    }
  }

  @Test
  void oneBirthdayAtATime_theOthersAreTold() {
    bench.serving();
    CallNonce first = bench.newNonce();
    bench.on(knock(Cast.CALLER, first, RANDOM, BIRTHDAY, "reflexive " + CALLER));
    CallNonce second = bench.newNonce();
    ServeEvent.KnockArrived knock =
        knock(ANOTHER, second, RANDOM, BIRTHDAY, "reflexive 203.0.113.8:4000");
    Reply busy = bench.replies(second, bench.on(knock)).getFirst();
    assertThat(busy.outcome()).isEqualTo(Reply.Outcome.BUSY);
    assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(2));
    assertThat(bench.pass(Duration.ofSeconds(1)).dialled())
        .noneMatch(Endpoint.parse("203.0.113.8:1")::sameAddress);
    Bench<ServeEvent, ServeEffect>.Step easy =
        bench.on(
            knock(
                ANOTHER,
                bench.newNonce(),
                NatProfile.unknown(),
                PLAIN,
                "reflexive 203.0.113.9:4000"));
    assertThat(easy.dialled()).as("easy ones need not wait").isNotEmpty();
  }

  @Test
  void theSameCaller_mayKnockAnew() {
    bench.serving();
    bench.on(knock(Cast.CALLER, bench.newNonce(), RANDOM, BIRTHDAY, "reflexive " + CALLER));
    CallNonce again = bench.newNonce();
    Bench<ServeEvent, ServeEffect>.Step step =
        bench.on(knock(Cast.CALLER, again, RANDOM, BIRTHDAY, "reflexive " + CALLER));
    assertThat(bench.replies(again, step).getFirst().outcome()).isEqualTo(Reply.Outcome.ACCEPTED);
    CallNonce another = bench.newNonce();
    step = bench.on(knock(ANOTHER, another, RANDOM, BIRTHDAY, "reflexive 203.0.113.8:4000"));
    assertThat(bench.replies(another, step).getFirst().outcome())
        .as("the end of the first is not that of the second")
        .isEqualTo(Reply.Outcome.BUSY);
  }

  @Test
  void whenTheFirstIsThrough_theNextMayBegin() {
    bench.serving();
    CallNonce first = bench.newNonce();
    bench.on(knock(Cast.CALLER, first, RANDOM, BIRTHDAY, "reflexive " + CALLER));
    SocketId up = bench.accepted("203.0.113.7:33333").id();
    bench.on(
        new SocketEvent.Accepted(
            up, Endpoint.parse("192.168.1.2:8765"), Endpoint.parse("203.0.113.7:33333")));
    bench.on(bench.hello(up, first));
    CallNonce second = bench.newNonce();
    Bench<ServeEvent, ServeEffect>.Step step =
        bench.on(knock(ANOTHER, second, RANDOM, BIRTHDAY, "reflexive 203.0.113.8:4000"));
    assertThat(bench.replies(second, step).getFirst().outcome()).isEqualTo(Reply.Outcome.ACCEPTED);
  }

  @Test
  void whereBothTakePortsAtRandom_nobodyDialsThem() {
    behind(random());
    CallNonce nonce = bench.newNonce();
    Bench<ServeEvent, ServeEffect>.Step step =
        bench.on(knock(Cast.CALLER, nonce, RANDOM, BIRTHDAY, "reflexive " + CALLER));
    Reply reply = bench.replies(nonce, step).getFirst();
    assertThat(reply.outcome()).isEqualTo(Reply.Outcome.COUNTERED);
    assertThat(reply.strategy()).isEqualTo(PLAIN);
    assertThat(step.dialled()).containsExactly(Endpoint.parse(CALLER));
    assertThat(bench.pass(Duration.ofSeconds(3)).dialled()).isEmpty();
  }

  @Test
  void behindAHardNat_newPortsAreLookedAt_aFewTimes_untilItIsKnownHowTheyAreTaken() {
    behind(random());
    assertThat(looks).isEqualTo(12);
  }

  private void behind(IntSupplier ports) {
    bench.start();
    bench.on(new DiscoveryEvent.Joined(8, Duration.ofMillis(50)));
    bench.on(Cast.listed("192.168.1.2"));
    Cast.looks(List.of(Cast.SERVICE_PORT), "198.51.100.9", ports).forEach(bench::on);
    bench.on(new ServeEvent.Published(Cast.day(bench.now()), 8, 8));
    Bench<ServeEvent, ServeEffect>.Step step = bench.on(new DiscoveryEvent.Surveyed());
    while (!step.all(ServeEffect.Sample.class).isEmpty()) {
      looks++;
      step = bench.on(Cast.sampled("198.51.100.9:" + ports.getAsInt()));
    }
    bench.pass(Duration.ofSeconds(2));
  }

  private ServeEvent.KnockArrived knock(
      Identity caller,
      CallNonce nonce,
      NatProfile profile,
      Strategy strategy,
      String... candidates) {
    return bench.knock(caller, nonce, bench.lastRecord().issuedAt(), profile, strategy, candidates);
  }

  private static IntSupplier steps() {
    AtomicInteger port = new AtomicInteger(5000);
    return () -> port.addAndGet(2);
  }

  private static IntSupplier random() {
    Random random = new Random(3);
    return () -> random.nextInt(1024, 65536);
  }
}
