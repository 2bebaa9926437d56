package dev.sallyport.harness.tcp;

import static dev.sallyport.harness.packet.TcpFlags.ACK;
import static dev.sallyport.harness.packet.TcpFlags.FIN;
import static dev.sallyport.harness.packet.TcpFlags.PSH;
import static dev.sallyport.harness.packet.TcpFlags.RST;
import static dev.sallyport.harness.packet.TcpFlags.SYN;
import static dev.sallyport.harness.tcp.HandmadePeer.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What is left of a connection that was closed here first; measured against Linux 6.18. */
final class TimeWaitTest {
  private final HandmadePeer peer = new HandmadePeer();

  private static void finWait2(HandmadePeer peer) throws TupleInUseException {
    peer.connected().close();
    peer.give(ACK, 1, 2);
    assertThat(peer.seen()).containsExactly("FIN+ACK 1 1");
  }

  private static void timeWait(HandmadePeer peer) throws TupleInUseException {
    finWait2(peer);
    peer.give(FIN | ACK, 1, 2);
    assertThat(peer.seen()).containsExactly("ACK 2 2");
    assertThat(peer.host.timeWaits()).isEqualTo(1);
    assertThat(peer.host.openConnections()).isZero();
  }

  /** {@code tcp_fin_timeout} 60 s. */
  @Test
  void finWait2_isForgottenAfterAMinute() throws Exception {
    finWait2(peer);
    peer.run(60 * SECOND - 1);
    assertThat(peer.host.openConnections()).isEqualTo(1);
    assertThat(peer.host.timeWaits()).isZero();
    peer.run(1);
    assertThat(peer.host.openConnections()).isZero();
    assertThat(peer.host.timeWaits()).isZero();
  }

  @Test
  void dataInFinWait2_isAnsweredWithAReset() throws Exception {
    finWait2(peer);
    peer.give(PSH | ACK, 1, 2, 5, "late");
    assertThat(peer.seen()).containsExactly("RST 2");
    assertThat(peer.host.openConnections()).isZero();
  }

  @Test
  void timeWait_lastsAMinute_fromTheLastSegmentOn() throws Exception {
    timeWait(peer);
    peer.run(30 * SECOND);
    peer.give(FIN | ACK, 1, 2); // our ACK was lost (RFC 9293 section 3.10.7.4, eighth)
    assertThat(peer.seen()).containsExactly("ACK 2 2");
    peer.run(60 * SECOND - 1);
    assertThat(peer.host.timeWaits()).isEqualTo(1);
    peer.run(1);
    assertThat(peer.host.timeWaits()).isZero();
  }

  /** {@code tcp_rfc1337} is off. */
  @Test
  void aReset_endsTimeWait_onlyWithTheExactNumber() throws Exception {
    timeWait(peer);
    peer.give(RST, 1, 0);
    peer.give(RST, 3, 0);
    assertThat(peer.host.timeWaits()).isEqualTo(1);
    peer.give(RST, 2, 0);
    assertThat(peer.host.timeWaits()).isZero();
  }

  /** RFC 9293 section 3.6.1, {@code TCP_TW_SYN}; it starts 65537 above the old connection. */
  @Test
  void aHigherSyn_revivesTheTuple_ifAListenerTakesIt() throws Exception {
    timeWait(peer);
    peer.listen();
    peer.give(SYN, 50_000, 0);
    assertThat(peer.seen()).containsExactly("SYN+ACK 65539 50001");
    assertThat(peer.host.timeWaits()).isZero();
    peer.give(ACK, 50_001, 65_540);
    assertThat(peer.accepted).hasSize(1);
  }

  @Test
  void aLowerSyn_isAnsweredWithAnAck() throws Exception {
    timeWait(peer);
    peer.listen();
    peer.give(SYN, -5000, 0);
    assertThat(peer.seen()).containsExactly("ACK 2 2");
    assertThat(peer.host.timeWaits()).isEqualTo(1);
  }

  @Test
  void aHigherSyn_withoutAListener_isAnsweredWithAnAck() throws Exception {
    timeWait(peer);
    peer.give(SYN, 50_000, 0);
    assertThat(peer.seen()).containsExactly("ACK 2 2");
  }

  /** {@code tcp_twsk_unique}: {@code tcp_tw_reuse} 2 is for the loopback only. */
  @Test
  void aConnect_onATupleInTimeWait_fails() throws Exception {
    timeWait(peer);
    peer.run(59 * SECOND);
    assertThatThrownBy(peer::connect).isInstanceOf(TupleInUseException.class);
    peer.run(SECOND);
    peer.connect();
  }

  @Test
  void aConnect_onATupleInFinWait2_fails() throws Exception {
    finWait2(peer);
    assertThatThrownBy(peer::connect).isInstanceOf(TupleInUseException.class);
  }

  /** {@code tcp_tw_reuse_delay} is a second. */
  @Test
  void onTheLoopback_aConnectTakesTimeWaitOver_afterASecond() throws Exception {
    HandmadePeer loopback = new HandmadePeer("127.0.0.1", "127.0.0.2");
    timeWait(loopback);
    loopback.run(SECOND);
    assertThatThrownBy(loopback::connect).isInstanceOf(TupleInUseException.class);
    loopback.run(1);
    loopback.connect();
    assertThat(loopback.seen()).containsExactly("SYN 65539");
    assertThat(loopback.host.timeWaits()).isZero();
  }

  /** RFC 9293 section 3.6, figure 13. */
  @Test
  void finsThatCross_leadThere_too() throws Exception {
    peer.connected().close();
    peer.give(FIN | ACK, 1, 1);
    assertThat(peer.seen()).containsExactly("FIN+ACK 1 1", "ACK 2 2");
    assertThat(peer.host.timeWaits()).isZero();
    peer.give(ACK, 2, 2);
    assertThat(peer.host.timeWaits()).isEqualTo(1);
    assertThat(peer.host.openConnections()).isZero();
  }

  /** LAST-ACK: who closes second does not wait. */
  @Test
  void theOtherEndClosingFirst_leavesNothingHere() throws Exception {
    TcpConnection connection = peer.connected();
    peer.give(FIN | ACK, 1, 1);
    connection.close();
    assertThat(peer.seen()).containsExactly("ACK 1 2", "FIN+ACK 1 2");
    peer.give(ACK, 2, 2);
    assertThat(peer.host.openConnections()).isZero();
    assertThat(peer.host.timeWaits()).isZero();
  }
}
