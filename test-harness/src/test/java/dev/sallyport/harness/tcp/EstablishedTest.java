package dev.sallyport.harness.tcp;

import static dev.sallyport.harness.packet.TcpFlags.ACK;
import static dev.sallyport.harness.packet.TcpFlags.FIN;
import static dev.sallyport.harness.packet.TcpFlags.PSH;
import static dev.sallyport.harness.packet.TcpFlags.RST;
import static dev.sallyport.harness.packet.TcpFlags.SYN;
import static dev.sallyport.harness.tcp.HandmadePeer.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.harness.packet.IcmpError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an established connection makes of segments; measured against Linux 6.18. */
final class EstablishedTest {
  private final HandmadePeer peer = new HandmadePeer();
  private TcpConnection connection;

  @BeforeEach
  void establish() throws Exception {
    connection = peer.connected();
  }

  /** RFC 5961 section 4.2, and section 7 for the limit. */
  @Test
  void aSyn_isAnsweredWithAChallengeAck() {
    peer.give(SYN, 9_000_000, 0);
    peer.give(SYN, 9_000_000, 0);
    assertThat(peer.seen()).containsExactly("ACK 1 1");
    peer.run(SECOND / 2);
    peer.give(SYN, 10, 0);
    assertThat(peer.seen()).containsExactly("ACK 1 1");
    assertThat(peer.told.events).isEmpty();
  }

  /** RFC 5961 section 3.2. */
  @Test
  void aReset_endsIt_onlyWithTheExactNumber() {
    peer.give(RST, 0, 0);
    peer.give(RST, 500_000, 0);
    assertThat(peer.seen()).isEmpty();
    peer.give(RST, 100, 0);
    assertThat(peer.seen()).containsExactly("ACK 1 1");
    assertThat(peer.told.events).isEmpty();
    peer.give(RST, 1, 0);
    assertThat(peer.told.events).containsExactly("reset");
    assertThat(peer.seen()).isEmpty();
    assertThat(connection.isEstablished()).isFalse();
    assertThat(peer.host.openConnections()).isZero();
  }

  /** {@code tcp_v4_err}: a soft error (RFC 1122 section 4.2.3.9). */
  @Test
  void icmpErrors_doNotEndIt() {
    connection.send("hello", 5);
    for (IcmpError error : IcmpError.values()) {
      peer.giveError(error, 1);
    }
    assertThat(peer.told.events).isEmpty();
    assertThat(connection.isEstablished()).isTrue();
  }

  @Test
  void data_isAcknowledged_andTold() {
    peer.give(PSH | ACK, 1, 1, 5, "hello");
    assertThat(peer.seen()).containsExactly("ACK 1 6");
    assertThat(peer.told.events).containsExactly("got hello");
  }

  /** The ACK was lost. */
  @Test
  void dataThatCameBefore_isAcknowledgedAgain_andNotTold() {
    peer.give(PSH | ACK, 1, 1, 5, "hello");
    peer.give(PSH | ACK, 1, 1, 5, "hello");
    assertThat(peer.seen()).containsExactly("ACK 1 6", "ACK 1 6");
    assertThat(peer.told.events).containsExactly("got hello");
  }

  @Test
  void dataAhead_waitsForWhatIsMissing() {
    peer.give(FIN | ACK, 9, 1);
    peer.give(PSH | ACK, 6, 1, 3, "two");
    peer.give(PSH | ACK, 6, 1, 3, "two");
    assertThat(peer.seen()).containsExactly("ACK 1 1", "ACK 1 1", "ACK 1 1");
    assertThat(peer.told.events).isEmpty();
    peer.give(PSH | ACK, 1, 1, 5, "one");
    assertThat(peer.seen()).containsExactly("ACK 1 10");
    assertThat(peer.told.events).containsExactly("got one", "got two", "closed");
  }

  @Test
  void dataOutsideTheWindow_isAnsweredWithAnAck_andDropped() {
    peer.give(PSH | ACK, 1_000_000, 1, 5, "far");
    assertThat(peer.seen()).containsExactly("ACK 1 1");
    assertThat(peer.told.events).isEmpty();
  }

  /** RFC 5961 section 5.2. */
  @Test
  void anAckOfWhatWasNeverSent_isAnsweredWithAChallengeAck() {
    peer.give(PSH | ACK, 1, 50, 5, "hello");
    assertThat(peer.seen()).containsExactly("ACK 1 1");
    assertThat(peer.told.events).isEmpty();
  }

  /** RFC 5961 section 5.2. */
  @Test
  void anAckFromLongAgo_isAnsweredWithAChallengeAck() {
    peer.give(PSH | ACK, 1, -100_000, 5, "hello");
    assertThat(peer.seen()).containsExactly("ACK 1 1");
    assertThat(peer.told.events).isEmpty();
  }

  /** {@code tcp_close}, RFC 2525 section 2.17. */
  @Test
  void closeWithUnreadMessages_resetsTheOtherEnd() {
    peer.host.stopListening(HandmadePeer.PORT);
    HandmadePeer other = new HandmadePeer();
    other.host.listen(HandmadePeer.PORT, other.accepted::add);
    other.give(SYN, 0, 0);
    other.give(PSH | ACK, 1, 1, 5, "unread");
    other.seen();
    other.accepted.get(0).close();
    assertThat(other.seen()).containsExactly("RST+ACK 1 6");
    assertThat(other.host.openConnections()).isZero();
  }

  @Test
  void nothingIsTold_afterClose() {
    connection.close();
    peer.give(ACK, 1, 2);
    peer.give(FIN | ACK, 1, 2);
    peer.give(RST, 2, 0);
    assertThat(peer.told.events).isEmpty();
  }

  /** {@code tcp_rcv_state_process}: FIN-WAIT-1 with nobody to read. */
  @Test
  void dataAfterClose_isAnsweredWithAReset() {
    connection.close();
    peer.seen();
    peer.give(PSH | ACK, 1, 1, 5, "late");
    assertThat(peer.seen()).containsExactly("RST 1");
    assertThat(peer.host.openConnections()).isZero();
  }

  /** {@code tcp_reset_check}: the other end did not count our FIN's ACK. */
  @Test
  void aResetJustBelow_endsWhatTheOtherEndHasClosed() {
    peer.give(FIN | ACK, 1, 1);
    assertThat(peer.told.events).containsExactly("closed");
    peer.give(RST, 1, 0);
    assertThat(peer.host.openConnections()).isZero();
  }

  @Test
  void messagesOfImpossibleLength_areRefused() {
    assertThatThrownBy(() -> connection.send("", 0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> connection.send("", 64_241))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A listener that closes in the middle gets no more. */
  @Test
  void closeWithinACallback_stopsTheRest() {
    Recorder recorder = new Recorder();
    connection.listen(
        new TcpListener() {
          @Override
          public void established() {}

          @Override
          public void failed(ConnectFailure why) {}

          @Override
          public void received(Object message) {
            recorder.received(message);
            connection.close();
          }

          @Override
          public void closed(boolean reset) {
            recorder.closed(reset);
          }
        });
    peer.give(PSH | ACK, 6, 1, 3, "two");
    peer.seen();
    peer.give(PSH | ACK, 1, 1, 5, "one");
    assertThat(recorder.events).containsExactly("got one");
    assertThat(peer.seen()).containsExactly("ACK 1 9", "RST+ACK 1 9");
  }
}
