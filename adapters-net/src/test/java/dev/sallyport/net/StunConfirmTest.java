package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Observation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether a mapping that was seen is still there. */
class StunConfirmTest {
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
  void confirm_asksOnTheKeptConnectionOnly_andTellsOfAChange() throws Exception {
    try (StunDouble second = new StunDouble()) {
      StunReflector both = open(NEVER, server.hostPort(), second.hostPort());
      ask(both);
      confirm(both);
      assertThat(seen).hasSize(4);
      assertThat(server.connections.get() + second.connections.get()).isEqualTo(2);
      assertThat(server.requests.get() + second.requests.get()).isEqualTo(3);

      Endpoint moved = Endpoint.parse("203.0.113.9:4711");
      server.tcp =
          (request, client, out) -> out.send(StunMessage.success(request.id(), moved).encode());
      second.tcp = server.tcp;
      confirm(both);
      assertThat(seen).hasSize(5);
      assertThat(seen.getLast().observed()).isEqualTo(moved);
    }
  }

  @Test
  void confirm_whereTheKeptConnectionIsSilent_asksAllAnewAtOnce() throws Exception {
    StunReflector keeping = open(NEVER, server.hostPort());
    ask(keeping);
    Endpoint moved = Endpoint.parse("203.0.113.9:4711");
    server.tcp =
        (request, client, out) -> {
          if (server.connections.get() > 1) { // a NAT has forgotten the first one
            out.send(StunMessage.success(request.id(), moved).encode());
          }
        };
    confirm(keeping);
    assertThat(server.connections).hasValue(2);
    assertThat(seen).extracting(Observation::observed).contains(moved);
  }

  @Test
  void confirm_endsTheWaitOfAQuestionThatGetsNoAnswer() throws Exception {
    StunReflector keeping = open(Duration.ofMillis(20), server.hostPort());
    ask(keeping);
    CountDownLatch asked = new CountDownLatch(1);
    server.tcp =
        (request, client, out) -> {
          if (server.connections.get() > 1) {
            out.send(StunMessage.success(request.id(), client).encode());
          }
          asked.countDown();
        };
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    confirm(keeping);
    assertThat(server.connections).hasValueGreaterThan(1);
  }

  @Test
  void confirmOfAPortThatNobodyAskedAbout_isDoneAtOnce() {
    assertThat(open(NEVER, server.hostPort()).confirm(port).toCompletableFuture()).isCompleted();
    assertThat(server.connections).hasValue(0);
  }

  private StunReflector open(Duration keepAlive, HostPort... servers) {
    reflector = new StunReflector(List.of(servers), new NameLookup(), LONG, keepAlive);
    return reflector;
  }

  private void ask(StunReflector asked) throws Exception {
    asked.observe(port, seen::add).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** Much sooner than the reflector's own patience. */
  private void confirm(StunReflector asked) throws Exception {
    asked.confirm(port).toCompletableFuture().get(6, TimeUnit.SECONDS);
  }
}
