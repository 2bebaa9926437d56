package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector.Survey;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.SocketId;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What STUN servers that behave tell of a port. */
class StunReflectorTest {
  private static final Duration NEVER = Duration.ofHours(1);

  @AutoClose private final StunBench bench = StunBench.open();

  @Test
  void honestServer_saysWhatItSees_overTcpFromOurPort_andOverUdp() throws Exception {
    assertThat(bench.ask(bench.reflector(bench.server.hostPort()))).isEqualTo(new Survey(1, 1));
    assertThat(bench.seen).hasSize(2);
    Observation tcp = bench.over(Transport.TCP);
    assertThat(tcp.localPort()).isEqualTo(bench.port);
    assertThat(tcp.observed()).isEqualTo(Loopback.at(bench.port));
    assertThat(tcp.observer()).isEqualTo(bench.server.endpoint());
    assertThat(tcp.source()).isEqualTo(Observation.Source.STUN);
    assertThat(tcp.roundTrip()).isBetween(Duration.ofNanos(1), StunBench.LONG);
    Observation udp = bench.over(Transport.UDP);
    assertThat(udp.observed()).isEqualTo(Loopback.at(udp.localPort()));
  }

  @Test
  void punchPortThatListensAndDials_canBeAskedAbout() throws Exception {
    RecordingSink sink = new RecordingSink();
    try (PunchTransport transport = NioPunchTransport.factory().open(sink)) {
      transport.listen(bench.port, true);
      assertThat(bench.ask(bench.reflector(bench.server.hostPort())).answered()).isEqualTo(1);
      assertThat(bench.over(Transport.TCP).observed()).isEqualTo(Loopback.at(bench.port));
      SocketId id = SocketId.dialed(1);
      transport.dial(
          id, bench.port, bench.server.endpoint().withPort(Loopback.freePort()), StunBench.LONG);
      sink.awaitFailed(id);
    }
  }

  @Test
  void severalServersAtOnce_areAllAsked() throws Exception {
    try (StunDouble second = new StunDouble();
        StunDouble third = new StunDouble()) {
      third.tcp = StunDouble.silent();
      third.udp = StunDouble.silent();
      assertThat(
              bench.ask(
                  bench.hurried(bench.server.hostPort(), second.hostPort(), third.hostPort())))
          .isEqualTo(new Survey(2, 3));
      assertThat(bench.seen)
          .extracting(Observation::observer)
          .containsOnly(bench.server.endpoint(), second.endpoint())
          .hasSize(4);
    }
  }

  @Test
  void twoQuestionsAboutOnePort_areOne_andBothGetTheAnswers() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch mayAnswer = new CountDownLatch(1);
    bench.server.tcp =
        (request, client, out) -> {
          asked.countDown();
          StunBench.awaitLatch(mayAnswer);
          out.send(StunMessage.success(request.id(), client).encode());
        };
    StunReflector one = bench.reflector(bench.server.hostPort());
    List<Observation> others = new CopyOnWriteArrayList<>();
    CompletionStage<Survey> first = one.observe(bench.port, bench.seen::add);
    StunBench.awaitLatch(asked);
    CompletionStage<Survey> second = one.observe(bench.port, others::add);
    mayAnswer.countDown();
    assertThat(StunBench.get(first)).isEqualTo(StunBench.get(second)).isEqualTo(new Survey(1, 1));
    assertThat(others).hasSize(2).containsExactlyElementsOf(bench.seen);
    assertThat(bench.server.connections).hasValue(1);
  }

  @Test
  void close_endsWhatRuns_freesThePort_andAnswersLaterQuestions() throws Exception {
    long before = Loopback.openFiles();
    bench.server.tcp = StunDouble.silent();
    bench.server.udp = StunDouble.silent();
    StunReflector slow =
        new StunReflector(List.of(bench.server.hostPort()), new NameLookup(), NEVER, NEVER);
    CompletionStage<Survey> survey = slow.observe(bench.port, bench.seen::add);
    await().until(() -> bench.server.connections.get() == 1);
    slow.close();
    assertThat(StunBench.get(survey)).isEqualTo(new Survey(0, 1));
    assertThat(StunBench.get(slow.observe(bench.port, bench.seen::add)))
        .isEqualTo(new Survey(0, 1));
    bench.server.dropConnections();
    await().untilAsserted(() -> assertThat(Loopback.openFiles()).isLessThanOrEqualTo(before));
  }

  @Test
  void portOutOfRange_isTheCallersMistake() {
    assertThatThrownBy(() -> bench.reflector().observe(0, bench.seen::add))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new StunReflector(
                    Collections.nCopies(17, bench.server.hostPort()), new NameLookup(), false))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
