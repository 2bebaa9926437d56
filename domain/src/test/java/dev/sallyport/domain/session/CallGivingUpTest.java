package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.rendezvous.Reply;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a caller gives up before its time, and when it does not. */
class CallGivingUpTest {
  private static final String OUR_ADDRESS = "203.0.113.7:8765";
  private static final Duration SOON = Duration.ofSeconds(9);
  private static final Duration BUDGET = Duration.ofSeconds(16);

  private final CallBench bench = new CallBench();

  @Test
  void behindOneAddress_aCallThatHasNotComeThrough_endsSoon_andSaysSo() {
    call(bench, OUR_ADDRESS);
    assertThat(bench.pass(Duration.ofSeconds(7)).all(CallEffect.Finish.class)).isEmpty();
    Failure failure = CallBench.failure(bench.pass(Duration.ofSeconds(2)));
    assertThat(failure.kind()).isEqualTo(Failure.Kind.NO_RUNG);
    assertThat(failure.sameNetwork()).isTrue();
    assertThat(failure.answered()).isTrue();
  }

  @Test
  void fromElsewhere_itHasAllItsTime() {
    call(bench, CallBench.SERVICE_OUTSIDE);
    assertThat(bench.pass(SOON).all(CallEffect.Finish.class)).isEmpty();
    assertThat(CallBench.failure(bench.pass(BUDGET)).sameNetwork()).isFalse();
  }

  @Test
  void aServiceThatHasNotAnswered_mayStillBeOnItsWay() {
    bench.looking();
    found(bench, OUR_ADDRESS);
    bench.on(new CallEvent.KnockDelivered(bench.nonce(), 8, 8));
    assertThat(bench.pass(SOON).all(CallEffect.Finish.class)).isEmpty();
  }

  @Test
  void aHandshakeThatIsUnderWay_isNotCutOff() {
    call(bench, OUR_ADDRESS);
    bench.pass(Duration.ofSeconds(5));
    SocketId id = bench.dialTo(OUR_ADDRESS);
    bench.on(bench.through(id));
    assertThat(bench.pass(Duration.ofSeconds(4)).all(CallEffect.Finish.class)).isEmpty();
    bench.on(new CallEvent.Secured(id));
    assertThat(bench.on(new SocketEvent.LinkReady(id)).all(CallEffect.Finish.class)).hasSize(1);
  }

  @Test
  void rungsThatTakeTurns_haveThemAll() {
    CallBench inTurn = new CallBench(LadderPolicy.DEFAULT.withTurns(Duration.ofSeconds(5)));
    call(inTurn, OUR_ADDRESS);
    assertThat(inTurn.pass(SOON).all(CallEffect.Finish.class)).isEmpty();
  }

  private static void call(CallBench bench, String service) {
    bench.looking();
    found(bench, service);
    bench.on(new CallEvent.KnockDelivered(bench.nonce(), 8, 8));
    bench.on(bench.reply(Reply.Outcome.ACCEPTED, Duration.ZERO, "reflexive " + service));
  }

  private static void found(CallBench bench, String service) {
    bench.found(Cast.record(10, bench.now(), "reflexive " + service));
  }
}
