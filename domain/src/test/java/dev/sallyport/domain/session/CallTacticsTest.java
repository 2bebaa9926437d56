package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.nat.PortAllocation;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.rendezvous.Rendezvous;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.Strategy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;

/** A caller where ports have to be guessed: what it says, and what it dials when. */
class CallTacticsTest {
  private static final NatProfile STEPS = Cast.hard(new PortAllocation.Sequential(1));
  private static final NatProfile RANDOM = Cast.hard(new PortAllocation.Random(1024, 65535));
  private static final String OUTSIDE = "203.0.113.7";
  private static final String SERVICE = CallBench.SERVICE_OUTSIDE;
  private static final Duration TURN = Duration.ofMillis(800);

  private final BurstGuard guard = new BurstGuard();
  private CallBench bench = new CallBench(guard);

  @Test
  void behindAHardNatInSteps_aSampleIsTakenBeforeTheKnock_andTheNextPortsAreOpenedWithIt() {
    behind(steps());
    Bench<CallEvent, CallEffect>.Step found = found(NatProfile.unknown());
    assertThat(found.text()).isEqualTo("Sample Dial");
    Bench<CallEvent, CallEffect>.Step sampled = bench.on(Cast.sampled(OUTSIDE + ":7000"));
    assertThat(bench.opened(10).knock().strategy()).isEqualTo(new Strategy.Predicted(7000, 2, 64));
    assertThat(bench.opened(10).knock().candidates().getFirst())
        .as("where our ports stand, and not where they stood")
        .isEqualTo(Cast.candidate("reflexive " + OUTSIDE + ":7000"));
    assertThat(sampled.all(SocketEffect.Dial.class))
        .filteredOn(dial -> dial.localPort() == 0)
        .hasSize(4)
        .allMatch(dial -> dial.remote().equals(Endpoint.parse(SERVICE)));
    assertThat(sampled.one(CallEffect.WatchReplies.class).pace()).isEqualTo(Rendezvous.Pace.FAST);
  }

  @Test
  void behindAHardNat_aServiceThatHasMoved_isKnockedAtAnew_andNobodyDialsTheOldPlaceAnyMore() {
    behind(steps());
    found(NatProfile.unknown());
    bench.on(Cast.sampled(OUTSIDE + ":7000"));
    bench.on(bench.reply(Reply.Outcome.ACCEPTED, Duration.ZERO, "reflexive 198.51.100.9:33333"));
    Bench<CallEvent, CallEffect>.Step again = bench.pass(Duration.ofMillis(300));
    assertThat(again.all(CallEffect.Sample.class)).hasSize(1);
    Bench<CallEvent, CallEffect>.Step sampled = bench.on(Cast.sampled(OUTSIDE + ":7100"));
    assertThat(bench.opened(10).knock().strategy()).isEqualTo(new Strategy.Predicted(7100, 2, 64));
    assertThat(sampled.all(SocketEffect.Dial.class))
        .filteredOn(dial -> dial.localPort() == 0)
        .hasSize(4)
        .allMatch(dial -> dial.remote().equals(at("198.51.100.9:33333")));
    assertThat(bench.pass(Duration.ofSeconds(3)).dialled()).doesNotContain(at(SERVICE));
  }

  @Test
  void withoutASample_theKnockGoesOutPlain() {
    behind(steps());
    assertThat(found(NatProfile.unknown()).all(CallEffect.Knock.class)).isEmpty();
    assertThat(bench.pass(Duration.ofMillis(1999)).all(CallEffect.Knock.class)).isEmpty();
    bench.pass(Duration.ofMillis(1));
    assertThat(bench.opened(10).knock().strategy()).isEqualTo(new Strategy.SimultaneousOpen());
    int dials = dials().size();
    bench.on(Cast.sampled(OUTSIDE + ":7000"));
    assertThat(dials()).as("a sample that comes too late").hasSize(dials);
  }

  @Test
  void aSampleThatWasLost_isTakenAgain_twice() {
    behind(steps());
    found(NatProfile.unknown());
    assertThat(bench.on(new DiscoveryEvent.Sampled(null)).text()).isEqualTo("Sample");
    assertThat(bench.on(new DiscoveryEvent.Sampled(null)).text()).isEqualTo("Sample");
    assertThat(bench.on(new DiscoveryEvent.Sampled(null)).all(CallEffect.Knock.class)).hasSize(1);
    assertThat(bench.opened(10).knock().strategy()).isEqualTo(new Strategy.SimultaneousOpen());
  }

