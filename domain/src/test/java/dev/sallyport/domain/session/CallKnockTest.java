package dev.sallyport.domain.session;

import static dev.sallyport.domain.session.CallBench.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How a caller knocks, and what it makes of replies and newer records. */
class CallKnockTest {
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
  void aPrivateAddressOfOursThatIsKnownLate_opensTheWayToANeighbour() {
    CallBench bench = new CallBench();
    bench.start();
    bench.on(Cast.listed("203.0.113.50"));
    bench.on(new DiscoveryEvent.Surveyed());
    bench.found(
        Cast.record(
            10, bench.now(), "reflexive " + CallBench.SERVICE_OUTSIDE, "host 192.168.1.50:8765"));
    Endpoint neighbour = Endpoint.parse("192.168.1.50:8765");
    assertThat(bench.pass(Duration.ofMillis(500)).dialled()).doesNotContain(neighbour);
    bench.on(Cast.listed("203.0.113.50", "192.168.1.2"));
    bench.on(Cast.seen(4000, "203.0.113.7:4000"));
    assertThat(bench.pass(Duration.ofMillis(500)).dialled()).contains(neighbour);
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

  @Test
  void theKnockIsLeftEveryFiveSeconds() {
    CallBench bench = new CallBench().calling();
    for (int i = 0; i < 2; i++) {
      assertThat(bench.pass(Duration.ofMillis(4999)).all(CallEffect.Knock.class)).isEmpty();
      assertThat(bench.pass(Duration.ofMillis(1)).all(CallEffect.Knock.class)).hasSize(1);
    }
  }

  @Test
  void ofManyReplies_theFirstEightCount() {
    assertThat(afterReplies(7).text()).as("the eighth").isEqualTo("Abort");
    assertThat(afterReplies(8).text()).as("the ninth").isEmpty();
  }

  @Test
  void whileQueued_theCallIsNotOver_howeverLongItTakes() {
    CallBench bench = new CallBench(Duration.ofMinutes(2)).calling();
    bench.on(bench.reply(Reply.Outcome.BUSY, Duration.ofSeconds(40)));
    assertThat(bench.pass(Duration.ofMillis(39_999)).text()).isEmpty();
    assertThat(bench.isOver()).isFalse();
    assertThat(bench.pass(Duration.ofSeconds(11)).all(CallEffect.Knock.class)).isNotEmpty();
  }

  @Test
  void aServiceThatRestartsWhileWeWait_isKnockedAtOnce_andNotOnceMoreWhenOurTurnComes() {
    CallBench bench = new CallBench().queued();
    bench.pass(Duration.ofSeconds(1));
    assertThat(bench.on(bench.arrives(bench.record(20))).text())
        .isEqualTo("Knock WatchReplies Dial");
    CallNonce nonce = bench.nonce();
    bench.pass(Duration.ofSeconds(6));
    assertThat(bench.nonce()).isEqualTo(nonce);
  }

  /** "Busy", after so many replies that change nothing. */
  private static Bench<CallEvent, CallEffect>.Step afterReplies(int count) {
    CallBench bench = new CallBench().calling();
    for (int i = 0; i < count; i++) {
      bench.on(bench.reply(Reply.Outcome.ACCEPTED, Duration.ZERO));
    }
    return bench.on(bench.reply(Reply.Outcome.BUSY, Duration.ofSeconds(3)));
  }
}
