package dev.sallyport.domain.session;

import static dev.sallyport.domain.session.CallBench.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How a caller finds the service. */
class CallSearchTest {
  private static final LocalDate TODAY = Cast.day(Cast.NOON);

  @Test
  void recordFirst_thenStunAnswers_theKnockLeavesAtOnce() {
    CallBench bench = new CallBench().preparing();
    bench.on(Cast.seen(4000, "203.0.113.7:4000"));
    assertThat(bench.on(Cast.seen(4001, "203.0.113.7:4001")).text())
        .isEqualTo("Knock WatchReplies Dial");
    assertThat(bench.elapsed()).isEqualTo(CallBench.FOUND_AFTER);
  }

  @Test
  void noObserverAnswers_theKnockLeavesAfterAWhileAllTheSame() {
    CallBench bench = new CallBench().preparing();
    assertThat(bench.pass(Duration.ofMillis(1399)).text()).isEmpty();
    assertThat(bench.pass(Duration.ofMillis(1)).text()).isEqualTo("Knock WatchReplies Dial");
  }

  @Test
  void aSlowLookup_doesNotMakeUsWaitForObserversOnceMore() {
    CallBench bench = new CallBench();
    bench.start();
    bench.on(Cast.listed("192.168.1.2"));
    bench.pass(Duration.ofSeconds(4));
    bench.found(bench.record(10));
    assertThat(bench.pass(Duration.ofMillis(300)).text()).isEqualTo("Knock WatchReplies Dial");
  }

  @Test
  void aFirstRecordWaitsForANewerOne_untilTheLookupEndsOr150msPassed() {
    CallBench bench = new CallBench().looking();
    bench.on(
        bench.arrives(Cast.record(10, Cast.NOON.minusSeconds(60), "reflexive 198.51.100.1:1")));
    bench.pass(Duration.ofMillis(149));
    bench.on(bench.arrives(Cast.record(20, Cast.NOON, "reflexive 198.51.100.9:8765")));
    assertThat(bench.pass(Duration.ofMillis(1)).text()).isEqualTo("Knock WatchReplies Dial");
    assertThat(bench.opened(20).knock().recordIssuedAt()).isEqualTo(Cast.NOON);
  }

  @Test
  void anOlderRecordAfterwardsChangesNothing() {
    CallBench bench = new CallBench().calling();
    CallNonce nonce = bench.nonce();
    bench.on(bench.arrives(Cast.record(20, Cast.NOON.minusSeconds(60), "reflexive 1.2.3.4:5")));
    assertThat(bench.nonce()).isEqualTo(nonce);
  }

