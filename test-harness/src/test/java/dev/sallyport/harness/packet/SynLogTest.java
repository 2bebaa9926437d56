package dev.sallyport.harness.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import org.junit.jupiter.api.Test;

final class SynLogTest {
  private static final String A = "198.18.10.2:8765";
  private static final String B = "198.18.20.2:9000";
  private static final Packet FROM_A = Packets.segment(A, B, 1, Packets.SYN);
  private static final Packet FROM_B = Packets.segment(B, A, 2, Packets.SYN);

  private final SynLog log = new SynLog();

  @Test
  void twoSynsThatPassEachOther_haveCrossed() {
    log.left(0, FROM_A, 0);
    log.left(1, FROM_B, 10);
    log.reached(1, FROM_A, 50);
    log.reached(0, FROM_B, 60);
    assertThat(log.crossed(null)).isTrue();
    assertThat(log.crossed(Endpoint.parse(B))).isTrue();
    assertThat(log.crossed(Endpoint.parse("198.18.20.2:9001"))).isFalse();
    assertThat(log.delivered(0)).isOne();
    assertThat(log.delivered(1)).isOne();
  }

  @Test
  void aSynSentAfterTheOtherCame_hasNotCrossedIt() {
    log.left(0, FROM_A, 0);
    log.reached(1, FROM_A, 50);
    log.left(1, FROM_B, 51);
    log.reached(0, FROM_B, 101);
    assertThat(log.crossed(null)).isFalse();
  }

  @Test
  void aLostSyn_crossesNothing_butItsRetransmissionMay() {
    log.left(0, FROM_A, 0);
    log.left(1, FROM_B, 0);
    log.lost(0, FROM_A);
    log.reached(0, FROM_B, 50);
    assertThat(log.crossed(null)).isFalse();
    log.left(1, FROM_B, 100);
    log.left(0, FROM_A, 110);
    log.reached(0, FROM_B, 150);
    log.reached(1, FROM_A, 160);
    assertThat(log.crossed(null)).isTrue();
  }

  @Test
  void synsBetweenOtherPorts_haveNothingToDoWithEachOther() {
    Packet fromOtherPort = Packets.segment("198.18.20.2:9001", A, 2, Packets.SYN);
    log.left(0, FROM_A, 0);
    log.left(1, fromOtherPort, 10);
    log.reached(1, FROM_A, 50);
    log.reached(0, fromOtherPort, 60);
    assertThat(log.crossed(null)).isFalse();
  }

  @Test
  void anAnswerToASyn_isNoSyn() {
    Packet answer = Packets.segment(B, A, 2, Packets.SYN_ACK);
    log.left(0, FROM_A, 0);
    log.left(1, answer, 10);
    log.reached(1, FROM_A, 50);
    log.reached(0, answer, 60);
    assertThat(log.crossed(null)).isFalse();
    assertThat(log.delivered(1)).isZero();
  }

  @Test
  void afterAClear_nothingIsRemembered() {
    log.left(0, FROM_A, 0);
    log.clear();
    log.reached(1, FROM_A, 50);
    assertThat(log.delivered(0)).isZero();
  }
}
