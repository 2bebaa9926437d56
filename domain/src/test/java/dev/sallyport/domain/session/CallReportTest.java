package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.ladder.Tactic;
import dev.sallyport.domain.nat.NatProfile;
import dev.sallyport.domain.punch.RungReport;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.session.Progress.Waiting.For;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a caller's user is told, and in which order. */
class CallReportTest {
  private static final LocalDate TODAY = Cast.day(Cast.NOON);
  private static final Endpoint HERE = Endpoint.parse("192.168.1.2:4000");
  private static final Endpoint SERVICE = Endpoint.parse(CallBench.SERVICE_OUTSIDE);
  private static final String NEIGHBOUR = "192.168.1.50:8765";

  @Test
  void aWholeCall_isToldStepByStep() {
    CallBench bench = new CallBench().calling();
    bench.on(new CallEvent.KnockDelivered(bench.nonce(), 7, 8));
    bench.pass(Duration.ofSeconds(2));
    SocketId id = bench.dialTo(CallBench.SERVICE_OUTSIDE);
    bench.on(bench.through(id));
    bench.on(new CallEvent.Secured(id));
    bench.pass(Duration.ofMillis(30));
    bench.on(new SocketEvent.LinkReady(id));

    Instant found = Cast.NOON.plus(CallBench.FOUND_AFTER);
    assertThat(bench.told())
        .containsExactly(
            new Progress.Joined(8, Duration.ofMillis(50)),
            new Progress.Network(
                List.of(HERE),
                List.of(Endpoint.parse("203.0.113.7:4000"), Endpoint.parse("203.0.113.7:4001")),
                bench.opened(10).knock().profile()),
            new Progress.Found(found, List.of(Cast.candidate("reflexive " + SERVICE)), false),
            new Progress.RungStarted(Rung.EXTERNAL, List.of(SERVICE)),
            new Progress.Knocked(7, 8),
            new Progress.RungStarted(Rung.DIRECT, List.of(SERVICE)),
            new Progress.Reached(Rung.EXTERNAL, HERE, SERVICE, 3),
            new Progress.Connected(
                id, Rung.EXTERNAL, HERE, SERVICE, 3, Duration.ofMillis(2130), null),
            new Progress.Climbed(
                Tactic.PLAIN,
                NatProfile.unknown(),
                List.of(
                    new RungReport(
                        Rung.EXTERNAL,
                        List.of(SERVICE),
                        2,
                        Map.of(),
                        CallBench.FOUND_AFTER,
                        Duration.ofMillis(2100)),
                    new RungReport(
                        Rung.DIRECT,
                        List.of(SERVICE),
                        1,
                        Map.of(),
                        CallBench.FOUND_AFTER.plusMillis(250),
                        CallBench.FOUND_AFTER.plusMillis(250)))));
    assertThat(bench.on(new DiscoveryEvent.Joined(9, Duration.ZERO)).told())
        .as("after the end")
        .isEmpty();
  }

  @Test
  void theNetworkIsToldWhenItIsKnown_andAgainWhenItChanges() {
    CallBench bench = new CallBench();
    bench.start();
    assertThat(bench.on(Cast.listed("192.168.1.2")).told()).isEmpty();
    assertThat(bench.on(Cast.seen(4000, "203.0.113.7:4000")).told()).isEmpty();
    assertThat(bench.on(Cast.seen(4001, "203.0.113.7:4001")).told())
        .singleElement()
        .isInstanceOf(Progress.Network.class);
    assertThat(bench.on(Cast.seen(4001, "203.0.113.7:4001")).told()).isEmpty();
    assertThat(bench.on(Cast.seen(4001, "203.0.113.7:61001")).told())
        .singleElement()
        .isInstanceOf(Progress.Network.class);
  }

  @Test
  void aServiceInTheSameNetwork_isToldAsSuch() {
    CallBench bench = new CallBench().looking();
    var found = bench.found(Cast.record(10, bench.now(), "reflexive 203.0.113.7:8765"));
    assertThat(found.told())
        .contains(
            new Progress.Found(
                bench.now(), List.of(Cast.candidate("reflexive 203.0.113.7:8765")), true));
  }

