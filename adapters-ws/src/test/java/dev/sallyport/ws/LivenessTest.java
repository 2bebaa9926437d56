package dev.sallyport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.ws.Liveness.Duty;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LivenessTest {
  private static final long START = Long.MAX_VALUE - 5_000_000_000L; // nanoTime may overflow
  private final Liveness liveness =
      new Liveness(Duration.ofSeconds(10), Duration.ofSeconds(25), START);

  private static long at(long seconds) {
    return START + Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void silentPeer_isPingedTwice_thenGivenUp() {
    liveness.waiting(at(0));
    assertThat(liveness.duty(at(9))).isEqualTo(Duty.NOTHING);
    assertThat(liveness.duty(at(10))).isEqualTo(Duty.PING);
    assertThat(liveness.duty(at(11))).isEqualTo(Duty.NOTHING);
    assertThat(liveness.duty(at(20))).isEqualTo(Duty.PING);
    assertThat(liveness.duty(at(24))).isEqualTo(Duty.NOTHING);
    assertThat(liveness.duty(at(25))).isEqualTo(Duty.GIVE_UP);
  }

  @Test
  void anyByte_startsTheSilenceAnew() {
    liveness.waiting(at(0));
    liveness.heard(at(24));
    liveness.wrote(at(24));
    liveness.waiting(at(24));
    assertThat(liveness.duty(at(33))).isEqualTo(Duty.NOTHING);
    assertThat(liveness.duty(at(34))).isEqualTo(Duty.PING);
    assertThat(liveness.duty(at(48))).isEqualTo(Duty.PING);
    assertThat(liveness.duty(at(49))).isEqualTo(Duty.GIVE_UP);
  }

  @Test
  void whileNobodyReads_thePeerIsPingedButNeverGivenUp() {
    liveness.waiting(at(0));
    liveness.heard(at(1));
    assertThat(liveness.duty(at(11))).isEqualTo(Duty.PING);
    assertThat(liveness.duty(at(21))).isEqualTo(Duty.PING);
    assertThat(liveness.duty(at(1000))).isEqualTo(Duty.PING);
    liveness.waiting(at(1001));
    assertThat(liveness.duty(at(1025))).isEqualTo(Duty.PING);
    assertThat(liveness.duty(at(1026))).isEqualTo(Duty.GIVE_UP);
  }

  @Test
  void endThatOnlyReceives_pingsToBeHeard() {
    for (int second = 0; second < 10; second++) {
      liveness.heard(at(second));
      assertThat(liveness.duty(at(second))).isEqualTo(Duty.NOTHING);
    }
    liveness.heard(at(10));
    assertThat(liveness.duty(at(10))).isEqualTo(Duty.PING);
    liveness.wrote(at(10));
    liveness.heard(at(19));
    assertThat(liveness.duty(at(19))).isEqualTo(Duty.NOTHING);
    assertThat(liveness.nextCheck(at(19))).isEqualTo(Duration.ofSeconds(1).toNanos());
    assertThat(liveness.duty(at(20))).isEqualTo(Duty.PING);
  }

  @Test
  void endThatOnlySends_pingsToBeAnswered() {
    liveness.waiting(at(0));
    liveness.wrote(at(9));
    assertThat(liveness.duty(at(10))).isEqualTo(Duty.PING);
    liveness.wrote(at(24));
    assertThat(liveness.duty(at(25))).isEqualTo(Duty.GIVE_UP);
  }

  @Test
  void busyLink_isNeverPinged() {
    for (int second = 0; second < 100; second += 9) {
      liveness.heard(at(second));
      liveness.wrote(at(second));
      assertThat(liveness.duty(at(second))).isEqualTo(Duty.NOTHING);
    }
  }

  @Test
  void nextCheck_isWhenSomethingCanBeDue() {
    liveness.waiting(at(0));
    assertThat(liveness.nextCheck(at(4))).isEqualTo(Duration.ofSeconds(6).toNanos());
    assertThat(liveness.duty(at(10))).isEqualTo(Duty.PING);
    assertThat(liveness.nextCheck(at(10))).isEqualTo(Duration.ofSeconds(10).toNanos());
    assertThat(liveness.duty(at(20))).isEqualTo(Duty.PING);
    assertThat(liveness.nextCheck(at(20))).isEqualTo(Duration.ofSeconds(5).toNanos());
    liveness.heard(at(21));
    liveness.wrote(at(21));
    assertThat(liveness.nextCheck(at(21))).isEqualTo(Duration.ofSeconds(10).toNanos());
  }
}