  @Test
  void aServiceInSteps_isDialledWhereItSaysItWillBe() {
    bench.looking();
    found(STEPS);
    assertThat(bench.opened(10).knock().strategy()).isEqualTo(new Strategy.SimultaneousOpen());
    Bench<CallEvent, CallEffect>.Step step =
        bench.on(
            countered(new Strategy.Predicted(9000, 1, 64), STEPS, "reflexive 198.51.100.9:9000"));
    List<SocketEffect.Dial> next =
        step.all(SocketEffect.Dial.class).stream()
            .filter(dial -> dial.remote().port() > 9000)
            .toList();
    assertThat(next).hasSize(4).allMatch(dial -> dial.localPort() == 4000);
    assertThat(next.getFirst().remote()).isEqualTo(Endpoint.parse("198.51.100.9:9001"));
    bench.pass(Duration.ofMillis(500));
    assertThat(dials()).filteredOn(dial -> dial.remote().port() >= 9000).hasSize(12);
    assertThat(dials())
        .as("the port that was looked at leads to whom it was looked at by")
        .noneMatch(dial -> dial.remote().port() == 9000);
    bench.pass(Duration.ofMillis(1200));
    assertThat(dials()).anyMatch(dial -> dial.remote().port() == 9064);
    bench.on(countered(new Strategy.Predicted(9900, 1, 64), STEPS, "reflexive 198.51.100.9:9900"));
    assertThat(dials())
        .as("a service counters once")
        .noneMatch(dial -> dial.remote().port() > 9900);
  }

  @Test
  void bothInSteps_theSecondSampleSaysHowFarOurPortsHaveMoved() {
    behind(steps());
    found(STEPS);
    bench.on(Cast.sampled(OUTSIDE + ":7000"));
    assertThat(dials()).as("they would move our ports").noneMatch(dial -> dial.localPort() == 0);
    Bench<CallEvent, CallEffect>.Step step =
        bench.on(
            countered(new Strategy.Predicted(9000, 1, 64), STEPS, "reflexive 198.51.100.9:9000"));
    assertThat(step.text()).startsWith("Sample");
    Bench<CallEvent, CallEffect>.Step sampled = bench.on(Cast.sampled(OUTSIDE + ":7006"));
    assertThat(sampled.all(SocketEffect.Dial.class).getFirst())
        .as("our next port is the fourth that the service has dialled")
        .matches(d -> d.localPort() == 0 && d.remote().equals(at("198.51.100.9:9004")));
  }

  @Test
  void aBirthday_isProposed_andBeginsWhenTheServiceAnswers() {
    bench.looking();
    found(RANDOM);
    Strategy proposed = bench.opened(10).knock().strategy();
    assertThat(proposed).isEqualTo(new Strategy.Birthday(false, 2048, 512, 1024, 65535));
    assertThat(guesses()).isEmpty();
    bench.on(
        bench.reply(
            Reply.Outcome.ACCEPTED,
            proposed,
            RANDOM,
            Duration.ZERO,
            bench.now(),
            "reflexive " + SERVICE));
    bench.pass(Duration.ofSeconds(2));
    assertThat(guesses()).hasSize(512).allMatch(dial -> dial.localPort() == 4000);
  }

  @Test
  void withoutAnAnswer_aBirthdayBeginsASecondAfterTheKnockWasDelivered() {
    bench.looking();
    found(RANDOM);
    bench.on(new CallEvent.KnockDelivered(bench.nonce(), 8, 8));
    bench.pass(Duration.ofMillis(999));
    assertThat(guesses()).isEmpty();
    bench.pass(Duration.ofMillis(500));
    assertThat(guesses()).isNotEmpty();
  }

  @Test
  void aServiceThatKnowsBetter_stopsABirthday() {
    bench.looking();
    found(RANDOM);
    bench.on(countered(new Strategy.SimultaneousOpen(), RANDOM, "reflexive " + SERVICE));
    bench.on(new CallEvent.KnockDelivered(bench.nonce(), 8, 8));
    bench.pass(Duration.ofSeconds(3));
    assertThat(guesses()).isEmpty();
  }

