package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector.Survey;
import dev.sallyport.domain.nat.Transport;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** STUN servers that say nothing, or nonsense, or are not found. */
class StunReflectorTroubleTest {
  @AutoClose private final StunBench bench = StunBench.open();

  @Test
  void nobodyThere_isNoAnswer_andNoServerAtAllIsDoneAtOnce() throws Exception {
    bench.server.close();
    assertThat(bench.ask(bench.hurried(bench.server.hostPort()))).isEqualTo(new Survey(0, 1));
    try (StunReflector none = bench.reflector()) {
      assertThat(none.observe(bench.port, bench.seen::add).toCompletableFuture())
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
      bench.server.tcp = behavior;
      bench.server.udp = behavior;
      long start = System.nanoTime();
      assertThat(bench.ask(bench.hurried(bench.server.hostPort(), good.hostPort())))
          .isEqualTo(new Survey(1, 2));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(StunBench.SHORT.multipliedBy(3));
      assertThat(bench.seen).extracting(Observation::observer).containsOnly(good.endpoint());
    }
  }

  @Test
  void rightAnswerAfterStrangersAndGarbage_counts() throws Exception {
    bench.server.tcp =
        (request, client, out) -> {
          out.send(StunMessage.success(TransactionId.next(), Loopback.at(1)).encode());
          out.send(StunMessage.success(request.id(), client).encode());
        };
    bench.server.udp =
        (request, client, out) -> {
          out.send(new byte[] {1, 2, 3});
          out.send(new byte[2100]);
          out.send(StunMessage.success(TransactionId.next(), Loopback.at(1)).encode());
          out.send(StunMessage.success(request.id(), client).encode());
        };
    assertThat(bench.ask(bench.reflector(bench.server.hostPort())).answered()).isEqualTo(1);
    assertThat(bench.seen).hasSize(2);
    assertThat(bench.over(Transport.TCP).observed()).isEqualTo(Loopback.at(bench.port));
  }

  @Test
  void answerFromAnotherAddress_isIgnored() throws Exception {
    try (StunDouble other = new StunDouble()) {
      // The right transaction from the wrong place: the other server's socket answers.
      bench.server.tcp = StunDouble.silent();
      bench.server.udp = (request, client, out) -> other.sendFrom(client, request.id());
      assertThat(bench.ask(bench.hurried(bench.server.hostPort())).answered()).isZero();
      assertThat(bench.seen).isEmpty();
    }
  }

  @Test
  void lostDatagram_isSentAgain() throws Exception {
    CountDownLatch second = new CountDownLatch(2);
    bench.server.udp =
        (request, client, out) -> {
          second.countDown();
          if (second.getCount() == 0) {
            out.send(StunMessage.success(request.id(), client).encode());
          }
        };
    bench.ask(bench.reflector(bench.server.hostPort()));
    assertThat(bench.over(Transport.UDP).roundTrip()).isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void nameThatHangs_delaysNobodyElse_andEndsInTime() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    NameLookup hanging =
        new NameLookup(
            name -> {
              StunBench.awaitLatch(never);
              throw new UnknownHostException(name);
            });
    try (StunReflector two =
        new StunReflector(
            List.of(new HostPort("hangs.example", 3478), bench.server.hostPort()),
            hanging,
            StunBench.SHORT,
            null)) {
      long start = System.nanoTime();
      CompletionStage<Survey> survey = two.observe(bench.port, bench.seen::add);
      await().atMost(StunBench.SHORT).until(() -> bench.seen.size() == 2);
      assertThat(StunBench.get(survey)).isEqualTo(new Survey(1, 2));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(StunBench.SHORT.multipliedBy(3));
    } finally {
      never.countDown();
    }
  }
}
