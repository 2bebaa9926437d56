package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Rendezvous.Pace;
import dev.sallyport.domain.rendezvous.RendezvousException.Reason;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeMachineTest {
  private static final LocalDate TODAY = Cast.day(Cast.NOON);

  /** The table of the machine's Javadoc: what an event brings. */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "new     | start                  | Discover Watch",
        "started | network known          | Publish",
        "started | 1.5 s pass             | Publish",
        "started | join failed            | Finish",
        "started | 12 s pass              | Publish Finish",
        "started | published              | ''",
        "serving | join failed            | ''",
        "serving | publish failed         | ''",
        "serving | another network        | Discover Publish",
        "serving | same network           | ''",
        "serving | 15 minutes pass        | SetPace Publish",
        "serving | knock                  | Dial",
        "serving | knock on an old record | Reply Dial",
        "serving | garbage knock          | ''",
        "serving | accepted               | Secure",
        "serving | hello of a stranger    | Refuse",
        "serving | hello without a knock  | Welcome",
        "serving | cancelled              | Finish",
        "punched | dial failed            | ''",
        "punched | hello                  | Abort Welcome",
        "punched | same knock             | ''",
        "punched | another knock          | Abort Dial",
        "punched | link failed            | ''",
        "punched | 15 s pass              | Reply Abort",
        "punched | cancelled              | Abort Close Finish",
        "welcome | link ready             | ''",
        "welcome | link failed            | Dial",
        "welcome | hello                  | Welcome",
        "welcome | cancelled              | Close Finish",
        "linked  | closed                 | ''",
        "linked  | lost                   | Dial",
        "linked  | cancelled              | Close Finish",
        "over    | accepted               | Close",
        "over    | knock                  | ''",
        "over    | hello of a stranger    | Refuse",
        "over    | network known          | ''",
        "over    | publish failed         | ''",
        "over    | 15 minutes pass        | ''",
        "over    | cancelled              | ''",
      })
  void transitions(String state, String event, String effects) {
    ServeBench bench = new ServeBench();
    CallNonce nonce = bench.newNonce();
    SocketId socket = SocketId.accepted(999);
    switch (state) {
      case "new" -> {}
      case "started" -> bench.start();
      case "serving" -> bench.serving();
      case "punched" -> {
        socket = bench.serving().punched(nonce);
        bench.pass(Duration.ofMillis(300)); // the local rung dials, too
      }
      case "welcome" -> {
        socket = bench.serving().punched(nonce);
        bench.on(bench.hello(socket, nonce));
      }
      case "linked" -> socket = bench.serving().linked(nonce);
      default -> bench.over();
    }
    var step =
        switch (event) {
          case "start" -> bench.start();
          case "network known" -> {
            bench.on(Cast.listed("192.168.1.2"));
            yield bench.on(new DiscoveryEvent.Surveyed());
          }
          case "join failed" -> {
            bench.on(Cast.listed("192.168.1.2"));
            yield bench.on(new DiscoveryEvent.JoinFailed("nobody"));
          }
          case "published" -> bench.on(new ServeEvent.Published(TODAY, 8, 8));
          case "publish failed" ->
              bench.on(new ServeEvent.PublishFailed(TODAY, 1, Reason.UNREACHABLE, "nobody"));
          case "another network" -> {
            bench.stall(Duration.ofSeconds(2));
            yield bench.on(Cast.listed("10.0.0.9"));
          }
          case "same network" -> bench.on(Cast.listed("192.168.1.2"));
          case "knock", "another knock" ->
              bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
          case "same knock" -> bench.on(bench.knock(nonce, "reflexive 203.0.113.7:4000"));
          case "knock on an old record" ->
              bench.on(
                  bench.knock(
                      Cast.CALLER, nonce, Cast.NOON.minusSeconds(60), "reflexive 203.0.113.7:1"));
          case "garbage knock" ->
              bench.on(new ServeEvent.KnockArrived(SealedItem.of(new byte[200])));
          case "accepted" -> bench.on(bench.accepted("203.0.113.7:4000"));
          case "hello of a stranger" -> bench.on(bench.hello(SocketId.accepted(999), nonce));
          case "hello without a knock" -> {
            SocketEvent.Accepted accepted = bench.accepted("203.0.113.7:50000");
            bench.on(accepted);
            yield bench.on(bench.hello(accepted.id(), nonce));
          }
          case "hello" -> {
            if (state.equals("welcome")) {
              SocketEvent.Accepted another = bench.accepted("203.0.113.7:50000");
              bench.on(another);
              socket = another.id();
            }
            yield bench.on(bench.hello(socket, nonce));
          }
          case "dial failed" ->
              bench.on(bench.failed(bench.dialTo("192.168.1.77:4000"), DialFailure.TUPLE_IN_USE));
          case "link ready" -> bench.on(new SocketEvent.LinkReady(socket));
          case "link failed" -> bench.on(bench.broken(socket, LinkException.Reason.BROKEN));
          case "closed" -> bench.on(bench.closed(socket, true));
          case "lost" -> bench.on(bench.closed(socket, false));
          case "cancelled" -> bench.on(new ServeEvent.Cancelled());
          case "1.5 s pass" -> bench.pass(Duration.ofMillis(1500));
          case "12 s pass" -> bench.pass(Duration.ofSeconds(12));
          case "15 s pass" -> bench.pass(Duration.ofSeconds(15));
          case "15 minutes pass" -> bench.pass(Duration.ofMinutes(15));
          default -> throw new AssertionError(event);
        };
    assertThat(step.text()).isEqualTo(effects);
  }

  // The record.

  @Test
  void theRecordSaysWhereWeAre_andWhoeverCallsIsToldTheId() {
    ServeBench bench = new ServeBench().serving();
    assertThat(bench.lastRecord().candidates())
        .containsExactly(
            Cast.candidate("reflexive 198.51.100.9:8765"), Cast.candidate("host 192.168.1.2:8765"));
    assertThat(bench.all().toString()).containsOnlyOnce("Registered");
    bench.on(new ServeEvent.Published(TODAY, 8, 8));
    assertThat(bench.all().toString()).containsOnlyOnce("Registered");
  }

  @Test
  void theRecordIsRenewedWellBeforeItExpires_forAWholeDayAndItsMidnight() {
    ServeBench bench = new ServeBench().serving();
    Instant end = bench.now().plus(Duration.ofHours(26));
    List<LocalDate> watched = new ArrayList<>(List.of(TODAY));
    while (bench.now().isBefore(end)) {
      var step = bench.pass(Duration.ofMinutes(5));
      step.all(ServeEffect.Watch.class).forEach(watch -> watched.add(watch.keys().day()));
      step.all(ServeEffect.Unwatch.class).forEach(unwatch -> watched.remove(unwatch.day()));
      LocalDate today = Cast.day(bench.now());
      assertThat(watched).contains(today).hasSizeLessThanOrEqualTo(2);
      Instant newest =
          bench.all().stream()
              .filter(ServeEffect.Publish.class::isInstance)
              .map(ServeEffect.Publish.class::cast)
              .filter(publish -> publish.keys().day().equals(today))
              .map(publish -> Instant.ofEpochMilli(publish.sequence()))
              .reduce((first, second) -> second)
              .orElseThrow();
      assertThat(Duration.between(newest, bench.now()))
          .as("age of today's record at %s", bench.now())
          .isLessThanOrEqualTo(Duration.ofMinutes(20));
    }
  }

  @Test
  void nearMidnightTomorrowIsServedToo_andYesterdayForAWhile() {
    ServeBench bench = new ServeBench(Instant.parse("2026-11-22T23:29:30Z")).serving();
    var step = bench.pass(Duration.ofMinutes(1));
    assertThat(step.one(ServeEffect.Watch.class).keys().day()).isEqualTo(TODAY.plusDays(1));
    assertThat(step.one(ServeEffect.Watch.class).pace()).isEqualTo(Pace.FAST);
    assertThat(step.all(ServeEffect.Publish.class))
        .extracting(publish -> publish.keys().day())
        .containsExactly(TODAY, TODAY.plusDays(1));
    assertThat(bench.pass(Duration.ofMinutes(58)).all(ServeEffect.Unwatch.class)).isEmpty();
    assertThat(bench.pass(Duration.ofMinutes(2)).one(ServeEffect.Unwatch.class).day())
        .isEqualTo(TODAY);
  }

  @Test
  void everyRecordIsLaterThanTheOneBefore_evenWithinAMillisecond() {
    ServeBench bench = new ServeBench().serving();
    bench.stall(Duration.ofSeconds(2));
    bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:2"));
    bench.pass(Duration.ofHours(1));
    bench.stall(Duration.ofHours(-1)); // a clock that is set back
    bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:3"));
    bench.pass(Duration.ofHours(3));
    assertThat(
            bench.all().stream()
                .filter(ServeEffect.Publish.class::isInstance)
                .map(effect -> ((ServeEffect.Publish) effect).sequence())
                .toList())
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void aMoveIsPublishedAtOnce_manyMovesOnceASecond() {
    ServeBench bench = new ServeBench().serving();
    bench.pass(Duration.ofSeconds(2));
    assertThat(bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:1")).text())
        .isEqualTo("Publish");
    int published = 0;
    for (int i = 0; i < 100; i++) {
      bench.on(Cast.seen(Cast.SERVICE_PORT, "198.51.100.9:" + (100 + i)));
      published += bench.pass(Duration.ofMillis(50)).all(ServeEffect.Publish.class).size();
    }
    assertThat(published).isBetween(4, 5);
    bench.pass(Duration.ofSeconds(1));
    assertThat(bench.lastRecord().candidates())
        .contains(Cast.candidate("reflexive 198.51.100.9:199"));
  }

  @Test
  void aRecordThatCouldNotBeLeft_isLeftAnewAfter2s_butNotForAnOldOnesSake() {
    ServeBench bench = new ServeBench().serving();
    bench.pass(Duration.ofSeconds(10));
    long sequence = bench.lastPublish().sequence();
    bench.on(new ServeEvent.PublishFailed(TODAY, sequence - 1, Reason.REJECTED, "newer is there"));
    assertThat(bench.pass(Duration.ofSeconds(3)).text()).isEmpty();
    bench.on(new ServeEvent.PublishFailed(TODAY, sequence, Reason.UNREACHABLE, "nobody"));
    assertThat(bench.pass(Duration.ofSeconds(2)).text()).isEqualTo("Publish");
  }

  @Test
  void theFirstRecordIsTriedFor12s_thenTheServiceEnds() {
    ServeBench bench = new ServeBench();
    bench.start();
    bench.on(Cast.listed("192.168.1.2"));
    bench.on(new DiscoveryEvent.Surveyed());
    while (bench.elapsed().compareTo(Duration.ofSeconds(11)) < 0) {
      bench.on(
          new ServeEvent.PublishFailed(
              TODAY, bench.lastPublish().sequence(), Reason.UNREACHABLE, "tried a and b"));
      assertThat(bench.pass(Duration.ofSeconds(2)).text()).startsWith("Publish");
    }
    assertThat(failure(bench))
        .isEqualTo(Failure.of(Failure.Kind.RENDEZVOUS_UNREACHABLE, "tried a and b"));
  }

  @Test
  void publishingThatFailsFirstAndWorksLater_keepsTheServiceUp() {
    ServeBench bench = new ServeBench();
    bench.start();
    bench.on(Cast.listed("192.168.1.2"));
    bench.on(new DiscoveryEvent.Surveyed());
    bench.on(
        new ServeEvent.PublishFailed(
            TODAY, bench.lastPublish().sequence(), Reason.UNREACHABLE, "nobody"));
    bench.pass(Duration.ofSeconds(3));
    bench.on(new ServeEvent.Published(TODAY, 3, 8));
    bench.pass(Duration.ofHours(3));
    assertThat(bench.isOver()).isFalse();
  }

  @Test
  void onceRegistered_neitherAFailedJoinNorAFailedPublishEndsTheService() {
    ServeBench bench = new ServeBench().serving();
    bench.on(new DiscoveryEvent.JoinFailed("nobody"));
    for (int i = 0; i < 100; i++) {
      bench.on(
          new ServeEvent.PublishFailed(
              TODAY, bench.lastPublish().sequence(), Reason.UNREACHABLE, "nobody"));
      bench.pass(Duration.ofSeconds(2));
    }
    assertThat(bench.isOver()).isFalse();
  }

  @Test
  void withoutAnyNetwork_theServiceSaysSo_whateverIsKnownFirst() {
    ServeBench bench = new ServeBench();
    bench.start();
    assertThat(bench.on(new DiscoveryEvent.JoinFailed("unreachable")).text()).isEmpty();
    bench.on(Cast.listed());
    assertThat(failure(bench)).extracting(Failure::kind).isEqualTo(Failure.Kind.LOCAL_PROBLEM);
  }

  @Test
  void mailboxesAreWatchedFastFor2MinutesAfterTheStartAndAfterEachKnock() {
    ServeBench bench = new ServeBench().serving();
    assertThat(bench.pass(Duration.ofSeconds(119)).all(ServeEffect.SetPace.class)).isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(1)).one(ServeEffect.SetPace.class).pace())
        .isEqualTo(Pace.STEADY);
    var knock = bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
    assertThat(knock.one(ServeEffect.SetPace.class).pace()).isEqualTo(Pace.FAST);
    bench.pass(Duration.ofSeconds(60));
    var second = bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4001"));
    assertThat(second.all(ServeEffect.SetPace.class)).isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(119)).all(ServeEffect.SetPace.class)).isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(1)).all(ServeEffect.SetPace.class)).hasSize(1);
  }

  // Knocks.

  @Test
  void aKnockIsAnsweredWithTheMirroredLadder() {
    ServeBench bench = new ServeBench().serving();
    bench.on(
        bench.knock(
            bench.newNonce(),
            "reflexive 203.0.113.7:4000",
            "reflexive 203.0.113.7:4001",
            "host 192.168.7.7:4000"));
    assertThat(bench.dialling()).isEqualTo(1);
    bench.pass(Duration.ofMillis(250));
    bench.dialTo("192.168.7.7:4000");
    bench.pass(Duration.ofMillis(1250));
    bench.dialTo("203.0.113.7:4001");
  }

  @Test
  void aKnockOnTheCurrentRecord_isRepliedToAfterASecond_onceAndUnlessHelloCame() {
    ServeBench bench = new ServeBench().serving();
    CallNonce first = bench.newNonce();
    bench.on(bench.knock(first, "reflexive 203.0.113.7:4000"));
    assertThat(bench.replies(first, bench.pass(Duration.ofMillis(999)))).isEmpty();
    List<Reply> replies = bench.replies(first, bench.pass(Duration.ofSeconds(20)));
    assertThat(replies).hasSize(1);
    assertThat(replies.getFirst().outcome()).isEqualTo(Reply.Outcome.ACCEPTED);
    assertThat(replies.getFirst().candidates())
        .contains(Cast.candidate("reflexive 198.51.100.9:8765"));

    CallNonce second = bench.newNonce();
    SocketId up = bench.punched(second);
    bench.on(bench.hello(up, second));
    assertThat(bench.replies(second, bench.pass(Duration.ofSeconds(20)))).isEmpty();
  }

  @Test
  void theSameKnockOnceMore_opensTheDoorOnce_evenWhenTheCallIsOver() {
    ServeBench bench = new ServeBench().serving();
    CallNonce nonce = bench.newNonce();
    ServeEvent.KnockArrived knock = bench.knock(nonce, "reflexive 203.0.113.7:4000");
    assertThat(bench.on(knock).dialled()).hasSize(1);
    assertThat(bench.on(knock).text()).isEmpty();
    bench.pass(Duration.ofSeconds(16));
    assertThat(bench.on(knock).text()).isEmpty();
  }

  @Test
  void aCallerWhoKnocksAnewFromTheSamePorts_isPunchedOnce() {
    ServeBench bench = new ServeBench().serving();
    bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
    SocketId old = bench.dialTo("203.0.113.7:4000");
    CallNonce latest = bench.newNonce();
    var step =
        bench.on(bench.knock(latest, "reflexive 203.0.113.7:4000", "reflexive 203.0.113.7:61000"));
    assertThat(step.one(SocketEffect.Abort.class).id()).isEqualTo(old);
    assertThat(step.dialled()).containsExactly(Endpoint.parse("203.0.113.7:4000"));
    bench.on(bench.failed(old, DialFailure.ABORTED));
    assertThat(bench.replies(latest, bench.pass(Duration.ofSeconds(1)))).hasSize(1);
  }

  @Test
  void callersWhoShareAnIdentityButNoPort_areAllServed() {
    ServeBench bench = new ServeBench().serving();
    for (int i = 0; i < 20; i++) {
      var step = bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:" + (4000 + i)));
      assertThat(step.all(SocketEffect.Abort.class)).isEmpty();
    }
    assertThat(bench.dialling()).isEqualTo(20);
  }

  @Test
  void anotherCallerWhoNamesTheSameEndpoint_cannotStopACall() {
    ServeBench bench = new ServeBench().serving();
    bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
    Identity other = Identity.fromSeed(Cast.secret(77), Cast.SEALER);
    var step = bench.on(bench.knock(other, bench.newNonce(), "reflexive 203.0.113.7:4000"));
    assertThat(step.all(SocketEffect.Abort.class)).isEmpty();
  }

  @Test
  void theKnockAfterThe64thThatPunches_isPutOff_andServedWhenLeftOnceMore() {
    ServeBench bench = new ServeBench().serving();
    for (int i = 0; i < 64; i++) {
      bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:" + (4000 + i)));
    }
    CallNonce nonce = bench.newNonce();
    ServeEvent.KnockArrived knock = bench.knock(nonce, "reflexive 203.0.113.8:4000");
    var step = bench.on(knock);
    assertThat(bench.replies(nonce, step))
        .extracting(Reply::outcome)
        .containsExactly(Reply.Outcome.BUSY);
    assertThat(step.dialled()).isEmpty();
    bench.pass(Duration.ofSeconds(16));
    assertThat(bench.on(knock).dialled()).hasSize(1);
  }

  @Test
  void whenBusy_aCallThatIsUnderWayIsNotPutOff() {
    ServeBench bench = new ServeBench().serving();
    CallNonce first = bench.newNonce();
    ServeEvent.KnockArrived knock = bench.knock(first, "reflexive 203.0.113.7:4000");
    bench.on(knock);
    for (int i = 1; i < 64; i++) {
      bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:" + (4000 + i)));
    }
    assertThat(bench.on(knock).text()).isEmpty();
  }

  // Connections.

  @Test
  void aDialThatGetsThroughAfterItsCallIsOver_isClosed() {
    ServeBench bench = new ServeBench().serving();
    bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
    bench.pass(Duration.ofSeconds(1));
    SocketId late = bench.dialTo("203.0.113.7:4000");
    bench.pass(Duration.ofSeconds(15));
    assertThat(bench.on(bench.through(late)).text()).isEqualTo("Close");
    assertThat(bench.up()).isEmpty();
  }

  @Test
  void atMost32AreSecuredAtOnce_atMost64WaitInLine() {
    ServeBench bench = new ServeBench().serving();
    int secures = 0;
    int closes = 0;
    List<SocketId> ids = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      SocketEvent.Accepted accepted = bench.accepted("203.0.113.7:" + (1000 + i));
      ids.add(accepted.id());
      var step = bench.on(accepted);
      secures += step.all(ServeEffect.Secure.class).size();
      closes += step.all(SocketEffect.Close.class).size();
    }
    assertThat(secures).isEqualTo(32);
    assertThat(closes).isEqualTo(120 - 96);
    var next = bench.on(bench.broken(ids.getFirst(), LinkException.Reason.TIMED_OUT));
    assertThat(next.one(ServeEffect.Secure.class).id()).isEqualTo(ids.get(32));
    var end = bench.on(new ServeEvent.Cancelled());
    assertThat(end.all(SocketEffect.Close.class)).hasSize(95);
    assertThat(
            bench
                .on(new SocketEvent.LinkFailed(ids.get(1), LinkException.Reason.BROKEN, null, ""))
                .text())
        .as("nobody in line is secured after the end")
        .isEmpty();
  }

  @Test
  void aDialledSocketThatFindsNoRoom_isDialledAgainLater() {
    ServeBench bench = new ServeBench().serving();
    bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
    for (int i = 0; i < 96; i++) {
      bench.on(bench.accepted("192.0.2.7:" + (1000 + i)));
    }
    assertThat(bench.on(bench.through(bench.dialTo("203.0.113.7:4000"))).text()).isEqualTo("Close");
    assertThat(bench.pass(Duration.ofMillis(110)).dialled()).hasSize(1);
  }

  @Test
  void theRungOfALinkIsTold() {
    ServeBench bench = new ServeBench().serving();
    assertThat(rung(bench, bench.linked(bench.newNonce()))).isEqualTo(Rung.EXTERNAL);
    assertThat(rung(bench, direct(bench, "203.0.113.99:50000"))).isEqualTo(Rung.DIRECT);
    assertThat(rung(bench, direct(bench, "192.168.1.77:50000"))).isEqualTo(Rung.LOCAL);
    assertThat(rung(bench, direct(bench, "127.0.0.1:50000"))).isEqualTo(Rung.LOCAL);
  }

  @Test
  void aCallerWhoseWelcomeWasLost_isWelcomedOnItsNextSocket_andNothingIsClosedFromHere() {
    ServeBench bench = new ServeBench().serving();
    CallNonce nonce = bench.newNonce();
    SocketId first = bench.linked(nonce);
    SocketEvent.Accepted second = bench.accepted("203.0.113.7:4001");
    bench.on(second);
    assertThat(bench.on(bench.hello(second.id(), nonce)).text()).isEqualTo("Welcome");
    bench.on(new SocketEvent.LinkReady(second.id()));
    assertThat(bench.up()).contains(first, second.id());
    // The first one ends late and without a goodbye: the second is the link, nobody punches.
    assertThat(bench.on(bench.closed(first, false)).text()).isEmpty();
    assertThat(bench.dialling()).isZero();
  }

  @Test
  void helloOnOneSocketAtATime_butNotOnAnyNumber() {
    ServeBench bench = new ServeBench().serving();
    CallNonce nonce = bench.newNonce();
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      SocketEvent.Accepted accepted = bench.accepted("203.0.113.7:" + (4000 + i));
      bench.on(accepted);
      answers.add(bench.on(bench.hello(accepted.id(), nonce)).text());
    }
    assertThat(answers)
        .containsExactly("Welcome", "Welcome", "Welcome", "Welcome", "Refuse", "Refuse");
  }

  @Test
  void anotherCallerWithThisNonce_isRefused() {
    ServeBench bench = new ServeBench().serving();
    CallNonce nonce = bench.newNonce();
    SocketId id = bench.punched(nonce);
    var step = bench.on(new ServeEvent.HelloArrived(id, nonce, Cast.key(77)));
    assertThat(step.one(ServeEffect.Refuse.class).code()).isEqualTo(RefusalCode.ALREADY_CONNECTED);
  }

  @Test
  void aLostWelcome_thePunchingGoesOnUntil15sAfterTheKnock() {
    ServeBench bench = new ServeBench().serving();
    CallNonce nonce = bench.newNonce();
    SocketId first = bench.punched(nonce);
    bench.on(bench.hello(first, nonce));
    assertThat(bench.pass(Duration.ofSeconds(8)).dialled()).as("resting").isEmpty();
    assertThat(bench.on(bench.broken(first, LinkException.Reason.TIMED_OUT)).dialled())
        .containsExactly(Endpoint.parse("203.0.113.7:4000"));
    bench.pass(Duration.ofSeconds(7));
    assertThat(bench.pass(Duration.ofSeconds(60)).dialled()).isEmpty();
    bench.on(bench.failed(bench.dialTo("203.0.113.7:4000"), DialFailure.ABORTED));
    assertThat(bench.pass(Duration.ofSeconds(60)).dialled()).isEmpty();
  }

  @Test
  void aLinkThatEndedWithAGoodbye_isNotPunchedFor() {
    ServeBench bench = new ServeBench().serving();
    SocketId id = bench.linked(bench.newNonce());
    bench.on(bench.closed(id, true));
    assertThat(bench.pass(Duration.ofSeconds(60)).dialled()).isEmpty();
  }

  @Test
  void whenHelloComesUnderAnOlderNonce_theNewerKnockOfTheSamePortsIsNotPunchedFor() {
    ServeBench bench = new ServeBench().serving();
    CallNonce older = bench.newNonce();
    SocketId id = bench.punched(older);
    bench.on(bench.knock(bench.newNonce(), "reflexive " + ServeBench.CALLER_OUTSIDE));
    var step = bench.on(bench.hello(id, older));
    assertThat(step.text()).isEqualTo("Abort Welcome");
    bench.on(new SocketEvent.LinkReady(id));
    assertThat(bench.pass(Duration.ofSeconds(20)).dialled()).isEmpty();
  }

  @Test
  void garbageFromStrangers_leavesNothingBehind() {
    ServeBench bench = new ServeBench().serving();
    for (int i = 0; i < 1000; i++) {
      bench.on(new ServeEvent.KnockArrived(SealedItem.of(new byte[100 + i % 50])));
      SocketEvent.Accepted accepted = bench.accepted("203.0.113.7:" + (1000 + i));
      bench.on(accepted);
      bench.on(bench.broken(accepted.id(), LinkException.Reason.PROTOCOL));
    }
    assertThat(bench.up()).isEmpty();
    assertThat(bench.dialling()).isZero();
  }

  private static SocketId direct(ServeBench bench, String remote) {
    SocketEvent.Accepted accepted = bench.accepted(remote);
    bench.on(accepted);
    bench.on(bench.hello(accepted.id(), bench.newNonce()));
    bench.on(new SocketEvent.LinkReady(accepted.id()));
    return accepted.id();
  }

  private static Rung rung(ServeBench bench, SocketId id) {
    return bench.all().stream()
        .filter(ServeEffect.Report.class::isInstance)
        .map(effect -> ((ServeEffect.Report) effect).progress())
        .filter(Progress.Connected.class::isInstance)
        .map(Progress.Connected.class::cast)
        .filter(connected -> connected.id().equals(id))
        .findFirst()
        .orElseThrow()
        .rung();
  }

  private static Failure failure(ServeBench bench) {
    return bench.all().stream()
        .filter(ServeEffect.Finish.class::isInstance)
        .map(effect -> ((ServeEffect.Finish) effect).failure())
        .findFirst()
        .orElseThrow();
  }
}
