package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Reply;
import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How a service answers knocks. */
class ServeKnockTest {
  @Test
  void aKnockIsAnsweredWithTheMirroredLadder() {
    ServeBench bench = new ServeBench().serving();
    bench.on(
        bench.knock(
            bench.newNonce(),
            "reflexive 203.0.113.7:4000",
            "reflexive 203.0.113.7:4001",
            "host 192.168.7.7:4000"));
    assertThat(bench.dialling()).isEqualTo(2);
    bench.dialTo("203.0.113.7:4000");
    bench.dialTo("203.0.113.7:4001");
    bench.pass(Duration.ofMillis(250));
    bench.dialTo("192.168.7.7:4000");
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
    assertThat(step.all(SocketEffect.Dial.class))
        .extracting(dial -> dial.remote().port())
        .containsExactly(4000, 61000);
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

  @Test
  void aCallerWhoIsNotOnTheList_isToldSo_andNotASynLeaves() {
    ServeBench bench = new ServeBench().serving();
    bench.on(new ServeEvent.AllowListChanged(AllowList.of(Set.of(Cast.key(50)))));
    CallNonce nonce = bench.newNonce();
    var step = bench.on(bench.knock(nonce, "reflexive 203.0.113.7:4000"));
    assertThat(bench.replies(nonce, step))
        .extracting(Reply::outcome)
        .containsExactly(Reply.Outcome.REFUSED);
    assertThat(step.dialled()).isEmpty();
    assertThat(bench.pass(Duration.ofSeconds(20)).dialled()).isEmpty();
    bench.on(new ServeEvent.AllowListChanged(AllowList.of(Set.of(Cast.CALLER.key()))));
    assertThat(bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.7:4000")).dialled())
        .hasSize(1);
  }

  @Test
  void refusalsAreFew_howeverManyKeysAStrangerMakes() {
    ServeBench bench = new ServeBench().serving();
    bench.on(new ServeEvent.AllowListChanged(AllowList.of(Set.of())));
    int replies = 0;
    for (int i = 0; i < 100; i++) {
      Identity stranger = Identity.fromSeed(Cast.secret(100 + i), Cast.SEALER);
      var step = bench.on(bench.knock(stranger, bench.newNonce(), "reflexive 203.0.113.7:4000"));
      replies += step.all(ServeEffect.Reply.class).size();
    }
    assertThat(replies).isEqualTo(8);
  }

  @Test
  void howeverManyKnockForOneVictim_theDialsOfAllTogetherAreBounded() {
    ServeBench bench = new ServeBench().serving();
    for (int i = 0; i < 60; i++) {
      Identity accomplice = Identity.fromSeed(Cast.secret(60 + i), Cast.SEALER);
      String[] candidates = new String[8];
      for (int c = 0; c < 8; c++) {
        candidates[c] = "reflexive 203.0.113.7:" + (4000 + 8 * i + c);
      }
      bench.on(bench.knock(accomplice, bench.newNonce(), candidates));
    }
    int dials = 0;
    for (int second = 0; second < 10; second++) {
      for (int slice = 0; slice < 100; slice++) {
        dials += bench.pass(Duration.ofMillis(10)).dialled().size();
        bench.refuseAll();
      }
    }
    assertThat(dials).isBetween(1000, 400 + 10 * 400);
  }

  @Test
  void rubbishInTheMailbox_doesNotFillTheScreen() {
    ServeBench bench = new ServeBench().serving();
    int told = 0;
    for (int i = 0; i < 10_000; i++) {
      var step = bench.on(new ServeEvent.KnockArrived(SealedItem.of(new byte[100 + i % 50])));
      told += step.all(ServeEffect.Report.class).size();
    }
    assertThat(told).isEqualTo(3);
    CallNonce nonce = bench.newNonce();
    assertThat(bench.on(bench.knock(nonce, "reflexive 203.0.113.7:4000")).dialled()).hasSize(1);
  }

  @Test
  void whatWasNotSaidOfRubbish_isCountedWithTheNextComplaint() {
    ServeBench bench = new ServeBench().serving();
    ServeEvent rubbish = new ServeEvent.KnockArrived(SealedItem.of(new byte[100]));
    String plain = "a knock was not valid and is ignored: ";
    for (int i = 0; i < 3; i++) {
      assertThat(complaint(bench.on(rubbish))).startsWith(plain);
    }
    for (int i = 0; i < 7; i++) {
      assertThat(bench.on(rubbish).all(ServeEffect.Report.class)).isEmpty();
    }
    bench.pass(Duration.ofSeconds(61));
    assertThat(complaint(bench.on(rubbish)))
        .startsWith("a knock was not valid and is ignored, and 7 before it: ");
    bench.pass(Duration.ofSeconds(61));
    assertThat(complaint(bench.on(rubbish))).as("each is counted once").startsWith(plain);
  }

  private static String complaint(Bench<ServeEvent, ServeEffect>.Step step) {
    Progress progress = step.one(ServeEffect.Report.class).progress();
    assertThat(progress).isInstanceOf(Progress.Trouble.class);
    return ((Progress.Trouble) progress).sentence();
  }
}
