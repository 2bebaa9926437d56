package dev.sallyport.harness.tcp;

import static dev.sallyport.harness.packet.TcpFlags.ACK;
import static dev.sallyport.harness.packet.TcpFlags.FIN;
import static dev.sallyport.harness.packet.TcpFlags.PSH;
import static dev.sallyport.harness.packet.TcpFlags.RST;
import static dev.sallyport.harness.packet.TcpFlags.SYN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.Packet.Tcp;
import dev.sallyport.harness.sim.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Who gets which packet, and which ports a host has. */
final class TcpHostTest {
  private final HandmadePeer peer = new HandmadePeer();

  /** RFC 9293 section 3.10.7.1. */
  @Test
  void segmentsForNobody_areAnsweredWithResets() {
    peer.give(SYN, 0, 0);
    peer.give(FIN | PSH, 5, 0, 10, "data");
    peer.give(ACK, 1, 77);
    peer.give(SYN | ACK, 1, 88);
    peer.give(RST, 1, 0);
    peer.give(RST | ACK, 1, 1);
    assertThat(peer.seen()).containsExactly("RST+ACK 0 1", "RST+ACK 0 16", "RST 77", "RST 88");
    assertThat(peer.host.openConnections()).isZero();
  }

  /** RFC 9293 section 3.10.7.2. */
  @Test
  void aListener_takesSynsOnly() {
    peer.listen();
    peer.give(RST, 1, 0);
    peer.give(PSH, 1, 0, 5, "data");
    peer.give(SYN | FIN, 1, 0);
    assertThat(peer.seen()).isEmpty();
    peer.give(ACK, 1, 77);
    peer.give(SYN | ACK, 1, 88);
    assertThat(peer.seen()).containsExactly("RST 77", "RST 88");
    peer.give(SYN, 0, 0);
    assertThat(peer.seen()).containsExactly("SYN+ACK 0 1");
  }

  @Test
  void packetsForOthers_areDropped() {
    Endpoint elsewhere = new Endpoint(Line.address("192.0.2.99"), 1000);
    peer.host.receive(new Tcp(peer.there, elsewhere, SYN, 1, 0, 0, null));
    assertThat(peer.seen()).isEmpty();
  }

  @Test
  void aPort_listensOnce() {
    peer.listen();
    assertThatThrownBy(peer::listen).isInstanceOf(IllegalStateException.class);
    peer.host.stopListening(1000);
    peer.host.stopListening(1000);
    peer.listen();
  }

  /** {@code do_exit}: as if each had been closed. */
  @Test
  void whenTheProcessExits_itsConnectionsAreClosed_andNobodyListens() throws Exception {
    peer.connected();
    peer.listen();
    peer.host.bindUdp(53, (from, length, body) -> {});
    peer.host.exit();
    assertThat(peer.seen()).containsExactly("FIN+ACK 1 1");
    peer.give(PSH | ACK, 1, 1, 4, "more");
    assertThat(peer.seen()).containsExactly("RST 1");
    peer.give(SYN, 0, 0);
    assertThat(peer.seen()).containsExactly("RST+ACK 0 1");
    assertThat(peer.told.events).isEmpty();
    assertThat(peer.host.openConnections()).isZero();
    peer.host.bindUdp(53, (from, length, body) -> {});
  }

  @Test
  void whenTheProcessExits_aConnectThatNothingAnswered_isSilentlyGone() throws Exception {
    peer.connect();
    peer.seen();
    peer.host.exit();
    peer.run(60 * HandmadePeer.SECOND);
    assertThat(peer.seen()).isEmpty();
    assertThat(peer.host.openConnections()).isZero();
  }

  @Test
  void aHostThatIsCutOff_isSilent_andHearsNothing() throws Exception {
    TcpConnection connection = peer.connected();
    peer.listen();
    peer.host.cutOff();
    connection.send("anybody there?", 14);
    peer.give(PSH | ACK, 1, 1, 4, "data");
    peer.give(SYN, 0, 0);
    peer.run(60 * HandmadePeer.SECOND);
    assertThat(peer.seen()).isEmpty();
    assertThat(peer.told.events).isEmpty();
  }

  /** Linux's connect to one's own port: RFC 9293 section 3.5 with one end. */
  @Test
  void aHost_canConnectToItself() throws Exception {
    VirtualTime time = new VirtualTime();
    List<Packet> sent = new ArrayList<>();
    TcpHost[] host = new TcpHost[1];
    host[0] =
        new TcpHost(
            Line.address("127.0.0.1"),
            time,
            new SplittableRandom(1),
            packet -> {
              sent.add(packet);
              time.at(time.now() + 1, () -> host[0].receive(packet));
            });
    Recorder told = new Recorder();
    TcpConnection self = host[0].connect(5555, new Endpoint(host[0].address(), 5555), told);
    time.runUntil(1000);
    assertThat(sent.stream().map(p -> p.toString().split(" ", 2)[0]).toList())
        .containsExactly("SYN", "SYN+ACK", "ACK"); // as on Linux 6.18
    self.send("hello, me", 9);
    time.runUntil(2000);
    assertThat(told.events).containsExactly("established", "got hello, me");
  }

  /** {@code __inet_hash_connect}: even ports from 32768 to 60999, in steps of 2 to 16. */
  @Test
  void ephemeralPorts_areEven_andGoUpInSmallSteps() throws Exception {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ports.add(peer.host.connect(0, peer.there, peer.told).local().port());
    }
    for (int i = 0; i < 20; i++) {
      assertThat(ports.get(i)).isBetween(32_768, 60_999).matches(port -> port % 2 == 0);
      if (i > 0) {
        int count = 60_999 - 32_768 + 1;
        assertThat(Math.floorMod(ports.get(i) - ports.get(i - 1), count)).isBetween(2, 16);
      }
    }
  }

  @Test
  void ephemeralPorts_runOut() throws Exception {
    VirtualTime time = new VirtualTime();
    TcpHost host =
        new TcpHost(Line.address("192.0.2.1"), time, new SplittableRandom(1), packet -> {});
    host.listen(40_000, connection -> {});
    Endpoint remote = peer.there;
    for (int port = 32_768; port <= 60_999; port++) {
      if (port != 40_000 && port != 50_001) {
        host.connect(port, remote, peer.told);
      }
    }
    assertThat(host.connect(0, remote, peer.told).local().port()).isEqualTo(50_001);
    assertThatThrownBy(() -> host.connect(0, remote, peer.told))
        .isInstanceOf(TupleInUseException.class);
    host.connect(0, remote.withPort(81), peer.told); // another tuple
  }

  @Test
  void datagrams_goToWhoeverHasThePort() {
    Line line = new Line(1);
    List<String> got = new ArrayList<>();
    line.right.bindUdp(53, (from, length, body) -> got.add(from + " " + length + " " + body));
    line.left.sendUdp(1234, line.rightAt(53), 5, "hello");
    line.runDry();
    assertThat(got).containsExactly("192.0.2.1:1234 5 hello");
    assertThatThrownBy(() -> line.right.bindUdp(53, (from, length, body) -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  /** RFC 1122 section 4.1.3.1; nothing answers the error. */
  @Test
  void aDatagramForNobody_isAnsweredWithPortUnreachable() {
    Line line = new Line(1);
    line.right.bindUdp(53, (from, length, body) -> {});
    line.right.unbindUdp(53);
    line.left.sendUdp(1234, line.rightAt(53), 5, "hello");
    line.runDry();
    assertThat(line.takeTrace()).containsExactly("left UDP", "right ICMP");
  }
}
