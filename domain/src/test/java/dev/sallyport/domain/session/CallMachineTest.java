package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.Reply;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CallMachineTest {
  private static final LocalDate TODAY = Cast.day(Cast.NOON);

  /** The table of the machine's Javadoc: what an event brings in each state. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "new       | start                | Discover Lookup",
        "new       | accepted             | Close",
        "new       | cancelled            | Finish",
        "looking   | accepted             | Close",
        "looking   | record               | ''",
        "looking   | lookup ended         | ''",
        "looking   | lookup failed        | ''",
        "looking   | join failed          | ''",
        "looking   | cancelled            | Finish",
        "preparing | accepted             | Close",
        "preparing | surveyed             | Knock WatchReplies Dial",
        "preparing | record               | ''",
        "preparing | restarted            | ''",
        "preparing | cancelled            | Finish",
        "calling   | accepted             | Secure",
        "calling   | dialled              | Secure",
        "calling   | dial failed          | ''",
        "calling   | record               | ''",
        "calling   | restarted            | Abort Knock WatchReplies Dial",
        "calling   | moved                | Dial",
        "calling   | reply accepted       | ''",
        "calling   | reply moved          | Dial",
        "calling   | reply busy           | Abort",
        "calling   | reply refused        | Abort Finish",
        "calling   | knock delivered      | ''",
        "calling   | knock failed         | ''",
        "calling   | cancelled            | Abort Finish",
        "queued    | accepted             | Secure",
        "queued    | record               | ''",
        "queued    | moved                | ''",
        "queued    | restarted            | Knock WatchReplies Dial",
        "queued    | reply accepted       | ''",
        "queued    | cancelled            | Finish",
        "over      | accepted             | Close",
        "over      | dialled              | Close",
        "over      | dial failed          | ''",
        "over      | record               | ''",
        "over      | restarted            | ''",
        "over      | lookup ended         | ''",
        "over      | lookup failed        | ''",
        "over      | join failed          | ''",
        "over      | surveyed             | ''",
        "over      | knock failed         | ''",
        "over      | reply busy           | ''",
        "over      | reply refused        | ''",
        "over      | cancelled            | ''",
      })
  void transitions(String state, String event, String effects) {
    CallBench bench = new CallBench();
    switch (state) {
      case "new" -> {}
      case "looking" -> bench.looking();
      case "preparing" -> bench.preparing();
      case "calling" -> bench.calling();
      case "queued" -> bench.queued();
      default -> bench.over();
    }
    // Long enough for a record that is issued now to be newer than the one before.
    bench.stall(Duration.ofMillis(2));
    var step =
        switch (event) {
          case "start" -> bench.start();
          case "accepted" -> bench.on(bench.accepted("198.51.100.9:8765"));
          case "dialled" -> bench.on(bench.through(bench.dialTo("198.51.100.9:8765")));
          case "dial failed" ->
              bench.on(bench.failed(bench.dialTo("198.51.100.9:8765"), DialFailure.TUPLE_IN_USE));
          case "record" -> bench.on(bench.arrives(bench.record(10)));
          case "restarted" -> bench.on(bench.arrives(bench.record(20)));
          case "moved" ->
              bench.on(bench.arrives(Cast.record(10, bench.now(), "reflexive 198.51.100.10:1")));
          case "lookup ended" -> bench.on(new CallEvent.LookupEnded(TODAY));
          case "lookup failed" ->
              bench.on(new CallEvent.LookupFailed(TODAY, Reason.UNREACHABLE, "nobody"));
          case "join failed" -> bench.on(new DiscoveryEvent.JoinFailed("nobody"));
          case "surveyed" -> bench.on(new DiscoveryEvent.Surveyed());
          case "reply accepted" ->
              bench.on(
                  bench.reply(
                      Reply.Outcome.ACCEPTED, Duration.ZERO, "reflexive 198.51.100.9:8765"));
          case "reply moved" ->
              bench.on(
                  bench.reply(Reply.Outcome.ACCEPTED, Duration.ZERO, "reflexive 198.51.100.9:9"));
          case "reply busy" -> bench.on(bench.reply(Reply.Outcome.BUSY, Duration.ofSeconds(1)));
          case "reply refused" -> bench.on(bench.reply(Reply.Outcome.REFUSED, Duration.ZERO));
          case "knock delivered" -> bench.on(new CallEvent.KnockDelivered(bench.nonce(), 8, 8));
          case "knock failed" -> bench.on(new CallEvent.KnockFailed(bench.nonce(), "full"));
          case "cancelled" -> bench.on(new CallEvent.Cancelled());
          default -> throw new AssertionError(event);
        };
    assertThat(step.text()).isEqualTo(effects);
  }

  // Finding the service.

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

  // Knocking.

  @Test
  void theKnockSaysWhereWeAre_andIsRepeatedUntilTheCallIsOver() {
    CallBench bench = new CallBench().calling();
    assertThat(bench.opened(10).knock().candidates())
        .containsExactly(
            Cast.candidate("reflexive 203.0.113.7:4000"),
            Cast.candidate("reflexive 203.0.113.7:4001"),
            Cast.candidate("host 192.168.1.2:4000"));
    SealedItem first = bench.lastKnock().item();
    var later = bench.pass(Duration.ofSeconds(5));
    assertThat(later.one(CallEffect.Knock.class).item()).isEqualTo(first);
    assertThat(later.all(CallEffect.Lookup.class)).hasSize(1);
  }

  @Test
  void aKnockThatCouldNotBeLeft_isLeftAgainAfterASecond() {
    CallBench bench = new CallBench().calling();
    bench.on(new CallEvent.KnockFailed(bench.nonce(), "the mailbox is full"));
    assertThat(bench.pass(Duration.ofMillis(999)).all(CallEffect.Knock.class)).isEmpty();
    assertThat(bench.pass(Duration.ofMillis(1)).all(CallEffect.Knock.class)).hasSize(1);
  }

  @Test
  void theCallLasts15sAfterTheKnockWasDelivered_onceAndNotLonger() {
    CallBench bench = new CallBench().calling();
    bench.pass(Duration.ofSeconds(4));
    bench.on(new CallEvent.KnockDelivered(bench.nonce(), 8, 8));
    bench.pass(Duration.ofSeconds(6));
    bench.on(new CallEvent.KnockDelivered(bench.nonce(), 8, 8));
    bench.pass(Duration.ofMillis(8999));
    assertThat(bench.isOver()).isFalse();
    assertThat(failure(bench.pass(Duration.ofMillis(1))).kind()).isEqualTo(Failure.Kind.NO_RUNG);
  }

  @Test
  void nobodyDelivers_theCallIsOver15sAfterTheKnock() {
    CallBench bench = new CallBench().calling();
    Failure failure = failure(bench.pass(Duration.ofSeconds(15)));
    assertThat(failure.kind()).isEqualTo(Failure.Kind.NO_RUNG);
    assertThat(failure.answered()).isFalse();
    assertThat(failure.lastSeen()).isEqualTo(Cast.NOON.plus(CallBench.FOUND_AFTER));
    assertThat(failure.rungs()).hasSize(2);
  }

  @Test
  void aTimeoutBelowTheBudgetWins() {
    CallBench bench = new CallBench(Duration.ofSeconds(3)).calling();
    assertThat(failure(bench.pass(Duration.ofMillis(2900))).kind()).isEqualTo(Failure.Kind.NO_RUNG);
  }

  @Test
  void stunAnswersAfterTheKnock_andDiffersFromTheGuess_theServiceIsTold() {
    CallBench bench = new CallBench().preparing();
    bench.pass(Duration.ofMillis(1400));
    CallNonce guessed = bench.nonce();
    bench.on(Cast.seen(4000, "203.0.113.7:61000"));
    bench.on(Cast.seen(4001, "203.0.113.7:61001"));
    int dialling = bench.dialling();
    var step = bench.pass(Duration.ofMillis(200));
    assertThat(step.text()).isEqualTo("Knock WatchReplies");
    assertThat(bench.nonce()).isNotEqualTo(guessed);
    assertThat(bench.opened(10).knock().candidates())
        .contains(Cast.candidate("reflexive 203.0.113.7:61000"));
    assertThat(bench.dialling()).as("what was under way goes on").isEqualTo(dialling);
  }

  @Test
  void onlyTheDhtSeesUs_andOnlyAfterTheKnock_theServiceIsTold() {
    CallBench bench = new CallBench().preparing();
    bench.on(new DiscoveryEvent.Surveyed());
    assertThat(bench.opened(10).knock().candidates())
        .containsExactly(Cast.candidate("host 192.168.1.2:4000"));
    bench.on(Cast.seenByDht("203.0.113.7"));
    bench.pass(Duration.ofMillis(200));
    assertThat(bench.opened(10).knock().candidates())
        .contains(Cast.candidate("reflexive 203.0.113.7:4000"));
  }

  @Test
  void stunAnswersAfterTheKnock_asGuessed_nobodyIsBothered() {
    CallBench bench = new CallBench();
    bench.start();
    bench.on(Cast.listed("192.168.1.2"));
    bench.on(Cast.seen(4000, "203.0.113.7:4000"));
    bench.found(bench.record(10));
    bench.pass(Duration.ofMillis(1500));
    bench.on(Cast.seen(4001, "203.0.113.7:4001"));
    assertThat(bench.pass(Duration.ofMillis(300)).text()).doesNotContain("Knock");
  }

  @Test
  void aSymmetricNatThatShowsEveryObserverAnotherPort_doesNotMakeUsKnockForEver() {
    CallBench bench = new CallBench().calling();
    for (int i = 0; i < 20; i++) {
      bench.on(Cast.seen(4000, "203.0.113.7:" + (50_000 + i)));
      assertThat(bench.pass(Duration.ofMillis(210)).text()).doesNotContain("Knock");
    }
  }

  // Replies and newer records.

  @Test
  void whoeverWritesRubbishIntoTheReplyMailbox_changesNothing() {
    CallBench bench = new CallBench().calling();
    assertThat(
            bench.on(new CallEvent.ReplyArrived(bench.nonce(), SealedItem.of(new byte[60]))).text())
        .isEmpty();
  }

  @Test
  void ofSeveralReplies_theLatestCounts() {
    CallBench bench = new CallBench().calling();
    bench.on(
        bench.reply(
            Reply.Outcome.ACCEPTED, Duration.ZERO, bench.now(), "reflexive 198.51.100.9:8765"));
    var older =
        bench.on(
            bench.reply(Reply.Outcome.BUSY, Duration.ofSeconds(1), bench.now().minusMillis(1)));
    assertThat(older.text()).isEmpty();
  }

  @Test
  void aServiceThatMovesAllTheTime_cannotHaveUsDialWithoutBounds() {
    CallBench bench = new CallBench().calling();
    for (int i = 0; i < 100; i++) {
      bench.stall(Duration.ofMillis(2));
      bench.on(
          bench.reply(Reply.Outcome.ACCEPTED, Duration.ZERO, "reflexive 198.51.100.9:" + (1 + i)));
      bench.on(bench.arrives(Cast.record(10, bench.now(), "reflexive 198.51.100.8:" + (1 + i))));
    }
    assertThat(bench.dialling()).isLessThan(40);
  }

  @Test
  void busy_weComeBackWhenItIsOurTurn_notAllAtTheSameMoment() {
    CallBench bench = new CallBench().calling();
    CallNonce nonce = bench.nonce();
    bench.on(bench.reply(Reply.Outcome.BUSY, Duration.ofSeconds(4)));
    assertThat(bench.pass(Duration.ofSeconds(4)).all(CallEffect.Knock.class)).isEmpty();
    var turn = bench.pass(Duration.ofSeconds(1));
    assertThat(turn.all(CallEffect.Knock.class)).hasSize(1);
    assertThat(turn.dialled()).isNotEmpty();
    assertThat(bench.nonce()).isNotEqualTo(nonce);
  }

  @Test
  void busyWithoutAPause_isNoInvitationToABusyLoop() {
    CallBench bench = new CallBench().calling();
    int knocks = 0;
    for (int i = 0; i < 10; i++) {
      bench.on(bench.reply(Reply.Outcome.BUSY, Duration.ZERO));
      knocks += bench.pass(Duration.ofMillis(499)).all(CallEffect.Knock.class).size();
      bench.pass(Duration.ofMillis(200));
    }
    assertThat(knocks).isZero();
  }

  @Test
  void busyUntilTheTimeIsOver_isARefusal() {
    CallBench bench = new CallBench().queued();
    bench.on(bench.reply(Reply.Outcome.BUSY, Duration.ofMinutes(30)));
    for (int i = 0; i < 10 && !bench.isOver(); i++) {
      var step = bench.pass(Duration.ofSeconds(4));
      if (bench.isOver()) {
        assertThat(failure(step).kind()).isEqualTo(Failure.Kind.REFUSED);
        assertThat(failure(step).answered()).isTrue();
        assertThat(failure(step).rungs()).as("what was tried before").isNotEmpty();
        return;
      }
      bench.on(bench.reply(Reply.Outcome.BUSY, Duration.ofMinutes(30)));
    }
    throw new AssertionError("still waiting after " + bench.elapsed());
  }

  @Test
  void aRestartedServiceIsKnockedAtAnew_andItsOldSocketsAreClosed() {
    CallBench bench = new CallBench().calling();
    SocketId old = bench.dialTo(CallBench.SERVICE_OUTSIDE);
    bench.on(bench.through(old));
    bench.pass(Duration.ofSeconds(1));
    var step = bench.on(bench.arrives(bench.record(20)));
    assertThat(step.text()).isEqualTo("Close Abort Knock WatchReplies Dial");
    assertThat(bench.opened(20).knock().nonce()).isEqualTo(bench.nonce());
    assertThat(bench.on(bench.broken(old, LinkException.Reason.WRONG_PEER)).text()).isEmpty();
    Failure failure = failure(bench.pass(Duration.ofSeconds(15)));
    assertThat(failure.kind()).as("the old run was no impostor").isEqualTo(Failure.Kind.NO_RUNG);
  }

  // Securing and nominating.

  @Test
  void theLinkIsUp_theOthersAreClosed_andNothingElseFollows() {
    CallBench bench = new CallBench().calling();
    SocketId first = bench.accepted("198.51.100.9:8765").id();
    bench.on(new SocketEvent.Accepted(first, ANY, ANY));
    SocketEvent.Accepted second = bench.accepted("198.51.100.9:8766");
    bench.on(second);
    CallEffect.Greet greet = bench.on(new CallEvent.Secured(first)).one(CallEffect.Greet.class);
    assertThat(greet.id()).isEqualTo(first);
    assertThat(greet.nonce()).isEqualTo(bench.nonce());
    var done = bench.on(new SocketEvent.LinkReady(first));
    assertThat(done.text()).isEqualTo("Abort Close Finish");
    assertThat(done.one(CallEffect.Finish.class).outcome())
        .isEqualTo(new CallOutcome.Linked(first));
    assertThat(bench.up()).containsExactly(first);
    assertThat(bench.on(bench.broken(second.id(), LinkException.Reason.BROKEN)).text()).isEmpty();
    assertThat(bench.pass(Duration.ofMinutes(1)).text()).isEmpty();
  }

  @Test
  void aDialThatGetsThroughInTheSameMoment_isClosed() {
    CallBench bench = new CallBench().calling();
    SocketId late = bench.dialTo(CallBench.SERVICE_OUTSIDE);
    SocketId winner = up(bench, "198.51.100.9:1");
    bench.on(new CallEvent.Secured(winner));
    bench.on(new SocketEvent.LinkReady(winner));
    assertThat(bench.on(bench.through(late)).text()).isEqualTo("Close");
    assertThat(bench.on(bench.accepted("198.51.100.9:2")).text()).isEqualTo("Close");
    assertThat(bench.up()).containsExactly(winner);
  }

  @Test
  void atMostFourAreSecuredAtOnce_atMostSixteenAreHeld() {
    CallBench bench = new CallBench().calling();
    int secures = 0;
    int closes = 0;
    for (int i = 0; i < 30; i++) {
      var step = bench.on(bench.accepted("198.51.100.9:" + (1000 + i)));
      secures += step.all(CallEffect.Secure.class).size();
      closes += step.all(SocketEffect.Close.class).size();
    }
    assertThat(secures).isEqualTo(4);
    assertThat(closes).isEqualTo(14);
    assertThat(bench.up()).hasSize(16);
  }

  @Test
  void aDialledSocketThatFindsNoRoom_isDialledAgainLater() {
    CallBench bench = new CallBench().calling();
    for (int i = 0; i < 16; i++) {
      bench.on(bench.accepted("198.51.100.9:" + (1000 + i)));
    }
    assertThat(bench.on(bench.through(bench.dialTo(CallBench.SERVICE_OUTSIDE))).text())
        .isEqualTo("Close");
    assertThat(bench.pass(Duration.ofMillis(110)).dialled())
        .contains(Endpoint.parse(CallBench.SERVICE_OUTSIDE));
  }

  @Test
  void aFailedHandshakeMakesRoomForTheNext_andItsPairIsDialledAgain() {
    CallBench bench = new CallBench().calling();
    SocketId dialled = bench.dialTo(CallBench.SERVICE_OUTSIDE);
    bench.on(bench.through(dialled));
    for (int i = 0; i < 4; i++) {
      bench.on(bench.accepted("198.51.100.9:" + (1000 + i)));
    }
    var step = bench.on(bench.broken(dialled, LinkException.Reason.BROKEN));
    assertThat(step.all(CallEffect.Secure.class)).hasSize(1);
    assertThat(bench.pass(Duration.ofMillis(110)).dialled())
        .contains(Endpoint.parse(CallBench.SERVICE_OUTSIDE));
  }

  @Test
  void onlyOneHelloIsOutAtATime_andTheNextWaitsForItsFate() {
    CallBench bench = new CallBench().calling();
    SocketId first = up(bench, "198.51.100.9:1");
    SocketId second = up(bench, "198.51.100.9:2");
    assertThat(bench.on(new CallEvent.Secured(first)).text()).isEqualTo("Greet");
    assertThat(bench.on(new CallEvent.Secured(second)).text()).isEmpty();
    var moved = bench.on(bench.broken(first, LinkException.Reason.BROKEN));
    assertThat(moved.one(CallEffect.Greet.class).id()).isEqualTo(second);
  }

  @Test
  void aWelcomeThatNeverComes_isNotWaitedForIfAnotherSocketIsThere() {
    CallBench bench = new CallBench().calling();
    SocketId first = up(bench, "198.51.100.9:1");
    SocketId second = up(bench, "198.51.100.9:2");
    bench.stall(Duration.ofMillis(60)); // a round trip
    bench.on(new CallEvent.Secured(first));
    bench.on(new CallEvent.Secured(second));
    assertThat(bench.pass(Duration.ofMillis(419)).text()).isEqualTo("Dial");
    var step = bench.pass(Duration.ofMillis(1));
    assertThat(step.text()).as("closed before the next HELLO").isEqualTo("Close Greet");
    assertThat(step.one(SocketEffect.Close.class).id()).isEqualTo(first);
    assertThat(step.one(CallEffect.Greet.class).id()).isEqualTo(second);
    // WELCOME on the first comes after all, in the moment it was closed: too late.
    assertThat(bench.on(new SocketEvent.LinkReady(first)).text()).isEqualTo("Close");
    bench.on(new SocketEvent.LinkReady(second));
    assertThat(bench.up()).containsExactly(second);
  }

  @Test
  void aWelcomeThatNeverComes_isWaitedForIfThereIsNoOtherSocket_untilThereIsOne() {
    CallBench bench = new CallBench().calling();
    SocketId first = up(bench, "198.51.100.9:1");
    bench.on(new CallEvent.Secured(first));
    bench.pass(Duration.ofSeconds(2));
    assertThat(bench.up()).contains(first);
    SocketId second = up(bench, "198.51.100.9:2");
    assertThat(bench.on(new CallEvent.Secured(second)).text()).isEqualTo("Close Greet");
  }

  @Test
  void aCodeOfRefusalEndsTheCall_butForThoseThatPass() {
    CallBench already = new CallBench().calling();
    SocketId one = up(already, "198.51.100.9:1");
    already.on(new CallEvent.Secured(one));
    already.on(already.refused(one, RefusalCode.ALREADY_CONNECTED));
    SocketId two = up(already, "198.51.100.9:2");
    already.on(new CallEvent.Secured(two));
    already.on(already.refused(two, RefusalCode.BUSY));
    assertThat(already.isOver()).isFalse();

    CallBench notAllowed = new CallBench().calling();
    SocketId three = up(notAllowed, "198.51.100.9:3");
    notAllowed.on(new CallEvent.Secured(three));
    Failure failure = failure(notAllowed.on(notAllowed.refused(three, RefusalCode.NOT_ALLOWED)));
    assertThat(failure.kind()).isEqualTo(Failure.Kind.REFUSED);
    assertThat(failure.detail()).isEqualTo(RefusalCode.NOT_ALLOWED.words());
  }

  @Test
  void onlyImpostorsAnswer_theFailureSaysSo() {
    CallBench bench = new CallBench().calling();
    SocketId id = bench.dialTo(CallBench.SERVICE_OUTSIDE);
    bench.on(bench.through(id));
    bench.on(bench.broken(id, LinkException.Reason.WRONG_PEER));
    assertThat(failure(bench.pass(Duration.ofSeconds(15))).kind())
        .isEqualTo(Failure.Kind.WRONG_PEER);
  }

  @Test
  void cancelled_everythingIsClosed_theOneThatIsGreetedToo() {
    CallBench bench = new CallBench().calling();
    SocketId greeted = up(bench, "198.51.100.9:1");
    bench.on(new CallEvent.Secured(greeted));
    up(bench, "198.51.100.9:2");
    int dialling = bench.dialling();
    var step = bench.on(new CallEvent.Cancelled());
    assertThat(step.all(SocketEffect.Abort.class)).hasSize(dialling);
    assertThat(bench.up()).isEmpty();
    assertThat(step.one(CallEffect.Finish.class).outcome()).isEqualTo(new CallOutcome.Abandoned());
  }

  @Test
  void aLongWaitShowsLife() {
    CallBench bench = new CallBench().looking();
    assertThat(bench.pass(Duration.ofSeconds(7)).all(CallEffect.Report.class))
        .extracting(CallEffect.Report::progress)
        .filteredOn(Progress.Waiting.class::isInstance)
        .hasSize(2);
  }

  private static final Endpoint ANY = Endpoint.parse("198.51.100.9:8765");

  private static SocketId up(CallBench bench, String remote) {
    SocketEvent.Accepted accepted = bench.accepted(remote);
    bench.on(accepted);
    return accepted.id();
  }

  private static Failure failure(Bench<CallEvent, CallEffect>.Step step) {
    CallOutcome outcome = step.one(CallEffect.Finish.class).outcome();
    assertThat(outcome).isInstanceOf(CallOutcome.Failed.class);
    return ((CallOutcome.Failed) outcome).failure();
  }
}
