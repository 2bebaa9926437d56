package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.ladder.Rung;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a service welcomes callers. */
class ServeSocketsTest {
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
  void ofStrangersAtMost24AreSecuredAtOnce_andAtMost64WaitInLine() {
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
    assertThat(secures).isEqualTo(24);
    assertThat(closes).isEqualTo(120 - 88);
    var next = bench.on(bench.broken(ids.getFirst(), LinkException.Reason.TIMED_OUT));
    assertThat(next.one(ServeEffect.Secure.class).id()).isEqualTo(ids.get(24));
    var end = bench.on(new ServeEvent.Cancelled());
    assertThat(end.all(SocketEffect.Close.class)).hasSize(87);
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
    bench.on(bench.knock(bench.newNonce(), "reflexive 192.0.2.7:1000"));
    for (int i = 0; i < 96; i++) {
      bench.on(bench.accepted("192.0.2.7:1000"));
    }
    bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
    assertThat(bench.on(bench.through(bench.dialTo("203.0.113.7:4000"))).text()).isEqualTo("Close");
    assertThat(bench.pass(Duration.ofMillis(110)).dialled())
        .contains(Endpoint.parse("203.0.113.7:4000"));
  }

  @Test
  void aStrangerHasLessTimeThanWhoWeDial() {
    ServeBench bench = new ServeBench().serving();
    bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000"));
    var stranger = bench.on(bench.accepted("203.0.113.99:50000"));
    assertThat(stranger.one(ServeEffect.Secure.class).timeout()).isEqualTo(Duration.ofSeconds(6));
    var fromWhereWeDial = bench.on(bench.accepted("203.0.113.7:4000"));
    assertThat(fromWhereWeDial.one(ServeEffect.Secure.class).timeout())
        .isEqualTo(Duration.ofSeconds(8));
    var dialled = bench.on(bench.through(bench.dialTo("203.0.113.7:4000")));
    assertThat(dialled.one(ServeEffect.Secure.class).timeout()).isEqualTo(Duration.ofSeconds(8));
  }

  @Test
  void aThousandIdleConnections_delayNeitherACallerWeDialNorAStrangerFromElsewhere() {
    ServeBench bench = new ServeBench().serving();
    for (int i = 0; i < 1000; i++) {
      bench.on(bench.accepted("192.0.2." + (1 + i % 8) + ":" + (1000 + i)));
    }
    CallNonce nonce = bench.newNonce();
    bench.on(bench.knock(nonce, "reflexive 203.0.113.7:4000"));
    SocketId dialled = bench.dialTo("203.0.113.7:4000");
    assertThat(bench.on(bench.through(dialled)).one(ServeEffect.Secure.class).id())
        .isEqualTo(dialled);
    SocketEvent.Accepted fromWhereWeDial = bench.accepted("203.0.113.7:4000");
    assertThat(bench.on(fromWhereWeDial).one(ServeEffect.Secure.class).id())
        .isEqualTo(fromWhereWeDial.id());
    SocketEvent.Accepted stranger = bench.accepted("203.0.113.99:50000");
    var step = bench.on(stranger);
    assertThat(step.one(ServeEffect.Secure.class).id()).isEqualTo(stranger.id());
    assertThat(step.all(SocketEffect.Close.class)).as("two of the idle ones go").hasSize(2);
    assertThat(bench.up()).as("what the idle ones hold").hasSizeLessThanOrEqualTo(24 + 64 + 2);
  }

  @Test
  void aCallerWhoIsNotOnTheList_isRefusedAtTheDoorToo() {
    ServeBench bench = new ServeBench().serving();
    bench.on(new ServeEvent.AllowListChanged(AllowList.of(Set.of(Cast.key(50)))));
    SocketEvent.Accepted accepted = bench.accepted("203.0.113.7:4001");
    bench.on(accepted);
    var step = bench.on(bench.hello(accepted.id(), bench.newNonce()));
    assertThat(step.one(ServeEffect.Refuse.class).code()).isEqualTo(RefusalCode.NOT_ALLOWED);
  }

  @Test
  void whoIsTakenOffTheList_losesHisLinkAtOnce_theOthersKeepTheirs() {
    ServeBench bench = new ServeBench().serving();
    SocketId linked = bench.linked(bench.newNonce());
    bench.on(new ServeEvent.AllowListChanged(AllowList.of(Set.of(Cast.CALLER.key()))));
    assertThat(bench.up()).contains(linked);
    var step = bench.on(new ServeEvent.AllowListChanged(AllowList.of(Set.of())));
    assertThat(step.one(SocketEffect.Close.class).id()).isEqualTo(linked);
    assertThat(bench.up()).isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(20)).dialled()).isEmpty();
  }

  @Test
  void oneCallerCannotTakeAllThePlaces() {
    ServeBench bench = new ServeBench().serving();
    for (int i = 0; i < 64; i++) {
      bench.direct("203.0.113.7:" + (2000 + i));
    }
    SocketEvent.Accepted next = bench.accepted("203.0.113.7:3000");
    bench.on(next);
    var step = bench.on(bench.hello(next.id(), bench.newNonce()));
    assertThat(step.one(ServeEffect.Refuse.class).code()).isEqualTo(RefusalCode.BUSY);
    SocketEvent.Accepted other = bench.accepted("203.0.113.8:3000");
    bench.on(other);
    var hello = new ServeEvent.HelloArrived(other.id(), bench.newNonce(), Cast.key(77));
    assertThat(bench.on(hello).text()).isEqualTo("Welcome");
  }

  @Test
  void theRungOfALinkIsTold() {
    ServeBench bench = new ServeBench().serving();
    assertThat(bench.rung(bench.linked(bench.newNonce()))).isEqualTo(Rung.EXTERNAL);
    assertThat(bench.rung(bench.direct("203.0.113.99:50000"))).isEqualTo(Rung.DIRECT);
    assertThat(bench.rung(bench.direct("192.168.1.77:50000"))).isEqualTo(Rung.LOCAL);
    assertThat(bench.rung(bench.direct("127.0.0.1:50000"))).isEqualTo(Rung.LOCAL);
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
}
