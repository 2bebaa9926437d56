package dev.sallyport.domain.punch;

import static dev.sallyport.domain.punch.PunchBench.PUBLIC;
import static dev.sallyport.domain.punch.PunchBench.START;
import static dev.sallyport.domain.punch.PunchBench.plan;
import static dev.sallyport.domain.punch.PunchBench.rung;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.ladder.Rung;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which paces there are, and that the buckets and the machine keep them. */
class PunchPolicyTest {
  @ParameterizedTest
  @CsvSource({
    "-1, 5, 2000, 5, 1000, 200",
    "10, -1, 2000, 5, 1000, 200",
    "10, 5, 0, 5, 1000, 200",
    "10, 5, 2000, 0, 1000, 200",
    "10, 5, 2000, 5, 9, 200",
    "10, 5, 2000, 5, 1000, 0",
  })
  void aPaceThatNobodyCanKeep_isRefused(
      int floor, int jitter, int timeout, int patience, int slow, int perSecond) {
    assertThatThrownBy(() -> policy(floor, jitter, timeout, patience, slow, perSecond))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theLeastOfEverything_isAPace() {
    assertThatCode(() -> policy(0, 0, 1, 1, 0, 1)).doesNotThrowAnyException();
  }

  @Test
  void withoutJitter_theNextDialLeavesAtTheFloor() {
    AtomicLong ids = new AtomicLong();
    PunchMachine machine =
        new PunchMachine(
            plan(rung(Rung.EXTERNAL, PUBLIC)),
            policy(10, 0, 2000, 5, 1000, 200),
            new Random(1),
            () -> SocketId.dialed(ids.incrementAndGet()),
            new TokenBucket(1000, 1000),
            new BurstGuard(),
            START);
    machine.poll(START);
    machine.on(new PunchEvent.Failed(SocketId.dialed(1), DialFailure.REFUSED), START);
    assertThat(machine.deadline()).isEqualTo(START.plusMillis(10));
  }

  @Test
  void aBucketThatNeverHasAToken_isNone() {
    assertThatThrownBy(() -> new TokenBucket(0, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new TokenBucket(1, 0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBucketForOne_hasOneAgainInItsTime() {
    TokenBucket bucket = new TokenBucket(0.5, 1);
    Instant now = START;
    assertThat(bucket.take(now)).isTrue();
    assertThat(bucket.take(now)).isFalse();
    assertThat(bucket.next()).isEqualTo(now.plusSeconds(2));
    assertThat(bucket.has(now.plusMillis(1999))).isFalse();
    assertThat(bucket.take(now.plusSeconds(2))).isTrue();
  }

  @Test
  void sockets_areNamedByWhoMadeThem() {
    assertThat(SocketId.dialed(7)).hasToString("d7");
    assertThat(SocketId.accepted(7)).hasToString("a7");
  }

  private static PunchPolicy policy(
      int floor, int jitter, int timeout, int patience, int slow, int perSecond) {
    return new PunchPolicy(
        Duration.ofMillis(floor),
        Duration.ofMillis(jitter),
        Duration.ofMillis(timeout),
        patience,
        Duration.ofMillis(slow),
        perSecond);
  }
}