  @Test
  void whatWeLearnOfOurNat_afterTheKnock_isToldInAnother() {
    bench.looking();
    found(NatProfile.unknown());
    behind(random());
    Bench<CallEvent, CallEffect>.Step knock = bench.pass(Duration.ofMillis(200));
    assertThat(knock.all(CallEffect.Knock.class)).hasSize(1);
    assertThat(bench.opened(10).knock().strategy()).isInstanceOf(Strategy.Birthday.class);
  }

  @Test
  void chanceOnBothSides_isGivenUpSoon_withTheReason() {
    behind(random());
    found(RANDOM);
    assertThat(bench.opened(10).knock().strategy()).isEqualTo(new Strategy.SimultaneousOpen());
    Bench<CallEvent, CallEffect>.Step end = bench.pass(Duration.ofSeconds(6));
    Failure failure = CallBench.failure(end);
    assertThat(failure.kind()).isEqualTo(Failure.Kind.NO_RUNG);
    assertThat(failure.tactic().kind()).isEqualTo(Tactic.Kind.IMPOSSIBLE);
    assertThat(bench.elapsed()).isLessThan(Duration.ofSeconds(10));
    assertThat(guesses()).as("no port is guessed").isEmpty();
  }

  @Test
  void anothersBirthday_isWaitedFor() {
    guard.ask("another call", List.of(), Cast.NOON);
    bench.looking();
    assertThat(found(RANDOM).all(CallEffect.Knock.class)).isEmpty();
    assertThat(bench.pass(TURN).all(CallEffect.Knock.class)).isEmpty();
    guard.done("another call");
    assertThat(bench.pass(TURN).all(CallEffect.Knock.class)).hasSize(1);
  }

  @Test
  void aBirthdayThatTheServiceAsksFor_isDialledOnlyWithLeave() {
    bench.looking();
    found(NatProfile.unknown());
    guard.ask("another call", List.of(), bench.now());
    Strategy asked = new Strategy.Birthday(false, 2048, 512, 1024, 65535);
    bench.on(countered(asked, RANDOM, "reflexive " + SERVICE));
    bench.pass(Duration.ofMillis(100));
    assertThat(guesses()).as("one birthday at a time in a process").isEmpty();
    guard.done("another call");
    bench.on(countered(asked, RANDOM, "reflexive " + SERVICE));
    bench.pass(Duration.ofMillis(100));
    assertThat(guesses()).isNotEmpty();
    assertThat(guard.ask("another call", List.of(), bench.now())).isNotNull();
  }

  @Test
  void aBirthdayThatTheServiceIsNotSureOf_beginsASecondLater_asItsOwnDoes() {
    bench.looking();
    found(NatProfile.unknown());
    NatProfile guessed =
        new NatProfile(
            Finding.of(Behavior.ADDRESS_AND_PORT_DEPENDENT, 40),
            Finding.unknown(),
            Finding.unknown(),
            Finding.unknown(),
            Finding.unknown(),
            Finding.unknown(),
            false,
            false);
    bench.on(
        countered(
            new Strategy.Birthday(false, 2048, 512, 1024, 65535), guessed, "reflexive " + SERVICE));
    bench.pass(Duration.ofMillis(150));
    assertThat(guesses()).isEmpty();
    bench.pass(Duration.ofMillis(900));
    assertThat(guesses()).isNotEmpty();
  }

  @Test
  void atTheEnd_anothersBirthdayMayBegin() {
    bench.looking();
    found(RANDOM);
    assertThat(guard.ask("another call", List.of(), bench.now())).isNotNull();
    bench.on(new CallEvent.Cancelled());
    assertThat(guard.ask("another call", List.of(), bench.now())).isNull();
  }

  @Test
  void whatIsTried_isToldOnce_andAgainWhenItTurnsOutOtherwise() {
    bench.looking();
    found(RANDOM);
    Progress birthday = tried(Tactic.Kind.BIRTHDAY, false, true, 4);
    assertThat(told()).containsExactly(birthday);
    bench.pass(Duration.ofSeconds(5)); // knocked once more
    bench.on(accepted(RANDOM));
    assertThat(told()).containsExactly(birthday);
    bench.on(accepted(NatProfile.unknown()));
    assertThat(told()).last().isEqualTo(tried(Tactic.Kind.OPEN, false, false, 1));
  }

