package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.nat.Reflector.Survey;
import dev.sallyport.domain.nat.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to STUN servers that are kept: for the next question, and to keep a mapping. */
class StunReflectorKeepingTest {
  @AutoClose private final StunBench bench = StunBench.open();

  @Test
  void askingAgain_usesTheKeptConnection_andAFreshOneWhereNoneIsKept() throws Exception {
    try (StunDouble second = new StunDouble()) {
      StunReflector both = bench.reflector(bench.server.hostPort(), second.hostPort());
      for (int i = 0; i < 5; i++) {
        assertThat(bench.ask(both)).isEqualTo(new Survey(2, 2));
      }
      assertThat(bench.seen).hasSize(20);
      assertThat(List.of(bench.server.connections.get(), second.connections.get()))
          .containsExactlyInAnyOrder(1, 5);
      assertThat(bench.server.clients).containsOnly(Loopback.at(bench.port));
      assertThat(second.clients).containsOnly(Loopback.at(bench.port));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void ofBothFamilies_theConnectionOverIpv4IsKept_whicheverAnswersFirst(boolean ipv4First)
      throws Exception {
    InetAddress loopback = Objects.requireNonNull(IpLiteral.parse("::1"));
    assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "there is no IPv6 here");
    try (StunDouble six = new StunDouble(loopback)) {
      StunDouble first = ipv4First ? bench.server : six;
      CountDownLatch firstIsKept = new CountDownLatch(1);
      (ipv4First ? six : bench.server).tcp =
          (request, client, out) -> {
            StunBench.awaitLatch(firstIsKept);
            out.send(StunMessage.success(request.id(), client).encode());
          };
      StunReflector both = bench.reflector(bench.server.hostPort(), six.hostPort());
      CompletionStage<Survey> survey =
          both.observe(
              bench.port,
              observation -> {
                if (observation.transport() == Transport.TCP
                    && observation.observer().equals(first.endpoint())) {
                  firstIsKept.countDown();
                }
              });
      assertThat(StunBench.get(survey)).isEqualTo(new Survey(2, 2));
      assertThat(bench.ask(both)).isEqualTo(new Survey(2, 2));
      assertThat(bench.server.connections).hasValue(1);
      assertThat(six.connections).hasValue(2);
    }
  }

  @Test
  void keptConnectionThatTheServerClosed_isMadeAnewWhenAskedAgain() throws Exception {
    StunReflector one = bench.reflector(bench.server.hostPort());
    bench.ask(one);
    bench.server.dropConnections();
    assertThat(bench.ask(one)).isEqualTo(new Survey(1, 1));
    assertThat(bench.server.connections).hasValue(2);
    assertThat(bench.seen).filteredOn(o -> o.transport() == Transport.TCP).hasSize(2);
  }

  @Test
  void keepAlive_asksOnTheSameConnection_andTellsOfAChangedMapping() throws Exception {
    StunReflector keeping = bench.keeping(Duration.ofMillis(20));
    bench.ask(keeping);
    await().until(() -> bench.server.requests.get() >= 4);
    assertThat(bench.server.connections).hasValue(1);
    assertThat(bench.seen).hasSize(2);

    Endpoint moved = Endpoint.parse("203.0.113.9:4711");
    bench.server.tcp =
        (request, client, out) -> out.send(StunMessage.success(request.id(), moved).encode());
    await().until(() -> bench.seen.size() == 3);
    assertThat(bench.seen.get(2).observed()).isEqualTo(moved);
    assertThat(bench.seen.get(2).localPort()).isEqualTo(bench.port);
    assertThat(bench.server.connections).hasValue(1);
  }

  @Test
  void keepAlive_opensABrokenConnectionAnew_alsoWhenTheServerIsGoneForAWhile() throws Exception {
    StunReflector keeping = bench.keeping(Duration.ofMillis(20));
    bench.ask(keeping);
    bench.server.dropConnections();
    await().until(() -> bench.server.connections.get() == 2);
    await().until(() -> bench.seen.size() == 4);

    bench.server.tcp =
        (request, client, out) -> {
          throw new IOException("out of order");
        };
    await().until(() -> bench.server.connections.get() >= 3);
    bench.server.tcp = StunDouble.honest();
    int before = bench.server.requests.get();
    await().until(() -> bench.server.requests.get() > before + 3);
  }

  @Test
  void keepAlive_goesOnAsking_alsoWhenNobodyHasEverAnswered() throws Exception {
    bench.server.tcp =
        (request, client, out) -> {
          throw new IOException("out of order");
        };
    bench.server.udp = StunDouble.silent();
    assertThat(bench.ask(bench.open(StunBench.SHORT, StunBench.NEVER, bench.server.hostPort())))
        .isEqualTo(new Survey(0, 1));
    bench.server.tcp = StunDouble.honest();
    await().until(() -> !bench.seen.isEmpty());
    assertThat(bench.over(Transport.TCP).observed()).isEqualTo(Loopback.at(bench.port));
  }
}
