package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.AllowList;
import dev.sallyport.domain.identity.Identity;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.CallNonce;
import dev.sallyport.domain.rendezvous.Reply;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How many a service lets in, whom it forgets, and which sockets it gives up. */
class ServeDoorTest {
  private static final Endpoint CALLER = Endpoint.parse(ServeBench.CALLER_OUTSIDE);

  @Test
  void ofAllCallersTogether_256CallsAreServed_andAPlaceThatIsLeftIsFree() {
    ServeBench bench = new ServeBench().serving();
    SocketId first = linked(bench, 0, Cast.key(100));
    for (int i = 1; i < 256; i++) {
      linked(bench, i, Cast.key(100 + i / 60));
    }
    SocketId oneTooMany = up(bench, 256);
    var refused = bench.on(hello(bench, oneTooMany, Cast.key(150)));
    assertThat(refused.one(ServeEffect.Refuse.class).code()).isEqualTo(RefusalCode.BUSY);
    bench.on(bench.closed(first, true));
    assertThat(bench.on(hello(bench, oneTooMany, Cast.key(150))).text()).isEqualTo("Welcome");
  }

  @Test
  void ofAllCallersTogether_64CallsArePunchedFor() {
    ServeBench bench = new ServeBench().serving();
    for (int i = 0; i < 64; i++) {
      CallNonce nonce = bench.newNonce();
      bench.on(bench.knock(identity(i), nonce, "reflexive 203.0.113.7:" + (4000 + i)));
      assertThat(bench.dialling()).isEqualTo(i + 1);
    }
    CallNonce nonce = bench.newNonce();
    var step = bench.on(bench.knock(identity(64), nonce, "reflexive 203.0.113.7:5000"));
    assertThat(bench.replies(nonce, step))
        .extracting(Reply::outcome)
        .containsExactly(Reply.Outcome.BUSY);
  }

  @Test
  void whoIsTakenOffTheList_isNotPunchedForAnyMore() {
    ServeBench bench = new ServeBench().serving();
    bench.on(bench.knock(bench.newNonce(), "reflexive " + CALLER));
    var step = bench.on(new ServeEvent.AllowListChanged(AllowList.of(Set.of())));
    assertThat(step.text()).isEqualTo("Abort");
    assertThat(bench.pass(Duration.ofSeconds(20)).text()).isEmpty();
  }

  @Test
  void whoIsTakenOffTheList_leavesNoCallBehind() {
    ServeBench bench = new ServeBench().serving();
    for (int i = 0; i < 64; i++) {
      bench.direct("203.0.113.7:" + (2000 + i));
    }
    bench.on(new ServeEvent.AllowListChanged(AllowList.of(Set.of())));
    assertThat(bench.up()).isEmpty();
    bench.on(new ServeEvent.AllowListChanged(AllowList.EVERYBODY));
    SocketId again = up(bench, 0);
    assertThat(bench.on(hello(bench, again, Cast.CALLER.key())).text()).isEqualTo("Welcome");
  }

  @Test
  void whenOneOfTwoWhoShareAnIdentityIsIn_theOtherIsStillPunchedFor() {
    ServeBench bench = new ServeBench().serving();
    bench.on(bench.knock(bench.newNonce(), "reflexive 203.0.113.8:4000"));
    CallNonce nonce = bench.newNonce();
    bench.on(bench.knock(nonce, "reflexive " + CALLER));
    SocketId in = bench.dialTo(ServeBench.CALLER_OUTSIDE);
    bench.on(bench.through(in));
    assertThat(bench.on(bench.hello(in, nonce)).text()).isEqualTo("Welcome");
    assertThat(bench.dialTo("203.0.113.8:4000")).isNotNull();
  }

  @Test
  void aLinkWithoutAHello_isNone() {
    ServeBench bench = new ServeBench().serving();
    SocketId id = up(bench, 0);
    var step = bench.on(new SocketEvent.LinkReady(id));
    assertThat(step.one(SocketEffect.Close.class).id()).isEqualTo(id);
    assertThat(step.told()).isEmpty();
  }

  @Test
  void whatIsUp_isNotDialledAgain_unlessItLeadsNowhere() {
    ServeBench bench = new ServeBench().serving();
    SocketId id = bench.punched(bench.newNonce());
    assertThat(bench.pass(Duration.ofSeconds(1)).dialled()).doesNotContain(CALLER);
    bench.on(bench.broken(id, LinkException.Reason.BROKEN));
    assertThat(bench.pass(Duration.ofMillis(110)).dialled()).contains(CALLER);
  }

  @Test
  void whenDialsRunShort_noCallGoesWithout() {
    ServeBench bench = new ServeBench().serving();
    Set<Endpoint> wanted = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      String remote = "203.0.113.7:" + (4000 + i);
      wanted.add(Endpoint.parse(remote));
      bench.on(bench.knock(identity(i), bench.newNonce(), "reflexive " + remote));
    }
    for (int slice = 0; slice < 200; slice++) { // until the burst is used up
      bench.pass(Duration.ofMillis(10));
      bench.refuseAll();
    }
    Set<Endpoint> dialled = new HashSet<>();
    for (int slice = 0; slice < 100; slice++) {
      dialled.addAll(bench.pass(Duration.ofMillis(10)).dialled());
      bench.refuseAll();
    }
    assertThat(dialled).containsAll(wanted);
  }

  private static SocketId linked(ServeBench bench, int number, PublicKey32 caller) {
    SocketId id = up(bench, number);
    bench.on(hello(bench, id, caller));
    bench.on(new SocketEvent.LinkReady(id));
    return id;
  }

  private static SocketId up(ServeBench bench, int number) {
    SocketEvent.Accepted accepted = bench.accepted("203.0.113.99:" + (10_000 + number));
    bench.on(accepted);
    return accepted.id();
  }

  private static ServeEvent hello(ServeBench bench, SocketId id, PublicKey32 caller) {
    return new ServeEvent.HelloArrived(id, bench.newNonce(), caller);
  }

  private static Identity identity(int number) {
    return Identity.fromSeed(Cast.secret(50 + number), Cast.SEALER);
  }
}
