package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkException.Reason;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.domain.wire.ByteReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsUpgradeTest {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final byte[] HTTP =
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private TlsPair pair;

  @BeforeEach
  void connect() throws Exception {
    pair = new TlsPair();
  }

  @AfterEach
  void close() {
    pair.close();
  }

  @Test
  void bothSides_seeEachOthersKey_andTalk() throws Exception {
    try (TlsPair.Ends ends = pair.secured()) {
      assertThat(ends.caller().localKey()).isEqualTo(pair.caller.key());
      assertThat(ends.caller().peerKey()).isEqualTo(pair.service.key());
      assertThat(ends.service().localKey()).isEqualTo(pair.service.key());
      assertThat(ends.service().peerKey()).isEqualTo(pair.caller.key());
      assertThat(ends.caller().local()).isEqualTo(ends.service().remote());
      assertThat(ends.caller().remote()).isEqualTo(ends.service().local());
      say(ends.caller(), "hello");
      assertThat(hear(ends.service())).isEqualTo("hello");
      say(ends.service(), "welcome");
      assertThat(hear(ends.caller())).isEqualTo("welcome");
    }
  }

  @Test
  void deadlineOfTheHandshake_doesNotOutliveIt() throws Exception {
    CompletableFuture<SecureChannel> accepting = pair.accepting(TlsPair.LONG);
    Duration timeout = Duration.ofSeconds(2);
    long start = System.nanoTime();
    try (SecureChannel dialed =
            pair.upgrade.dial(pair.callerSocket, pair.caller, pair.service.key(), timeout);
        SecureChannel accepted = TlsPair.get(accepting)) {
      await().until(() -> System.nanoTime() - start > timeout.plusMillis(100).toNanos());
      say(dialed, "still here");
      assertThat(hear(accepted)).isEqualTo("still here");
    }
  }

  @Test
  void otherKeyThanThePinnedOne_wrongPeer_andTheServiceIsToldNothingButNo() throws Exception {
    CompletableFuture<SecureChannel> accepting = pair.accepting(TlsPair.LONG);
    assertThatThrownBy(
            () ->
                pair.upgrade.dial(
                    pair.callerSocket, pair.caller, TlsPair.identity().key(), TlsPair.LONG))
        .satisfies(reason(Reason.WRONG_PEER));
    assertThatThrownBy(() -> TlsPair.get(accepting)).satisfies(reason(Reason.PROTOCOL));
    assertThat(pair.callerSocket.channel().isOpen()).isFalse();
    assertThat(pair.serviceSocket.channel().isOpen()).isFalse();
  }

  @Test
  void peerThatSaysNothing_timesOutOnTime_inBothRoles() throws Exception {
    long start = System.nanoTime();
    assertThat(dialFailure(SHORT).reason()).isEqualTo(Reason.TIMED_OUT);
    try (TlsPair other = new TlsPair()) {
      assertThatThrownBy(() -> TlsPair.get(other.accepting(SHORT)))
          .satisfies(reason(Reason.TIMED_OUT));
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(SHORT.multipliedBy(2), Duration.ofSeconds(5));
  }

  @Test
  void peerThatStallsInTheMiddle_timesOut() throws Exception {
    CompletableFuture<SecureChannel> accepting = pair.accepting(SHORT);
    // The first bytes of a ClientHello's record, and no more.
    pair.callerSocket.channel().write(ByteBuffer.wrap(new byte[] {22, 3, 1, 1, 0, 1, 0, 0, 0x7c}));
    assertThatThrownBy(() -> TlsPair.get(accepting)).satisfies(reason(Reason.TIMED_OUT));
  }

  @Test
  void peerThatSpeaksSomethingElse_isAgainstTheProtocol_inBothRoles() throws Exception {
    pair.serviceSocket.channel().write(ByteBuffer.wrap(HTTP));
    assertThat(dialFailure(TlsPair.LONG).reason()).isEqualTo(Reason.PROTOCOL);
    try (TlsPair other = new TlsPair()) {
      other.callerSocket.channel().write(ByteBuffer.wrap(HTTP));
      assertThatThrownBy(() -> TlsPair.get(other.accepting(TlsPair.LONG)))
          .satisfies(reason(Reason.PROTOCOL));
    }
  }

  @Test
  void connectionThatEnds_isBroken_inBothRoles() throws Exception {
    pair.serviceSocket.channel().shutdownOutput();
    assertThat(dialFailure(TlsPair.LONG).reason()).isEqualTo(Reason.BROKEN);
    try (TlsPair other = new TlsPair()) {
      other.callerSocket.close();
      assertThatThrownBy(() -> TlsPair.get(other.accepting(TlsPair.LONG)))
          .satisfies(reason(Reason.BROKEN));
    }
  }

  @Test
  void connectionClosedFromOutside_endsTheHandshakeAtOnce() throws Exception {
    CompletableFuture<SecureChannel> accepting = pair.accepting(TlsPair.LONG);
    pair.serviceSocket.close();
    assertThatThrownBy(() -> TlsPair.get(accepting)).satisfies(reason(Reason.BROKEN));
  }

  @Test
  void strangerWhoSendsWithoutEnd_isCutOffAfter16KiB() throws Exception {
    CompletableFuture<SecureChannel> accepting = pair.accepting(TlsPair.LONG);
    // A handshake message that claims 20,000 bytes, which the JDK would wait for, in records of
    // one byte; a little more than 16 KiB of them, and then nothing any more.
    ByteBuffer records = ByteBuffer.allocate(6 * 2800);
    byte[] start = {1, 0, 20_000 >>> 8, (byte) 20_000};
    for (int i = 0; records.hasRemaining(); i++) {
      records.put(new byte[] {22, 3, 1, 0, 1, i < start.length ? start[i] : 0});
    }
    records.flip();
    SocketChannel stranger = pair.callerSocket.channel();
    CompletableFuture<Integer> sending =
        TlsPair.inBackground(
            () -> {
              int sent = 0;
              while (records.hasRemaining()) {
                sent += stranger.write(records);
              }
              return sent;
            });
    assertThatThrownBy(() -> TlsPair.get(accepting)).satisfies(reason(Reason.PROTOCOL));
    assertThat(pair.serviceSocket.channel().isOpen()).isFalse();
    sending.handle((sent, error) -> sent).get();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyBytes_endInADeclaredFailure(long seed) throws Exception {
    Random random = new Random(seed);
    byte[] hello = clientHello();
    for (int i = 0; i < 60; i++) {
      byte[] bytes = hello.clone();
      for (int n = random.nextInt(8); n >= 0; n--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      try (TlsPair fresh = new TlsPair()) {
        CompletableFuture<SecureChannel> accepting = fresh.accepting(TlsPair.LONG);
        fresh.callerSocket.channel().write(ByteBuffer.wrap(bytes));
        fresh.callerSocket.channel().shutdownOutput();
        assertThatThrownBy(() -> TlsPair.get(accepting))
            .as("seed %d, round %d", seed, i)
            .isInstanceOf(LinkException.class);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void callerWithoutCertificate_orWithAnOldProtocol_isTurnedAway(String protocol) throws Exception {
    CompletableFuture<SecureChannel> accepting = pair.accepting(TlsPair.LONG);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new PeerCheck(null)}, null);
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(true);
    engine.setEnabledProtocols(new String[] {protocol});
    try {
      new TlsHandshake(engine, pair.callerSocket.channel()).run();
    } catch (SSLException e) {
      // Of TLS 1.2 the server will not hear; in TLS 1.3 it speaks up only later.
      assertThat(protocol).isEqualTo("TLSv1.2");
    }
    assertThatThrownBy(() -> TlsPair.get(accepting)).satisfies(reason(Reason.PROTOCOL));
  }

  @Test
  void clientHello_namesNobody_andResumesNothing() throws Exception {
    try (TlsPair.Ends ends = pair.secured()) {
      say(ends.service(), "a session ticket, if any, is in front of this");
      hear(ends.caller());
    }
    ByteReader in = new ByteReader(clientHello(), "ClientHello");
    in.bytes(5 + 4 + 2 + 32);
    in.bytes(in.u8());
    in.bytes(in.u16());
    in.bytes(in.u8());
    assertThat(in.u16()).isEqualTo(in.remaining());
    List<Integer> extensions = new ArrayList<>();
    while (in.remaining() > 0) {
      extensions.add(in.u16());
      in.bytes(in.u16());
    }
    int serverName = 0;
    int alpn = 16;
    int preSharedKey = 41;
    int keyShare = 51;
    assertThat(extensions).contains(keyShare).doesNotContain(serverName, alpn, preSharedKey);
  }

  @Test
  void connectionOfSomebodyElse_isTheCallersMistake() {
    RawConnection foreign =
        new RawConnection() {
          @Override
          public Endpoint local() {
            return Loopback.at(1);
          }

          @Override
          public Endpoint remote() {
            return Loopback.at(2);
          }

          @Override
          public void close() {}
        };
    assertThatThrownBy(() -> pair.upgrade.accept(foreign, pair.service, SHORT))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void failedHandshakes_leaveNoFilesOpen() throws Exception {
    pair.upgrade.warmUp();
    long before = Loopback.openFiles();
    for (int i = 0; i < 30; i++) {
      try (TlsPair fresh = new TlsPair()) {
        CompletableFuture<SecureChannel> accepting = fresh.accepting(SHORT);
        assertThatThrownBy(
                () ->
                    fresh.upgrade.dial(
                        fresh.callerSocket, fresh.caller, pair.caller.key(), TlsPair.LONG))
            .isInstanceOf(LinkException.class);
        assertThatThrownBy(() -> TlsPair.get(accepting)).isInstanceOf(LinkException.class);
      }
    }
    assertThat(Loopback.openFiles()).isLessThanOrEqualTo(before);
  }

  /** What a caller sends first. */
  private byte[] clientHello() throws Exception {
    try (TlsPair fresh = new TlsPair()) {
      CompletableFuture<SecureChannel> dialing =
          TlsPair.inBackground(
              () ->
                  fresh.upgrade.dial(
                      fresh.callerSocket, pair.caller, pair.service.key(), TlsPair.LONG));
      ByteBuffer header = ByteBuffer.allocate(5);
      fill(fresh.serviceSocket.channel(), header);
      ByteBuffer record = ByteBuffer.allocate(5 + header.getShort(3));
      record.put(header.flip());
      fill(fresh.serviceSocket.channel(), record);
      fresh.serviceSocket.close();
      assertThatThrownBy(() -> TlsPair.get(dialing)).isInstanceOf(LinkException.class);
      return record.array();
    }
  }

  private static void fill(SocketChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      assertThat(channel.read(buffer)).isPositive();
    }
  }

  private LinkException dialFailure(Duration timeout) {
    return catchThrowableOfType(
        LinkException.class,
        () -> pair.upgrade.dial(pair.callerSocket, pair.caller, pair.service.key(), timeout));
  }

  private static Consumer<Throwable> reason(Reason expected) {
    return error ->
        assertThat(error)
            .isInstanceOfSatisfying(
                LinkException.class, e -> assertThat(e.reason()).isEqualTo(expected));
  }

  private static void say(SecureChannel channel, String text) throws LinkException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    channel.write(bytes, 0, bytes.length);
  }

  private static String hear(SecureChannel channel) throws LinkException {
    byte[] buffer = new byte[1000];
    return new String(buffer, 0, channel.read(buffer, 0, buffer.length), StandardCharsets.UTF_8);
  }
}
