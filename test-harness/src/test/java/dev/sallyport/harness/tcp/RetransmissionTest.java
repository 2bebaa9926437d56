package dev.sallyport.harness.tcp;

import static dev.sallyport.harness.packet.TcpFlags.ACK;
import static dev.sallyport.harness.packet.TcpFlags.SYN;
import static dev.sallyport.harness.tcp.HandmadePeer.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** RFC 6298, and what Linux makes of it. */
final class RetransmissionTest {
  private static final long MS = SECOND / 1000;

  private final HandmadePeer peer = new HandmadePeer();

  /** A connection to an end 50 ms away; the clock stands at 50 ms. */
  private TcpConnection connectedAfter50Ms() throws TupleInUseException {
    TcpConnection connection = peer.connect();
    peer.run(50 * MS);
    peer.give(SYN | ACK, 0, 1);
    peer.seen();
    peer.told.events.clear();
    return connection;
  }

  /** SRTT + max(200 ms, 4 RTTVAR), doubled each time; measured on Linux 6.18: 278, 790, 1814 ms. */
  @Test
  void data_isRepeatedAfterTheRoundTripAnd200Ms_andThenTwiceThat() throws Exception {
    TcpConnection connection = connectedAfter50Ms();
    connection.send("hello", 5);
    peer.run(4 * SECOND);
    assertThat(peer.times())
        .containsExactly("data @50", "data @300", "data @800", "data @1800", "data @3800");
  }

  /** {@code tcp_retries2} 15, {@code TCP_RTO_MAX} 120 s. */
  @Test
  void data_isGivenUpAfter15Times() throws Exception {
    TcpConnection connection = connectedAfter50Ms();
    connection.send("hello", 5);
    peer.run(967 * SECOND);
    assertThat(peer.told.events).isEmpty();
    peer.run(SECOND);
    assertThat(peer.times()).hasSize(16);
    assertThat(peer.told.events).containsExactly("reset");
    assertThat(peer.host.openConnections()).isZero();
  }

  /** {@code tcp_orphan_retries}. */
  @Test
  void aFin_isGivenUpAfter8Times() throws Exception {
    connectedAfter50Ms().close();
    peer.run(200 * SECOND);
    assertThat(peer.times()).hasSize(9);
    assertThat(peer.host.openConnections()).isZero();
  }

  /** RFC 6298 section 5.3 and 5.2. */
  @Test
  void anAck_putsOffTheTimer_andTheLastOneStopsIt() throws Exception {
    TcpConnection connection = connectedAfter50Ms();
    connection.send("one", 3);
    connection.send("two", 3);
    peer.run(100 * MS);
    peer.give(ACK, 1, 4);
    peer.run(200 * MS);
    assertThat(peer.times()).containsExactly("data @50", "data @50");
    peer.run(100 * MS);
    assertThat(peer.seen()).containsExactly("data 4 1");
    peer.give(ACK, 1, 7);
    peer.run(1000 * SECOND);
    assertThat(peer.seen()).isEmpty();
  }

  /** RFC 6582 section 3.2: a partial acknowledgment tells of the next hole. */
  @Test
  void afterATimeout_eachAckOfAPart_bringsTheNextMissingSegment() throws Exception {
    TcpConnection connection = connectedAfter50Ms();
    for (int i = 0; i < 3; i++) {
      connection.send("message", 10);
    }
    peer.run(250 * MS);
    peer.seen();
    peer.give(ACK, 1, 11);
    assertThat(peer.seen()).containsExactly("data 11 1");
    peer.give(ACK, 1, 21);
    assertThat(peer.seen()).containsExactly("data 21 1");
    connection.send("message", 10);
    peer.seen();
    peer.give(ACK, 1, 31);
    assertThat(peer.seen()).isEmpty();
  }

  /** RFC 6298 section 5.7 wants 3 s; Linux knows better, by timestamps (RFC 7323 section 4). */
  @Test
  void aRoundTrip_isMeasuredOnRepeatedSyns_too() throws Exception {
    TcpConnection connection = peer.connect();
    peer.run(1050 * MS);
    peer.give(SYN | ACK, 0, 1);
    connection.send("hello", 5);
    peer.run(500 * MS);
    assertThat(peer.times())
        .containsExactly("SYN @0", "SYN @1000", "ACK @1050", "data @1050", "data @1300");
  }

  /** The timer of the SYN goes on, and counts all: measured on Linux 6.18. */
  @Test
  void synsThatCrossLate_countTheSynsBefore() throws Exception {
    peer.connect();
    peer.run(2500 * MS);
    peer.give(SYN, 0, 0);
    peer.run(100 * SECOND);
    assertThat(peer.times())
        .containsExactly(
            "SYN @0",
            "SYN @1000",
            "SYN @2000",
            "SYN+ACK @2500",
            "SYN+ACK @3000",
            "SYN+ACK @5000",
            "SYN+ACK @9000",
            "SYN+ACK @17000");
    assertThat(peer.told.events).containsExactly("failed TIMED_OUT");
  }

  /** RFC 9293 section 3.8.6: no more under way than the other end takes. */
  @Test
  void whatDoesNotFitTheWindow_waits() throws Exception {
    TcpConnection connection = connectedAfter50Ms();
    for (int i = 0; i < 4; i++) {
      connection.send("message", 30_000);
    }
    assertThat(peer.seen()).containsExactly("data 1 1", "data 30001 1");
    peer.give(ACK, 1, 30_001);
    assertThat(peer.seen()).containsExactly("data 60001 1");
    connection.close();
    peer.give(ACK, 1, 90_001);
    assertThat(peer.seen()).containsExactly("data 90001 1", "FIN+ACK 120001 1");
  }
}
