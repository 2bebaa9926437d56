package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector.Survey;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.SocketId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StunReflectorTest {
  /** For tests in which somebody does not answer. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration NEVER = Duration.ofHours(1);

  private final int port = Loopback.freePort();
  private final List<Observation> seen = new CopyOnWriteArrayList<>();
  private StunDouble server;
  private @Nullable StunReflector reflector;

  @BeforeEach
  void open() throws Exception {
    server = new StunDouble();
  }

  @AfterEach
  void close() throws Exception {
    if (reflector != null) {
      reflector.close();
    }
    server.close();
  }

  @Test
  void honestServer_saysWhatItSees_overTcpFromOurPort_andOverUdp() throws Exception {
    assertThat(ask(reflector(server.hostPort()))).isEqualTo(new Survey(1, 1));
    assertThat(seen).hasSize(2);
    Observation tcp = over(Transport.TCP);
    assertThat(tcp.localPort()).isEqualTo(port);
    assertThat(tcp.observed()).isEqualTo(Loopback.at(port));
    assertThat(tcp.observer()).isEqualTo(server.endpoint());
    assertThat(tcp.source()).isEqualTo(Observation.Source.STUN);
    assertThat(tcp.roundTrip()).isBetween(Duration.ofNanos(1), LONG);
    Observation udp = over(Transport.UDP);
    assertThat(udp.observed()).isEqualTo(Loopback.at(udp.localPort()));
  }

  @Test
  void punchPortThatListensAndDials_canBeAskedAbout() throws Exception {
    RecordingSink sink = new RecordingSink();
    try (PunchTransport transport = NioPunchTransport.factory().open(sink)) {
      transport.listen(port, true);
      assertThat(ask(reflector(server.hostPort())).answered()).isEqualTo(1);
      assertThat(over(Transport.TCP).observed()).isEqualTo(Loopback.at(port));
      SocketId id = SocketId.dialed(1);
      transport.dial(id, port, server.endpoint().withPort(Loopback.freePort()), LONG);
      sink.awaitFailed(id);
    }
  }

  @Test
  void severalServersAtOnce_areAllAsked() throws Exception {
    try (StunDouble second = new StunDouble();
        StunDouble third = new StunDouble()) {
      third.tcp = StunDouble.silent();
      third.udp = StunDouble.silent();
      assertThat(ask(hurried(server.hostPort(), second.hostPort(), third.hostPort())))
          .isEqualTo(new Survey(2, 3));
      assertThat(seen)
          .extracting(Observation::observer)
          .containsOnly(server.endpoint(), second.endpoint())
          .hasSize(4);
    }
  }

  @Test
  void nobodyThere_isNoAnswer_andNoServerAtAllIsDoneAtOnce() throws Exception {
    server.close();
    assertThat(ask(hurried(server.hostPort()))).isEqualTo(new Survey(0, 1));
    try (StunReflector none = reflector()) {
      assertThat(none.observe(port, seen::add).toCompletableFuture())
          .isCompletedWithValue(new Survey(0, 0));
    }
  }

  static Stream<Named<StunDouble.Behavior>> misbehaviors() {
    byte[] tooLong = StunMessage.success(TransactionId.next(), Loopback.at(1)).encode();
    tooLong[2] = (byte) 0xff;
    tooLong[3] = (byte) 0xfc;
    return Stream.of(
        Named.of("silent", StunDouble.silent()),
        Named.of(
            "garbage",
            StunDouble.saying("HTTP/1.1 400 No\r\n\r\n....".getBytes(StandardCharsets.UTF_8))),
        Named.of("oversize", StunDouble.saying(tooLong)),
        Named.of(
            "error",
            (request, client, out) -> out.send(StunMessage.error(request.id(), 500).encode())),
        Named.of(
            "no address",
            (request, client, out) -> {
              byte[] message = StunMessage.request(request.id()).encode();
              message[0] = 1;
              out.send(message);
            }),
        Named.of(
            "another's transactions, without end",
            (request, client, out) -> {
              for (int i = 0; i < 1000; i++) {
                out.send(StunMessage.success(TransactionId.next(), client).encode());
              }
            }),
        Named.of(
            "dripping",
            (request, client, out) -> {
              byte[] answer = StunMessage.success(request.id(), client).encode();
              for (int i = 0; i < answer.length - 1; i++) {
                out.send(new byte[] {answer[i]});
              }
            }));
  }

  @ParameterizedTest
  @MethodSource("misbehaviors")
  void misbehavingServer_isNoAnswer_andTheOthersCount(StunDouble.Behavior behavior)
      throws Exception {
    try (StunDouble good = new StunDouble()) {
      server.tcp = behavior;
      server.udp = behavior;
      long start = System.nanoTime();
      assertThat(ask(hurried(server.hostPort(), good.hostPort()))).isEqualTo(new Survey(1, 2));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(3));
      assertThat(seen).extracting(Observation::observer).containsOnly(good.endpoint());
    }
  }

  @Test
  void rightAnswerAfterStrangersAndGarbage_counts() throws Exception {
    server.tcp =
        (request, client, out) -> {
          out.send(StunMessage.success(TransactionId.next(), Loopback.at(1)).encode());
          out.send(StunMessage.success(request.id(), client).encode());
        };
    server.udp =
        (request, client, out) -> {
          out.send(new byte[] {1, 2, 3});
          out.send(new byte[2100]);
          out.send(StunMessage.success(TransactionId.next(), Loopback.at(1)).encode());
          out.send(StunMessage.success(request.id(), client).encode());
        };
    assertThat(ask(reflector(server.hostPort())).answered()).isEqualTo(1);
    assertThat(seen).hasSize(2);
    assertThat(over(Transport.TCP).observed()).isEqualTo(Loopback.at(port));
  }

  @Test
  void answerFromAnotherAddress_isIgnored() throws Exception {
    try (StunDouble other = new StunDouble()) {
      // The right transaction from the wrong place: the other server's socket answers.
      server.tcp = StunDouble.silent();
      server.udp = (request, client, out) -> other.sendFrom(client, request.id());
      assertThat(ask(hurried(server.hostPort())).answered()).isZero();
      assertThat(seen).isEmpty();
    }
  }

  @Test
  void lostDatagram_isSentAgain() throws Exception {
    CountDownLatch second = new CountDownLatch(2);
    server.udp =
        (request, client, out) -> {
          second.countDown();
          if (second.getCount() == 0) {
            out.send(StunMessage.success(request.id(), client).encode());
          }
        };
    ask(reflector(server.hostPort()));
    assertThat(over(Transport.UDP).roundTrip()).isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void askingAgain_usesTheKeptConnection_andAFreshOneWhereNoneIsKept() throws Exception {
    try (StunDouble second = new StunDouble()) {
      StunReflector both = reflector(server.hostPort(), second.hostPort());
      for (int i = 0; i < 5; i++) {
        assertThat(ask(both)).isEqualTo(new Survey(2, 2));
      }
      assertThat(seen).hasSize(20);
      assertThat(List.of(server.connections.get(), second.connections.get()))
          .containsExactlyInAnyOrder(1, 5);
      assertThat(server.clients).containsOnly(Loopback.at(port));
      assertThat(second.clients).containsOnly(Loopback.at(port));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofBothFamilies_theConnectionOverIpv4IsKept_whicheverAnswersFirst(boolean ipv4First)
      throws Exception {
    InetAddress loopback = Objects.requireNonNull(IpLiteral.parse("::1"));
    assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "there is no IPv6 here");
    try (StunDouble six = new StunDouble(loopback)) {
      StunDouble first = ipv4First ? server : six;
      CountDownLatch firstIsKept = new CountDownLatch(1);
      (ipv4First ? six : server).tcp =
          (request, client, out) -> {
            awaitLatch(firstIsKept);
            out.send(StunMessage.success(request.id(), client).encode());
          };
      StunReflector both = reflector(server.hostPort(), six.hostPort());
      CompletionStage<Survey> survey =
          both.observe(
              port,
              observation -> {
                if (observation.transport() == Transport.TCP
                    && observation.observer().equals(first.endpoint())) {
                  firstIsKept.countDown();
                }
              });
      assertThat(get(survey)).isEqualTo(new Survey(2, 2));
      assertThat(ask(both)).isEqualTo(new Survey(2, 2));
      assertThat(server.connections).hasValue(1);
      assertThat(six.connections).hasValue(2);
    }
  }

  @Test
  void keptConnectionThatTheServerClosed_isMadeAnewWhenAskedAgain() throws Exception {
    StunReflector one = reflector(server.hostPort());
    ask(one);
    server.dropConnections();
    assertThat(ask(one)).isEqualTo(new Survey(1, 1));
    assertThat(server.connections).hasValue(2);
    assertThat(seen).filteredOn(o -> o.transport() == Transport.TCP).hasSize(2);
  }

  @Test
  void keepAlive_asksOnTheSameConnection_andTellsOfAChangedMapping() throws Exception {
    StunReflector keeping = keeping(Duration.ofMillis(20));
    ask(keeping);
    await().until(() -> server.requests.get() >= 4);
    assertThat(server.connections).hasValue(1);
    assertThat(seen).hasSize(2);

    Endpoint moved = Endpoint.parse("203.0.113.9:4711");
    server.tcp =
        (request, client, out) -> out.send(StunMessage.success(request.id(), moved).encode());
    await().until(() -> seen.size() == 3);
    assertThat(seen.get(2).observed()).isEqualTo(moved);
    assertThat(seen.get(2).localPort()).isEqualTo(port);
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void keepAlive_opensABrokenConnectionAnew_alsoWhenTheServerIsGoneForAWhile() throws Exception {
    StunReflector keeping = keeping(Duration.ofMillis(20));
    ask(keeping);
    server.dropConnections();
    await().until(() -> server.connections.get() == 2);
    await().until(() -> seen.size() == 4);

    server.tcp =
        (request, client, out) -> {
          throw new IOException("out of order");
        };
    await().until(() -> server.connections.get() >= 3);
    server.tcp = StunDouble.honest();
    int before = server.requests.get();
    await().until(() -> server.requests.get() > before + 3);
  }

  @Test
  void keepAlive_goesOnAsking_alsoWhenNobodyHasEverAnswered() throws Exception {
    server.tcp =
        (request, client, out) -> {
          throw new IOException("out of order");
        };
    server.udp = StunDouble.silent();
    assertThat(ask(open(SHORT, NEVER, server.hostPort()))).isEqualTo(new Survey(0, 1));
    server.tcp = StunDouble.honest();
    await().until(() -> !seen.isEmpty());
    assertThat(over(Transport.TCP).observed()).isEqualTo(Loopback.at(port));
  }

  @Test
  void twoQuestionsAboutOnePort_areOne_andBothGetTheAnswers() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    server.tcp =
        (request, client, out) -> {
          asked.countDown();
          awaitLatch(mayAnswer);
          out.send(StunMessage.success(request.id(), client).encode());
        };
    StunReflector one = reflector(server.hostPort());
    List<Observation> others = new CopyOnWriteArrayList<>();
    CompletionStage<Survey> first = one.observe(port, seen::add);
    awaitLatch(asked);
    CompletionStage<Survey> second = one.observe(port, others::add);
    mayAnswer.countDown();
    assertThat(get(first)).isEqualTo(get(second)).isEqualTo(new Survey(1, 1));
    assertThat(others).hasSize(2).containsExactlyElementsOf(seen);
    assertThat(server.connections).hasValue(1);
  }

  @Test
  void nameThatHangs_delaysNobodyElse_andEndsInTime() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    NameLookup hanging =
        new NameLookup(
            name -> {
              awaitLatch(never);
              throw new UnknownHostException(name);
            });
    try (StunReflector two =
        new StunReflector(
            List.of(new HostPort("hangs.example", 3478), server.hostPort()),
            hanging,
            SHORT,
            null)) {
      long start = System.nanoTime();
      CompletionStage<Survey> survey = two.observe(port, seen::add);
      await().atMost(SHORT).until(() -> seen.size() == 2);
      assertThat(get(survey)).isEqualTo(new Survey(1, 2));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(3));
    } finally {
      never.countDown();
    }
  }

  @Test
  void close_endsWhatRuns_freesThePort_andAnswersLaterQuestions() throws Exception {
    long before = Loopback.openFiles();
    server.tcp = StunDouble.silent();
    server.udp = StunDouble.silent();
    StunReflector slow =
        new StunReflector(List.of(server.hostPort()), new NameLookup(), NEVER, NEVER);
    CompletionStage<Survey> survey = slow.observe(port, seen::add);
    await().until(() -> server.connections.get() == 1);
    slow.close();
    assertThat(get(survey)).isEqualTo(new Survey(0, 1));
    assertThat(get(slow.observe(port, seen::add))).isEqualTo(new Survey(0, 1));
    server.dropConnections();
    await().untilAsserted(() -> assertThat(Loopback.openFiles()).isLessThanOrEqualTo(before));
  }

  @Test
  void portOutOfRange_isTheCallersMistake() {
    assertThatThrownBy(() -> reflector().observe(0, seen::add))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new StunReflector(
                    Collections.nCopies(17, server.hostPort()), new NameLookup(), false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private StunReflector reflector(HostPort... servers) {
    return open(LONG, null, servers);
  }

  private StunReflector hurried(HostPort... servers) {
    return open(SHORT, null, servers);
  }

  private StunReflector keeping(Duration interval) {
    return open(LONG, interval, server.hostPort());
  }

  private StunReflector open(Duration timeout, @Nullable Duration keepAlive, HostPort... servers) {
    reflector = new StunReflector(List.of(servers), new NameLookup(), timeout, keepAlive);
    return reflector;
  }

  private Survey ask(StunReflector asked) throws Exception {
    return get(asked.observe(port, seen::add));
  }

  private static Survey get(CompletionStage<Survey> survey) throws Exception {
    return survey.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Observation over(Transport transport) {
    return seen.stream().filter(o -> o.transport() == transport).findFirst().orElseThrow();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IllegalStateException("waited too long");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
