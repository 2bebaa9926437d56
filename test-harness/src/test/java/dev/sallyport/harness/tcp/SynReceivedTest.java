package dev.sallyport.harness.tcp;

import static dev.sallyport.harness.packet.TcpFlags.ACK;
import static dev.sallyport.harness.packet.TcpFlags.FIN;
import static dev.sallyport.harness.packet.TcpFlags.PSH;
import static dev.sallyport.harness.packet.TcpFlags.RST;
import static dev.sallyport.harness.packet.TcpFlags.SYN;
import static dev.sallyport.harness.tcp.HandmadePeer.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.packet.IcmpError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A connect whose SYN has met another one (RFC 9293 section 3.5, figure 7); measured against Linux
 * 6.18.
 */
final class SynReceivedTest {
  private final HandmadePeer peer = new HandmadePeer();
  private TcpConnection connection;

  @BeforeEach
  void crossSyns() throws Exception {
    connection = peer.connect();
    peer.seen();
    peer.give(SYN, 0, 0);
  }

  /** {@code tcp_send_synack}: the same SYN, now with ACK. */
  @Test
  void theSynThatMetOurs_isAnsweredWithTheSameSynAndAck() {
    assertThat(peer.seen()).containsExactly("SYN+ACK 0 1");
    assertThat(connection.isEstablished()).isFalse();
    assertThat(peer.told.events).isEmpty();
  }

  /** {@code tcp_validate_incoming} from 6.12 on; earlier kernels wait for the ACK to theirs. */
  @Test
  void aSynAck_establishesIt() {
    peer.seen();
    peer.give(SYN | ACK, 0, 1);
    assertThat(peer.seen()).containsExactly("ACK 1 1");
    assertThat(peer.told.events).containsExactly("established");
    peer.give(SYN | ACK, 0, 1); // the other end has not heard of it
    assertThat(peer.seen()).containsExactly("ACK 1 1");
  }

  @Test
  void anAck_establishesIt() {
    peer.seen();
    peer.give(ACK, 1, 1);
    assertThat(peer.seen()).isEmpty();
    assertThat(peer.told.events).containsExactly("established");
  }

  @Test
  void data_establishesIt() {
    peer.seen();
    peer.give(PSH | ACK, 1, 1, 5, "hello");
    assertThat(peer.seen()).containsExactly("ACK 1 6");
    assertThat(peer.told.events).containsExactly("established", "got hello");
  }

  @Test
  void aFin_establishesItAndEndsIt() {
    peer.seen();
    peer.give(FIN | ACK, 1, 1);
    assertThat(peer.seen()).containsExactly("ACK 1 2");
    assertThat(peer.told.events).containsExactly("established", "closed");
  }

  /** RFC 9293 section 3.10.7.4, fifth. */
  @Test
  void anAckOfWhatWasNeverSent_isAnsweredWithAReset() {
    peer.seen();
    peer.give(ACK, 1, 50);
    peer.give(ACK, 1, -1);
    assertThat(peer.seen()).containsExactly("RST 50", "RST -1");
    assertThat(peer.told.events).isEmpty();
    assertThat(peer.host.openConnections()).isEqualTo(1);
  }

  /** RFC 5961 section 4.2 and 7: one challenge ACK in half a second. */
  @Test
  void anotherSyn_isAnsweredWithAChallengeAck() {
    peer.seen();
    peer.give(SYN, 0, 0);
    peer.give(SYN, 0, 0);
    assertThat(peer.seen()).containsExactly("ACK 1 1");
    peer.run(SECOND / 2);
    peer.give(SYN, 5_000_000, 0);
    assertThat(peer.seen()).containsExactly("ACK 1 1");
  }

  /** The timer of the SYN goes on; {@code tcp_syn_retries} without the linear timeouts. */
  @Test
  void theSynAck_isRepeated_andTimesOut() {
    peer.run(127 * SECOND - 1);
    assertThat(peer.times())
        .containsExactly(
            "SYN+ACK @0",
            "SYN+ACK @1000",
            "SYN+ACK @3000",
            "SYN+ACK @7000",
            "SYN+ACK @15000",
            "SYN+ACK @31000",
            "SYN+ACK @63000");
    assertThat(peer.told.events).isEmpty();
    peer.run(1);
    assertThat(peer.told.events).containsExactly("failed TIMED_OUT");
  }

  /** RFC 5961 section 3.2; RFC 9293 section 3.10.7.4: the active open was refused. */
  @Test
  void aReset_refusesIt_onlyWithTheExactNumber() {
    peer.seen();
    peer.give(RST, -5, 0);
    peer.give(RST, 100_000, 0);
    assertThat(peer.seen()).isEmpty();
    peer.give(RST, 101, 0);
    assertThat(peer.seen()).containsExactly("ACK 1 1");
    assertThat(peer.told.events).isEmpty();
    peer.give(RST, 1, 0);
    assertThat(peer.told.events).containsExactly("failed REFUSED");
    assertThat(peer.host.openConnections()).isZero();
  }

  /** {@code tcp_v4_err} treats it like SYN-SENT. */
  @Test
  void anIcmpError_endsIt() {
    peer.giveError(IcmpError.PROHIBITED, 0);
    assertThat(peer.told.events).containsExactly("failed UNREACHABLE");
    assertThat(peer.host.openConnections()).isZero();
  }

  /** {@code tcp_need_reset}. */
  @Test
  void abort_resetsTheOtherEnd() {
    peer.seen();
    connection.abort();
    assertThat(peer.seen()).containsExactly("RST+ACK 1 1");
    assertThat(peer.host.openConnections()).isZero();
  }

  /**
   * RFC 9293 section 3.10.4 ({@code tcp_close_state}): a FIN, and the SYN+ACK is still repeated.
   */
  @Test
  void close_finishesTheHandshake_andTheConnection() {
    peer.seen();
    connection.close();
    assertThat(peer.seen()).containsExactly("FIN+ACK 1 1");
    peer.run(SECOND);
    assertThat(peer.seen()).containsExactly("SYN+ACK 0 1");
    peer.give(SYN | ACK, 0, 1);
    assertThat(peer.seen()).containsExactly("ACK 2 1");
    peer.give(FIN | ACK, 1, 2);
    assertThat(peer.seen()).containsExactly("ACK 2 2");
    assertThat(peer.host.openConnections()).isZero();
    assertThat(peer.host.timeWaits()).isEqualTo(1);
    assertThat(peer.told.events).isEmpty();
  }
}