  @Test
  void chanceOnBothSides_isToldAtTheKnock() {
    behind(random());
    found(RANDOM);
    assertThat(told()).containsExactly(tried(Tactic.Kind.IMPOSSIBLE, true, true, 7));
  }

  @Test
  void withoutTheRungExternal_noPortIsGuessed() {
    bench = new CallBench(LadderPolicy.DEFAULT.withOrder(List.of(Rung.DIRECT)));
    bench.looking();
    found(RANDOM);
    assertThat(bench.opened(10).knock().strategy()).isEqualTo(new Strategy.SimultaneousOpen());
    Strategy birthday = new Strategy.Birthday(false, 2048, 512, 1024, 65535);
    bench.on(countered(birthday, RANDOM, "reflexive " + SERVICE));
    bench.pass(Duration.ofSeconds(2));
    assertThat(guesses()).isEmpty();
    assertThat(told()).isEmpty();
  }

  @Test
  void withTurns_chanceOnBothSidesIsNotGivenUp_beforeEachRungHadItsOwn() {
    bench = new CallBench(LadderPolicy.DEFAULT.withTurns(Duration.ofSeconds(5)));
    behind(random());
    found(RANDOM);
    bench.pass(Duration.ofSeconds(12));
    assertThat(bench.isOver()).isFalse();
    assertThat(bench.told()).contains(new Progress.RungStarted(Rung.DIRECT, List.of(at(SERVICE))));
    Bench<CallEvent, CallEffect>.Step end = bench.pass(Duration.ofSeconds(4));
    assertThat(CallBench.failure(end).tactic().kind()).isEqualTo(Tactic.Kind.IMPOSSIBLE);
  }

  @Test
  void behindOneRouter_nothingIsGuessed() {
    behind(random());
    bench.pass(CallBench.FOUND_AFTER);
    bench.found(Cast.record(10, bench.now(), RANDOM, "reflexive " + OUTSIDE + ":61000"));
    assertThat(bench.opened(10).knock().strategy()).isEqualTo(new Strategy.SimultaneousOpen());
    bench.pass(Duration.ofSeconds(7));
    assertThat(bench.isOver()).isFalse();
  }

  /** Started, and this NAT has been looked at. */
  private void behind(IntSupplier ports) {
    if (bench.all().isEmpty()) {
      bench.start();
      bench.on(new DiscoveryEvent.Joined(8, Duration.ofMillis(50)));
      bench.on(Cast.listed("192.168.1.2"));
    }
    bench.on(new DiscoveryEvent.Surveyed());
    Cast.looks(Cast.CALLER_PORTS, OUTSIDE, ports).forEach(bench::on);
  }

  private Bench<CallEvent, CallEffect>.Step found(NatProfile service) {
    bench.pass(CallBench.FOUND_AFTER);
    return bench.found(Cast.record(10, bench.now(), service, "reflexive " + SERVICE));
  }

  private CallEvent.ReplyArrived countered(
      Strategy strategy, NatProfile profile, String... candidates) {
    return bench.reply(
        Reply.Outcome.COUNTERED, strategy, profile, Duration.ZERO, bench.now(), candidates);
  }

  private CallEvent.ReplyArrived accepted(NatProfile profile) {
    return bench.reply(
        Reply.Outcome.ACCEPTED,
        new Strategy.SimultaneousOpen(),
        profile,
        Duration.ZERO,
        bench.now(),
        "reflexive " + SERVICE);
  }

  private List<Progress> told() {
    return bench.told().stream().filter(Progress.Tried.class::isInstance).toList();
  }

  private static Progress tried(Tactic.Kind kind, boolean caller, boolean service, int rule) {
    return new Progress.Tried(new Tactic(kind, caller, service, rule, true), null);
  }

  private List<SocketEffect.Dial> dials() {
    return bench.all().stream()
        .filter(SocketEffect.Dial.class::isInstance)
        .map(SocketEffect.Dial.class::cast)
        .toList();
  }

  /** Dials to what nobody named. */
  private List<SocketEffect.Dial> guesses() {
    return dials().stream().filter(d -> !d.remote().equals(at(SERVICE))).toList();
  }

  private static Endpoint at(String text) {
    return Endpoint.parse(text);
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