  @Test
  void theDeliveryOfAKnockIsToldOnce_andOfNoOther() {
    CallBench bench = new CallBench().calling();
    var delivered = new CallEvent.KnockDelivered(bench.nonce(), 7, 8);
    assertThat(bench.on(delivered).told()).containsExactly(new Progress.Knocked(7, 8));
    bench.pass(Duration.ofSeconds(5)); // it is left once more
    assertThat(bench.on(delivered).told()).isEmpty();
    CallNonce other = CallNonce.of(new byte[CallNonce.LENGTH]);
    assertThat(bench.on(new CallEvent.KnockDelivered(other, 7, 8)).told()).isEmpty();
    assertThat(bench.on(new CallEvent.KnockFailed(other, "full")).told()).isEmpty();
  }

  @Test
  void aKnockThatCouldNotBeLeft_isTold() {
    CallBench bench = new CallBench().calling();
    assertThat(bench.on(new CallEvent.KnockFailed(bench.nonce(), "the mailbox is full")).told())
        .containsExactly(trouble("the knock could not be left: the mailbox is full"));
  }

  @Test
  void whileTheRendezvousIsSilent_thatIsWhatWeWaitFor_thenForTheRecord() {
    CallBench bench = new CallBench();
    bench.start();
    assertThat(bench.pass(Duration.ofMillis(2999)).told()).isEmpty();
    assertThat(bench.pass(Duration.ofMillis(1)).told())
        .containsExactly(waiting(For.RENDEZVOUS, 3, 27));
    assertThat(bench.pass(Duration.ofSeconds(3)).told())
        .containsExactly(waiting(For.RENDEZVOUS, 6, 24));
    bench.on(new DiscoveryEvent.Joined(8, Duration.ofSeconds(6)));
    assertThat(bench.pass(Duration.ofSeconds(3)).told())
        .containsExactly(waiting(For.RECORD, 9, 21));
  }

  @Test
  void aLookupThatEnds_showsThatTheRendezvousAnswers_oneThatFailsDoesNot() {
    CallBench bench = new CallBench();
    bench.start();
    bench.on(new CallEvent.LookupFailed(TODAY, Reason.UNREACHABLE, "nobody"));
    assertThat(bench.pass(Duration.ofSeconds(3)).told())
        .containsExactly(waiting(For.RENDEZVOUS, 3, 27));
    bench.on(new CallEvent.LookupEnded(TODAY));
    assertThat(bench.pass(Duration.ofSeconds(3)).told())
        .containsExactly(waiting(For.RECORD, 6, 24));
  }

  @Test
  void whileWeOnlyLookAroundHere_nobodyIsWaitedFor() {
    CallBench bench = new CallBench();
    bench.start();
    bench.pass(Duration.ofMillis(2900));
    bench.found(bench.record(10)); // the observers have 300 ms more
    assertThat(bench.pass(Duration.ofMillis(150)).told()).isEmpty();
  }