  @Test
  void connectFirst_serveLater_looksAgainEverySecondAndFindsIt() {
    CallBench bench = new CallBench().looking();
    List<Set<LocalDate>> asked = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      bench.on(new CallEvent.LookupEnded(TODAY));
      asked.add(
          bench.pass(Duration.ofSeconds(1)).all(CallEffect.Lookup.class).stream()
              .map(lookup -> lookup.keys().day())
              .collect(Collectors.toSet()));
    }
    assertThat(asked).allMatch(days -> days.equals(Set.of(TODAY)));
    bench.found(bench.record(10));
    assertThat(bench.lastKnock().nonce()).isNotNull();
    assertThat(bench.isOver()).isFalse();
  }

  @Test
  void soonAfterMidnight_yesterdayIsAskedToo_butTheKnockGoesToToday() {
    Instant night = Instant.parse("2026-11-22T01:00:00Z");
    Bench<CallEvent, CallEffect> bench =
        new Bench<>(
            new CallMachine(
                Cast.callSettings(CallBench.TIMEOUT), Cast.SEALER, new Random(1), night),
            night);
    LocalDate yesterday = TODAY.minusDays(1);
    assertThat(bench.start().one(CallEffect.Lookup.class).keys().day()).isEqualTo(TODAY);
    bench.on(Cast.listed("192.168.1.2"));
    bench.on(new DiscoveryEvent.Surveyed());
    bench.on(new CallEvent.LookupEnded(TODAY));
    assertThat(bench.pass(Duration.ofSeconds(1)).all(CallEffect.Lookup.class))
        .extracting(lookup -> lookup.keys().day())
        .containsExactly(TODAY, yesterday);
    bench.on(
        new CallEvent.RecordArrived(
            yesterday,
            Cast.seal(
                Cast.record(10, night.minusSeconds(3600), "reflexive 198.51.100.9:8765"),
                yesterday)));
    var step = bench.pass(Duration.ofMillis(150));
    DayKeys today = DayKeys.of(Cast.ID, TODAY, Cast.SEALER);
    assertThat(step.one(CallEffect.Knock.class).mailbox()).isEqualTo(today.mailbox());
  }

  @Test
  void aFailedLookupIsRepeated_andTheCallSucceedsInTheEnd() {
    CallBench bench = new CallBench();
    bench.start();
    bench.on(Cast.listed("192.168.1.2"));
    bench.on(new DiscoveryEvent.Surveyed());
    for (int i = 0; i < 5; i++) {
      bench.on(new CallEvent.LookupFailed(TODAY, Reason.UNREACHABLE, "nobody answers"));
      assertThat(bench.pass(Duration.ofSeconds(1)).text()).isEqualTo("Lookup");
    }
    bench.found(bench.record(10));
    assertThat(bench.dialling()).isPositive();
  }

  @Test
  void aRendezvousThatStaysSilent_endsTheCallAfter8s() {
    CallBench bench = new CallBench();
    bench.start();
    bench.on(Cast.listed("192.168.1.2"));
    bench.on(new CallEvent.LookupFailed(TODAY, Reason.UNREACHABLE, "tried a and b"));
    assertThat(failure(bench.pass(Duration.ofSeconds(8))))
        .isEqualTo(Failure.of(Failure.Kind.RENDEZVOUS_UNREACHABLE, "tried a and b"));
    assertThat(bench.elapsed()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void aRendezvousThatCannotBeJoined_endsTheCallAtOnce() {
    CallBench bench = new CallBench();
    bench.start();
    bench.on(Cast.listed("192.168.1.2"));
    assertThat(failure(bench.on(new DiscoveryEvent.JoinFailed("tried a and b"))).kind())
        .isEqualTo(Failure.Kind.RENDEZVOUS_UNREACHABLE);
  }

  @Test
  void withoutAnyNetwork_theCallSaysSo_whateverIsKnownFirst() {
    CallBench addressesFirst = new CallBench();
    addressesFirst.start();
    addressesFirst.on(Cast.listed());
    assertThat(failure(addressesFirst.on(new DiscoveryEvent.JoinFailed("unreachable"))).kind())
        .isEqualTo(Failure.Kind.LOCAL_PROBLEM);

    CallBench failureFirst = new CallBench();
    failureFirst.start();
    assertThat(failureFirst.on(new DiscoveryEvent.JoinFailed("unreachable")).text()).isEmpty();
    assertThat(failure(failureFirst.on(Cast.listed())).kind())
        .isEqualTo(Failure.Kind.LOCAL_PROBLEM);
  }

  @Test
  void anUnknownId_isNotFoundWhenTheTimeIsOver() {
    CallBench bench = new CallBench().looking();
    assertThat(failure(bench.pass(CallBench.TIMEOUT)).kind()).isEqualTo(Failure.Kind.NOT_FOUND);
  }

  @Test
  void whatIsNoRecordOfTheId_isToldOnceAndIgnored() {
    CallBench bench = new CallBench().looking();
    CallEvent rubbish = new CallEvent.RecordArrived(TODAY, SealedItem.of(new byte[100]));
    bench.on(rubbish);
    bench.on(rubbish);
    bench.on(new CallEvent.RecordArrived(TODAY.plusDays(3), SealedItem.of(new byte[100])));
    assertThat(bench.all().toString()).containsOnlyOnce("not valid");
    assertThat(bench.isOver()).isFalse();
  }

  @Test
  void whatIsNoRecord_isNothingToCallWith() {
    CallBench bench = new CallBench().looking();
    bench.on(new CallEvent.RecordArrived(TODAY, SealedItem.of(new byte[100])));
    bench.on(new CallEvent.RecordArrived(TODAY.plusDays(3), SealedItem.of(new byte[100])));
    assertThat(bench.pass(Duration.ofSeconds(1)).text()).isEmpty();
  }

  @Test
  void olderRecords_doNotKeepUsFromFollowingTheNextMove() {
    CallBench bench = new CallBench().calling();
    CallEvent older =
        bench.arrives(Cast.record(10, Cast.NOON.minusSeconds(60), "reflexive 198.51.100.1:1"));
    for (int i = 0; i < 20; i++) {
      assertThat(bench.on(older).text()).isEmpty();
    }
    bench.stall(Duration.ofMillis(2));
    var moved = bench.arrives(Cast.record(10, bench.now(), "reflexive 198.51.100.10:1"));
    assertThat(bench.on(moved).text()).isEqualTo("Dial");
  }

  @Test
  void observersAnswerBeforeOurPatienceEnds_theKnockLeavesOnce() {
    CallBench bench = new CallBench().preparing();
    assertThat(bench.on(new DiscoveryEvent.Surveyed()).text()).isEqualTo("Knock WatchReplies Dial");
    assertThat(bench.pass(Duration.ofSeconds(3)).all(CallEffect.Knock.class)).isEmpty();
  }

  @Test
  void aRecordThatComesAfterItsLookup_isNotLookedForAgain() {
    CallBench bench = new CallBench().looking();
    bench.on(new CallEvent.LookupEnded(TODAY));
    bench.pass(Duration.ofMillis(500));
    bench.on(bench.arrives(bench.record(10)));
    assertThat(bench.pass(Duration.ofMillis(150)).text()).isEqualTo("Knock WatchReplies Dial");
    assertThat(bench.pass(Duration.ofSeconds(4)).all(CallEffect.Lookup.class)).isEmpty();
  }

  @Test
  void aLookupThatFailsAfterTheRecordCame_isOverToo() {
    CallBench bench = new CallBench().looking();
    bench.on(bench.arrives(bench.record(10)));
    var failed = new CallEvent.LookupFailed(TODAY, Reason.UNREACHABLE, "some did not answer");
    assertThat(bench.on(failed).text()).isEqualTo("Knock WatchReplies Dial");
  }

  @Test
  void theLookupDuringACall_changesNothingWhenItEnds() {
    CallBench bench = new CallBench().calling();
    assertThat(bench.pass(Duration.ofSeconds(5)).all(CallEffect.Lookup.class)).hasSize(1);
    assertThat(bench.on(new CallEvent.LookupEnded(TODAY)).text()).isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(4)).text()).isEmpty();
  }

  @Test
  void ofTwoDays_theLaterAnswerCounts_beforeWeLookAgain() {
    Instant night = Instant.parse("2026-11-22T01:00:00Z");
    CallBench bench = new CallBench(CallBench.TIMEOUT, night);
    bench.looking();
    bench.on(new CallEvent.LookupEnded(TODAY));
    assertThat(bench.pass(Duration.ofSeconds(1)).all(CallEffect.Lookup.class)).hasSize(2);
    bench.on(new CallEvent.LookupEnded(TODAY));
    assertThat(bench.pass(Duration.ofSeconds(2)).text()).as("yesterday is still asked").isEmpty();
    bench.on(new CallEvent.LookupEnded(TODAY.minusDays(1)));
    assertThat(bench.pass(Duration.ofSeconds(1)).all(CallEffect.Lookup.class)).hasSize(2);
  }
}
