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
import org.junit.jupiter.api.Test;

/** A connect before it is established; measured against Linux 6.18 where not said otherwise. */
final class SynSentTest {
  private final HandmadePeer peer = new HandmadePeer();

  /** {@code tcp_syn_linear_timeouts} 4, {@code tcp_syn_retries} 6; ETIMEDOUT after 131 s. */
  @Test
  void aSynWithoutAnswer_isRepeatedAsLinuxDoes_andTimesOut() throws Exception {
    peer.connect();
    peer.run(131 * SECOND - 1);
    assertThat(peer.times())
        .containsExactly(
            "SYN @0",
            "SYN @1000",
            "SYN @2000",
            "SYN @3000",
            "SYN @4000",
            "SYN @5000",
            "SYN @7000",
            "SYN @11000",
            "SYN @19000",
            "SYN @35000",
            "SYN @67000");
    assertThat(peer.told.events).isEmpty();
    peer.run(1);
    assertThat(peer.told.events).containsExactly("failed TIMED_OUT");
    assertThat(peer.host.openConnections()).isZero();
  }

  /** RFC 9293 section 3.10.7.3. */
  @Test
  void aSynAck_establishesIt() throws Exception {
    TcpConnection connection = peer.connect();
    peer.give(SYN | ACK, 0, 1);
    assertThat(peer.seen()).containsExactly("SYN 0", "ACK 1 1");
    assertThat(peer.told.events).containsExactly("established");
    assertThat(connection.isEstablished()).isTrue();
    peer.run(200 * SECOND);
    assertThat(peer.seen()).isEmpty();
  }

  /** RFC 9293 section 3.10.7.3; a SYN follows at once ({@code tcp_rcv_synsent_state_process}). */
  @Test
  void aSynAckForAnotherSyn_isAnsweredWithAReset_andTheConnectGoesOn() throws Exception {
    peer.connect();
    peer.give(SYN | ACK, 0, 78);
    assertThat(peer.seen()).containsExactly("SYN 0", "RST 78");
    peer.run(SECOND / 100);
    assertThat(peer.seen()).containsExactly("SYN 0");
    peer.give(SYN | ACK, 5000, 1);
    assertThat(peer.told.events).containsExactly("established");
  }

  /** The challenge ACK of a connection that the other end still has (RFC 9293 figure 9). */
  @Test
  void anAckOfAnEarlierConnection_isAnsweredWithAReset_andHurriesTheSynOnce() throws Exception {
    peer.connect();
    peer.give(ACK, 77, -500);
    peer.run(SECOND / 2);
    assertThat(peer.times()).containsExactly("SYN @0", "RST @0", "SYN @8");
    peer.give(ACK, 77, -500);
    peer.run(SECOND / 10);
    assertThat(peer.seen()).containsExactly("RST -500");
    assertThat(peer.told.events).isEmpty();
  }

  /** RFC 9293 section 3.10.7.3: second, check the RST bit. */
  @Test
  void aReset_refusesIt_onlyIfItAcknowledgesOurSyn() throws Exception {
    peer.connect();
    peer.give(RST, 0, 0);
    peer.give(RST | ACK, 0, 0);
    peer.give(RST | ACK, 0, 2);
    assertThat(peer.seen()).containsExactly("SYN 0");
    assertThat(peer.told.events).isEmpty();
    peer.give(RST | ACK, 0, 1);
    assertThat(peer.told.events).containsExactly("failed REFUSED");
    assertThat(peer.seen()).isEmpty();
    assertThat(peer.host.openConnections()).isZero();
  }

  @Test
  void whatHasNoSyn_isDropped() throws Exception {
    peer.connect();
    peer.seen();
    peer.give(ACK, 1, 1);
    peer.give(PSH, 1, 0, 5, "data");
    peer.give(FIN, 1, 0);
    assertThat(peer.seen()).isEmpty();
    assertThat(peer.told.events).isEmpty();
  }

  /** {@code tcp_v4_err}, {@code icmp_err_convert}. */
  @Test
  void anIcmpError_endsIt_andSaysWhy() throws Exception {
    for (IcmpError error : IcmpError.values()) {
      peer.forgetNumbers();
      peer.connect();
      peer.giveError(error, 0);
    }
    assertThat(peer.told.events)
        .containsExactly("failed UNREACHABLE", "failed REFUSED", "failed UNREACHABLE");
    assertThat(peer.host.openConnections()).isZero();
  }

  /** {@code tcp_v4_err}: only what is between SND.UNA and SND.NXT. */
  @Test
  void anIcmpErrorAboutAnotherSyn_isIgnored() throws Exception {
    peer.connect();
    peer.giveError(IcmpError.HOST_UNREACHABLE, -1);
    peer.giveError(IcmpError.HOST_UNREACHABLE, 2);
    assertThat(peer.told.events).isEmpty();
    peer.giveError(IcmpError.HOST_UNREACHABLE, 1);
    assertThat(peer.told.events).containsExactly("failed UNREACHABLE");
  }

  /** {@code tcp_close_state}, {@code tcp_need_reset}: nothing goes out. */
  @Test
  void closeAndAbort_leaveNoTrace() throws Exception {
    peer.connect().close();
    peer.connect().abort();
    assertThat(peer.host.openConnections()).isZero();
    peer.run(200 * SECOND);
    assertThat(peer.seen()).hasSize(2);
    assertThat(peer.told.events).isEmpty();
  }

  @Test
  void aSecondConnect_onTheSameTuple_isNotPossible() throws Exception {
    TcpConnection first = peer.connect();
    assertThatThrownBy(peer::connect).isInstanceOf(TupleInUseException.class);
    first.close();
    peer.connect();
    assertThat(peer.host.openConnections()).isEqualTo(1);
  }

  /** RFC 6528, {@code secure_tcp_seq}: 15.6 million a second. */
  @Test
  void aLaterSyn_onTheSameTuple_hasAHigherNumber() throws Exception {
    peer.connect().close();
    peer.run(SECOND);
    peer.connect();
    assertThat(peer.seen()).containsExactly("SYN 0", "SYN 15625000");
  }

  @Test
  void nothingCanBeSent_beforeItIsEstablished() throws Exception {
    TcpConnection connection = peer.connect();
    assertThatThrownBy(() -> connection.send("early", 5)).isInstanceOf(IllegalStateException.class);
  }
}
