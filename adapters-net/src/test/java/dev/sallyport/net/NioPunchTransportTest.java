package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.PunchTransport.PortUnavailableException;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NioPunchTransportTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final RecordingSink here = new RecordingSink();
  private final RecordingSink there = new RecordingSink();
  private final PunchTransport transport = NioPunchTransport.factory().open(here);
  private final PunchTransport peer = NioPunchTransport.factory().open(there);
  private long dialed;

  @AfterEach
  void close() {
    transport.close();
    peer.close();
    here.closeConnections();
    there.closeConnections();
    assertThat(here.faults).isEmpty();
    assertThat(there.faults).isEmpty();
  }

  @Test
  void dialToListener_bothGetTheConnection_andBytesPass() throws Exception {
    int port = peer.listen(0, true);
    SocketId id = dial(0, Loopback.at(port));

    RawConnection ours = here.awaitConnected(id);
    RawConnection theirs = there.awaitAccepted();
    assertThat(ours.remote()).isEqualTo(theirs.local()).isEqualTo(Loopback.at(port));
    assertThat(ours.local()).isEqualTo(theirs.remote());

    channel(ours).write(ByteBuffer.wrap(new byte[] {42}));
    ByteBuffer got = ByteBuffer.allocate(8);
    assertThat(channel(theirs).read(got)).isEqualTo(1);
    assertThat(got.get(0)).isEqualTo((byte) 42);
  }

  @Test
  void handedOverConnections_blockAndDoNotDelay() throws Exception {
    RawConnection ours = here.awaitConnected(dial(0, Loopback.at(peer.listen(0, true))));
    for (RawConnection connection : new RawConnection[] {ours, there.awaitAccepted()}) {
      SocketChannel channel = channel(connection);
      assertThat(channel.isBlocking()).isTrue();
      assertThat(channel.isRegistered()).isFalse();
      assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
      assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
    }
  }

  @Test
  void dialFromTheListeningPort_worksInBothFamilies() throws Exception {
    int port = transport.listen(0, true);
    int peerPort = peer.listen(0, true);

    RawConnection v4 = here.awaitConnected(dial(port, Loopback.at(peerPort)));
    assertThat(v4.local()).isEqualTo(Loopback.at(port));
    Endpoint sixth = Endpoint.parse("[::1]:" + peerPort);
    RawConnection v6 = here.awaitConnected(dial(port, sixth));
    assertThat(v6.local()).isEqualTo(Endpoint.parse("[::1]:" + port));

    await().until(() -> there.accepted.size() == 2);
    assertThat(there.accepted)
        .extracting(connection -> connection.remote().family())
        .containsExactlyInAnyOrder(AddressFamily.IPV4, AddressFamily.IPV6);
  }

  @Test
  void nobodyListens_refused() {
    assertThat(here.awaitFailed(dial(0, Loopback.at(Loopback.freePort()))))
        .isEqualTo(DialFailure.REFUSED);
  }

  @Test
  void nothingComesBack_timedOutOnTime() throws Exception {
    try (var hole = new Loopback.BlackHole()) {
      SocketId id = SocketId.dialed(++dialed);
      long start = System.nanoTime();
      transport.dial(id, 0, hole.endpoint(), Duration.ofMillis(150));
      assertThat(here.awaitFailed(id)).isEqualTo(DialFailure.TIMED_OUT);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(150), Duration.ofSeconds(2));
    }
  }

  @Test
  void placesNobodyCanBe_noRoute() {
    for (String nowhere : new String[] {"224.0.0.1:9", "0.0.0.0:9", "[fe80::1]:9", "[::]:9"}) {
      assertThat(here.awaitFailed(dial(0, Endpoint.parse(nowhere))))
          .as(nowhere)
          .isEqualTo(DialFailure.NO_ROUTE);
    }
  }

  @Test
  void ourselves_noRoute_andNoConnection() throws Exception {
    int silent = Loopback.freePort();
    int listening = transport.listen(0, true);
    for (int port : new int[] {silent, listening}) {
      assertThat(here.awaitFailed(dial(port, Loopback.at(port)))).isEqualTo(DialFailure.NO_ROUTE);
    }
    assertThat(here.accepted).isEmpty();
  }

  @Test
  void acceptedConnectionHoldsThePair_tupleInUse_untilItIsClosed() throws Exception {
    int port = transport.listen(0, true);
    int peerPort = peer.listen(0, true);
    SocketId theirs = SocketId.dialed(1);
    peer.dial(theirs, peerPort, Loopback.at(port), SOON);
    there.awaitConnected(theirs);
    RawConnection child = here.awaitAccepted();

    assertThat(here.awaitFailed(dial(port, Loopback.at(peerPort))))
        .isEqualTo(DialFailure.TUPLE_IN_USE);

    child.close();
    assertThat(here.awaitConnected(dial(port, Loopback.at(peerPort))).local())
        .isEqualTo(Loopback.at(port));
  }

  @Test
  void abortedDial_freesItsPairForTheNextDialAtOnce() throws Exception {
    try (var hole = new Loopback.BlackHole()) {
      int port = Loopback.freePort();
      for (int i = 0; i < 50; i++) {
        SocketId id = dial(port, hole.endpoint());
        transport.abort(id);
        assertThat(here.awaitFailed(id)).isEqualTo(DialFailure.ABORTED);
      }
      SocketId first = dial(port, hole.endpoint());
      SocketId second = dial(port, hole.endpoint());
      assertThat(here.awaitFailed(second)).isEqualTo(DialFailure.TUPLE_IN_USE);
      assertThat(here.failure(first)).isNull();
    }
  }

  @Test
  void moreThan512OpenDials_noResources_andEachEndFreesAPlace() throws Exception {
    try (var hole = new Loopback.BlackHole()) {
      SocketId first = dial(0, hole.endpoint());
      for (int i = 1; i < NioPunchTransport.MAX_OPEN_DIALS; i++) {
        dial(0, hole.endpoint());
      }
      assertThat(here.awaitFailed(dial(0, hole.endpoint()))).isEqualTo(DialFailure.NO_RESOURCES);
      assertThat(here.ended()).isEqualTo(1);

      transport.abort(first);
      here.awaitFailed(first);
      int refusing = Loopback.freePort();
      assertThat(here.awaitFailed(dial(0, Loopback.at(refusing)))).isEqualTo(DialFailure.REFUSED);
    }
  }

  @Test
  void close_abortsWhatIsOpen_andEveryLaterDial() throws Exception {
    try (var hole = new Loopback.BlackHole()) {
      int port = transport.listen(0, true);
      SocketId open = dial(0, hole.endpoint());
      transport.close();
      SocketId late = dial(0, hole.endpoint());
      assertThat(here.awaitFailed(open)).isEqualTo(DialFailure.ABORTED);
      assertThat(here.awaitFailed(late)).isEqualTo(DialFailure.ABORTED);
      assertThat(here.awaitFailed(dial(0, hole.endpoint()))).isEqualTo(DialFailure.ABORTED);

      assertThatThrownBy(() -> transport.listen(0, true)).isInstanceOf(IllegalStateException.class);
      await().untilAsserted(() -> assertThat(peer.listen(port, true)).isEqualTo(port));
    }
  }

  @Test
  void sinkThatThrows_doesNotStopTheTransport() {
    PunchTransport.Sink throwing =
        new PunchTransport.Sink() {
          @Override
          public void accepted(int port, RawConnection connection) {}

          @Override
          public void connected(SocketId id, RawConnection connection) {}

          @Override
          public void failed(SocketId id, DialFailure failure) {
            here.failed(id, failure);
            throw new IllegalStateException("thrown on purpose");
          }
        };
    try (PunchTransport fragile = NioPunchTransport.factory().open(throwing)) {
      for (int i = 1; i <= 3; i++) {
        fragile.dial(SocketId.dialed(i), 0, Loopback.at(Loopback.freePort()), SOON);
        assertThat(here.awaitFailed(SocketId.dialed(i))).isEqualTo(DialFailure.REFUSED);
      }
    }
  }

  @Test
  void dialFromAnotherThread_reachesTheNetworkInWellUnderAMillisecond() throws Exception {
    long[] nanos = new long[301];
    int refusing = Loopback.freePort();
    for (int i = 0; i < nanos.length; i++) {
      SocketId id = SocketId.dialed(++dialed);
      long start = System.nanoTime();
      transport.dial(id, 0, Loopback.at(refusing), SOON);
      while (here.failure(id) == null) {
        Thread.onSpinWait();
      }
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    assertThat(Duration.ofNanos(nanos[nanos.length / 2])).isLessThan(Duration.ofMillis(1));
  }

  @Test
  void portOfAPlainListener_isTaken_andTheMessageNamesTheProcess() throws Exception {
    try (ServerSocketChannel other = ServerSocketChannel.open()) {
      other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      int port = other.socket().getLocalPort();
      assertThatThrownBy(() -> transport.listen(port, true))
          .isInstanceOf(PortUnavailableException.class)
          .hasMessageContaining("port " + port + " is taken by process " + pid())
          .hasMessageContaining("for example " + (port + 1));
    }
  }

  @Test
  void portOfAListenerThatShares_isTakenToo() throws Exception {
    int port = peer.listen(0, false);
    assertThatThrownBy(() -> transport.listen(port, true))
        .isInstanceOf(PortUnavailableException.class)
        .hasMessageContaining("process " + pid());
    assertThat(transport.listen(port, false)).isEqualTo(port);
  }

  @Test
  void exclusiveListener_keepsOthersOut_sharingOrNot() throws Exception {
    int port = transport.listen(0, true);
    assertThatThrownBy(() -> peer.listen(port, true)).isInstanceOf(PortUnavailableException.class);
    try (ServerSocketChannel plain = ServerSocketChannel.open()) {
      assertThatThrownBy(() -> plain.bind(new InetSocketAddress(port)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void socketsThatOnlyDialFromThePort_doNotMakeItTaken() throws Exception {
    int port = Loopback.freePort();
    here.awaitConnected(dial(port, Loopback.at(peer.listen(0, true))));
    assertThat(transport.listen(port, true)).isEqualTo(port);
  }

  private static long pid() {
    return ProcessHandle.current().pid();
  }

  private SocketId dial(int localPort, Endpoint remote) {
    SocketId id = SocketId.dialed(++dialed);
    transport.dial(id, localPort, remote, SOON);
    return id;
  }

  private static SocketChannel channel(RawConnection connection) {
    return ((SocketConnection) connection).channel();
  }
}
