package dev.sallyport.harness.tcp;

import static dev.sallyport.harness.tcp.Line.MS;
import static dev.sallyport.harness.tcp.Line.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two hosts that talk over a line. */
final class ConversationTest {
  private final Line line = new Line(1);
  private final Recorder client = new Recorder();
  private final Recorder server = new Recorder();
  private final List<TcpConnection> accepted = new ArrayList<>();

  private TcpConnection connectLeft() throws TupleInUseException {
    return line.left.connect(1000, line.rightAt(80), client);
  }

  private void listenRight() {
    line.right.listen(
        80,
        connection -> {
          accepted.add(connection);
          connection.listen(server);
        });
  }

  /** RFC 9293 section 3.5, figure 6. */
  @Test
  void aConnect_isAcceptedByThreeSegments() throws Exception {
    listenRight();
    TcpConnection connection = connectLeft();
    line.run(SECOND);
    assertThat(line.takeTrace()).containsExactly("left SYN", "right SYN+ACK", "left ACK");
    assertThat(client.events).containsExactly("established");
    assertThat(connection.isEstablished()).isTrue();
    assertThat(accepted).hasSize(1);
    assertThat(accepted.get(0).remote()).isEqualTo(connection.local());
    assertThat(accepted.get(0).local()).isEqualTo(connection.remote());
    assertThat(accepted.get(0).isEstablished()).isTrue();
  }

  /** RFC 9293 section 3.5, figure 7; both are established one round trip after their own SYN. */
  @Test
  void synsThatCross_makeOneConnection() throws Exception {
    TcpConnection one = connectLeft();
    TcpConnection other = line.right.connect(80, line.leftAt(1000), server);
    line.run(20 * MS - 1);
    assertThat(client.events).isEmpty();
    line.run(1);
    assertThat(client.events).containsExactly("established");
    assertThat(server.events).containsExactly("established");
    one.send("hello", 5);
    other.send("here too", 8);
    line.run(SECOND);
    assertThat(client.events).containsExactly("established", "got here too");
    assertThat(server.events).containsExactly("established", "got hello");
  }

  /** Measured on Linux 6.18: the late one's SYN meets the early one's. */
  @Test
  void aSynThatMeetsALaterConnect_makesOneConnection() throws Exception {
    connectLeft();
    line.run(5 * MS);
    line.right.connect(80, line.leftAt(1000), server);
    line.run(SECOND);
    assertThat(client.events).containsExactly("established");
    assertThat(server.events).containsExactly("established");
  }

  /** The tuple's holder is looked up before the listener ({@code __inet_lookup}). */
  @Test
  void aSynThatMeetsAConnect_doesNotGoToTheListener() throws Exception {
    listenRight();
    connectLeft();
    line.right.connect(80, line.leftAt(1000), new Recorder());
    line.run(SECOND);
    assertThat(client.events).containsExactly("established");
    assertThat(accepted).isEmpty();
  }

  /** EADDRNOTAVAIL; {@code __inet_check_established} finds the request socket. */
  @Test
  void aHalfOpenChildOfAListener_makesTheConnectFail() throws Exception {
    listenRight();
    connectLeft();
    line.run(15 * MS);
    assertThatThrownBy(() -> line.right.connect(80, line.leftAt(1000), server))
        .isInstanceOf(TupleInUseException.class);
    line.run(SECOND);
    assertThatThrownBy(() -> line.right.connect(80, line.leftAt(1000), server))
        .isInstanceOf(TupleInUseException.class);
    assertThat(accepted).hasSize(1);
  }

  /** RFC 9293 section 3.10.7.1 and 3.10.7.3. */
  @Test
  void aSynToAClosedPort_isRefused() throws Exception {
    connectLeft();
    line.run(SECOND);
    assertThat(line.takeTrace()).containsExactly("left SYN", "right RST");
    assertThat(client.events).containsExactly("failed REFUSED");
    assertThat(line.left.openConnections()).isZero();
  }

  /** RFC 9293 section 3.6.1: nobody will read it; {@code tcp_timewait_state_process}. */
  @Test
  void dataToAnEndThatHasClosed_isAnsweredWithAReset() throws Exception {
    listenRight();
    TcpConnection connection = connectLeft();
    line.run(SECOND);
    connection.close();
    line.run(SECOND);
    assertThat(server.events).containsExactly("closed");
    assertThat(line.right.openConnections()).isEqualTo(1);
    line.takeTrace();
    accepted.get(0).send("still here", 10);
    line.run(SECOND);
    assertThat(line.takeTrace()).containsExactly("right data", "left RST");
    assertThat(server.events).containsExactly("closed"); // the end is told once
    assertThat(accepted.get(0).isEstablished()).isFalse();
    assertThat(line.left.openConnections() + line.right.openConnections()).isZero();
  }

  /** RFC 9293 section 3.6; 60 s is {@code TCP_TIMEWAIT_LEN}. */
  @Test
  void closes_leaveTimeWaitOnOneSide() throws Exception {
    listenRight();
    TcpConnection connection = connectLeft();
    line.run(SECOND);
    connection.close();
    line.run(SECOND);
    accepted.get(0).close();
    line.run(SECOND);
    assertThat(line.right.timeWaits()).isZero();
    assertThat(line.left.timeWaits()).isEqualTo(1);
    line.run(58 * SECOND);
    assertThat(line.left.timeWaits()).isEqualTo(1);
    line.run(2 * SECOND);
    assertThat(line.left.timeWaits()).isZero();
  }

  /** RFC 9293 section 3.6, figure 13: both wait. */
  @Test
  void closesThatCross_leaveTimeWaitOnBothSides() throws Exception {
    listenRight();
    TcpConnection connection = connectLeft();
    line.run(SECOND);
    connection.close();
    accepted.get(0).close();
    line.run(SECOND);
    assertThat(line.left.timeWaits()).isEqualTo(1);
    assertThat(line.right.timeWaits()).isEqualTo(1);
    assertThat(line.left.openConnections() + line.right.openConnections()).isZero();
  }

  @Test
  void messages_comeWhole_andInOrder() throws Exception {
    listenRight();
    TcpConnection connection = connectLeft();
    line.run(SECOND);
    for (int i = 0; i < 4; i++) {
      connection.send("to right " + i, 1000);
      accepted.get(0).send("to left " + i, 30_000); // three windows
    }
    line.run(SECOND);
    assertThat(server.events)
        .containsExactly("got to right 0", "got to right 1", "got to right 2", "got to right 3");
    assertThat(client.events.subList(1, 5))
        .containsExactly("got to left 0", "got to left 1", "got to left 2", "got to left 3");
  }

  @Test
  void whatCameBeforeAListener_isDeliveredToIt() throws Exception {
    line.right.listen(80, accepted::add);
    TcpConnection connection = connectLeft();
    line.run(SECOND);
    connection.send("early", 5);
    connection.close();
    line.run(SECOND);
    accepted.get(0).listen(server);
    assertThat(server.events).containsExactly("got early", "closed");
  }

  /** {@code tcp_disconnect}, {@code tcp_need_reset}. */
  @Test
  void anAbort_resetsTheOtherEnd() throws Exception {
    listenRight();
    TcpConnection connection = connectLeft();
    line.run(SECOND);
    connection.abort();
    line.run(SECOND);
    assertThat(server.events).containsExactly("reset");
    assertThat(line.left.openConnections() + line.right.openConnections()).isZero();
    assertThat(line.left.timeWaits() + line.right.timeWaits()).isZero();
  }
}