  @Test
  void whileWeDial_thePeerIsWaitedFor_andOurTurnWhenItIsBusy() {
    CallBench bench = new CallBench().calling();
    assertThat(bench.pass(Duration.ofMillis(2900)).told()).contains(waiting(For.PEER, 3, 27));
    CallEvent busy = bench.reply(Reply.Outcome.BUSY, Duration.ofSeconds(10));
    assertThat(bench.on(busy).told()).containsExactly(waiting(For.TURN, 3, 27));
    assertThat(bench.on(busy).told()).as("known already").isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(3)).told()).containsExactly(waiting(For.TURN, 6, 24));
  }

  @Test
  void anAcceptedReply_isNoReasonToWaitForOurTurn() {
    CallBench bench = new CallBench().calling();
    assertThat(bench.on(bench.reply(Reply.Outcome.ACCEPTED, Duration.ZERO)).told()).isEmpty();
  }

  @Test
  void whenTheServiceRestarts_itIsFoundAnew_andTheAttemptsBeforeStillCount() {
    CallBench bench = new CallBench().calling();
    bench.pass(Duration.ofSeconds(2)); // three pairs, once each
    ServiceRecord restarted = bench.record(20);
    assertThat(bench.on(bench.arrives(restarted)).told())
        .containsExactly(
            new Progress.Found(restarted.issuedAt(), restarted.candidates(), false),
            new Progress.RungStarted(Rung.EXTERNAL, List.of(SERVICE)));
    assertThat(bench.on(bench.through(bench.dialTo(CallBench.SERVICE_OUTSIDE))).told())
        .containsExactly(new Progress.Reached(Rung.EXTERNAL, HERE, SERVICE, 3 + 1));
  }

  @Test
  void theRungOfAConnection_followsFromWhoDialled_andFromWhere() {
    CallBench bench = new CallBench().looking();
    bench.found(Cast.record(10, bench.now(), "reflexive " + SERVICE, "host " + NEIGHBOUR));
    bench.pass(Duration.ofMillis(600));
    SocketId external = bench.dialTo(CallBench.SERVICE_OUTSIDE);
    assertThat(reached(bench.on(bench.through(external)))).isEqualTo(Rung.EXTERNAL);
    SocketId direct = bench.dialTo(CallBench.SERVICE_OUTSIDE);
    assertThat(reached(bench.on(bench.through(direct)))).isEqualTo(Rung.DIRECT);
    assertThat(reached(bench.on(bench.through(bench.dialTo(NEIGHBOUR))))).isEqualTo(Rung.LOCAL);
    assertThat(reached(bench.on(bench.accepted(NEIGHBOUR)))).isEqualTo(Rung.LOCAL);
    assertThat(reached(bench.on(bench.accepted("192.168.1.50:50000"))))
        .as("another port of that address")
        .isEqualTo(Rung.LOCAL);
    assertThat(reached(bench.on(bench.accepted("127.0.0.1:50000")))).isEqualTo(Rung.LOCAL);
    assertThat(reached(bench.on(bench.accepted("192.168.1.51:8765")))).isEqualTo(Rung.EXTERNAL);
    assertThat(reached(bench.on(bench.accepted("198.51.100.9:1")))).isEqualTo(Rung.EXTERNAL);
  }

  @Test
  void theLinkHasTheRungOfItsConnection() {
    CallBench bench = new CallBench().calling();
    SocketId id = bench.up("127.0.0.1:50000");
    bench.on(new CallEvent.Secured(id));
    List<Progress> told = bench.on(new SocketEvent.LinkReady(id)).told();
    assertThat(told.getFirst())
        .isEqualTo(
            new Progress.Connected(
                id,
                Rung.LOCAL,
                HERE,
                Endpoint.parse("127.0.0.1:50000"),
                1,
                CallBench.FOUND_AFTER,
                null));
    assertThat(told.getLast()).isInstanceOf(Progress.Climbed.class);
    assertThat(told).hasSize(2);
  }

  @Test
  void aConnectionThatIsNotWanted_isNotTold() {
    CallBench bench = new CallBench().looking();
    assertThat(bench.on(bench.accepted("198.51.100.9:1")).told()).isEmpty();
  }

  @Test
  void connectionsThatLeadNowhere_areTold() {
    CallBench bench = new CallBench().calling();
    SocketId first = bench.up("198.51.100.9:1");
    assertThat(bench.on(bench.broken(first, LinkException.Reason.BROKEN)).told())
        .containsExactly(trouble("a connection could not be secured: in a test"));

    SocketId busy = bench.up("198.51.100.9:2");
    assertThat(bench.on(bench.refused(busy, RefusalCode.BUSY)).told())
        .containsExactly(trouble("a connection could not be secured: the service is busy"));

    SocketId silent = bench.up("198.51.100.9:3");
    SocketId next = bench.up("198.51.100.9:4");
    bench.on(new CallEvent.Secured(silent));
    bench.on(new CallEvent.Secured(next));
    assertThat(bench.pass(Duration.ofMillis(300)).told())
        .contains(trouble("a connection answers too late, the next one is tried"));
  }

  private static Rung reached(Bench<CallEvent, CallEffect>.Step step) {
    assertThat(step.told()).hasSize(1);
    assertThat(step.told().getFirst()).isInstanceOf(Progress.Reached.class);
    return ((Progress.Reached) step.told().getFirst()).rung();
  }

  private static Progress trouble(String sentence) {
    return new Progress.Trouble(sentence);
  }

  private static Progress waiting(For what, long elapsed, long remaining) {
    return new Progress.Waiting(what, Duration.ofSeconds(elapsed), Duration.ofSeconds(remaining));
  }
}
