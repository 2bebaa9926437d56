package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector.Survey;
import dev.sallyport.domain.nat.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a STUN server that we did not write. */
class CoturnTest {
  @TempDir static Path folder;
  private static @Nullable Coturn coturn;
  private static int serverPort;

  @BeforeAll
  static void start() throws Exception {
    serverPort = Loopback.freePort();
    coturn = Coturn.start(folder, serverPort, "127.0.0.1");
  }

  @AfterAll
  static void stop() {
    if (coturn != null) {
      coturn.close();
    }
  }

  @Test
  void coturn_answersOverTcpAndUdp_againAndAgain_alsoOnTheKeptConnection() throws Exception {
    int port = Loopback.freePort();
    List<Observation> seen = new CopyOnWriteArrayList<>();
    HostPort server = new HostPort("127.0.0.1", serverPort);
    try (StunReflector reflector =
        new StunReflector(
            List.of(server), new NameLookup(), Duration.ofSeconds(20), Duration.ofMillis(20))) {
      for (int i = 1; i <= 3; i++) {
        Survey survey =
            reflector.observe(port, seen::add).toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(survey).isEqualTo(new Survey(1, 1));
        assertThat(seen).hasSize(2 * i);
      }
    }
    assertThat(seen)
        .filteredOn(observation -> observation.transport() == Transport.TCP)
        .extracting(Observation::observed)
        .containsOnly(Loopback.at(port));
    assertThat(seen)
        .allSatisfy(
            observation ->
                assertThat(observation.observed()).isEqualTo(Loopback.at(observation.localPort())));
  }
}
