package dev.sallyport.domain.session;

import static dev.sallyport.domain.session.CallBench.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.RungReport;
import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How one of a caller's connections becomes the link. */
class CallSocketsTest {
  private static final Endpoint ANY = Endpoint.parse("198.51.100.9:8765");

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
    SocketId winner = bench.up("198.51.100.9:1");
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
    SocketId first = bench.up("198.51.100.9:1");
    SocketId second = bench.up("198.51.100.9:2");
    assertThat(bench.on(new CallEvent.Secured(first)).text()).isEqualTo("Greet");
    assertThat(bench.on(new CallEvent.Secured(second)).text()).isEmpty();
    var moved = bench.on(bench.broken(first, LinkException.Reason.BROKEN));
    assertThat(moved.one(CallEffect.Greet.class).id()).isEqualTo(second);
  }

  @Test
  void aWelcomeThatNeverComes_isNotWaitedForIfAnotherSocketIsThere() {
    CallBench bench = new CallBench().calling();
    SocketId first = bench.up("198.51.100.9:1");
    SocketId second = bench.up("198.51.100.9:2");
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
    SocketId first = bench.up("198.51.100.9:1");
    bench.on(new CallEvent.Secured(first));
    bench.pass(Duration.ofSeconds(2));
    assertThat(bench.up()).contains(first);
    SocketId second = bench.up("198.51.100.9:2");
    assertThat(bench.on(new CallEvent.Secured(second)).text()).isEqualTo("Close Greet");
  }

  @Test
  void aCodeOfRefusalEndsTheCall_butForThoseThatPass() {
    CallBench already = new CallBench().calling();
    SocketId one = already.up("198.51.100.9:1");
    already.on(new CallEvent.Secured(one));
    already.on(already.refused(one, RefusalCode.ALREADY_CONNECTED));
    SocketId two = already.up("198.51.100.9:2");
    already.on(new CallEvent.Secured(two));
    already.on(already.refused(two, RefusalCode.BUSY));
    assertThat(already.isOver()).isFalse();

    CallBench notAllowed = new CallBench().calling();
    SocketId three = notAllowed.up("198.51.100.9:3");
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
    SocketId greeted = bench.up("198.51.100.9:1");
    bench.on(new CallEvent.Secured(greeted));
    bench.up("198.51.100.9:2");
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

  @Test
  void theServiceShowsTheKeyOfItsRecord_andWeKnowTheKeysOfTheDay() {
    CallBench bench = new CallBench().calling();
    SocketEvent.Accepted accepted = bench.accepted("198.51.100.9:1");
    CallEffect.Secure secure = bench.on(accepted).one(CallEffect.Secure.class);
    assertThat(secure.linkKey()).isEqualTo(bench.record(10).linkKey());
    var greet = bench.on(new CallEvent.Secured(accepted.id())).one(CallEffect.Greet.class);
    assertThat(greet.keys().mailbox()).isEqualTo(bench.lastKnock().mailbox());
  }

  @Test
  void aLinkOnASocketThatWasNotGreeted_isNone() {
    CallBench bench = new CallBench().calling();
    SocketId greeted = bench.up("198.51.100.9:1");
    SocketId secured = bench.up("198.51.100.9:2");
    bench.on(new CallEvent.Secured(greeted));
    bench.on(new CallEvent.Secured(secured));
    var step = bench.on(new SocketEvent.LinkReady(secured));
    assertThat(step.one(SocketEffect.Close.class).id()).isEqualTo(secured);
    assertThat(bench.isOver()).isFalse();
  }

  @Test
  void aDialledSocketThatAnswersTooLate_isDialledAgain() {
    CallBench bench = new CallBench().calling();
    SocketId late = bench.dialTo(CallBench.SERVICE_OUTSIDE);
    bench.on(bench.through(late));
    bench.on(new CallEvent.Secured(late));
    bench.on(new CallEvent.Secured(bench.up("198.51.100.9:2")));
    assertThat(bench.pass(Duration.ofMillis(300)).text()).isEqualTo("Dial Close Greet");
    assertThat(bench.pass(Duration.ofMillis(110)).all(SocketEffect.Dial.class))
        .extracting(SocketEffect.Dial::localPort)
        .containsExactly(4000);
  }

  @Test
  void aDialThatIsRefused_isRepeatedSoon_andCounts() {
    CallBench bench = new CallBench(Duration.ofMillis(200)).calling();
    SocketId refused = bench.dialTo(CallBench.SERVICE_OUTSIDE);
    bench.on(bench.failed(refused, DialFailure.REFUSED));
    assertThat(bench.pass(Duration.ofMillis(15)).dialled()).containsExactly(ANY);
    RungReport external = failure(bench.pass(Duration.ofMillis(200))).rungs().getFirst();
    assertThat(external.attempts()).isEqualTo(2);
    assertThat(external.failures()).isEqualTo(Map.of(DialFailure.REFUSED, 1));
  }
}
