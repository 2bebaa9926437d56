package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector.Survey;
import dev.sallyport.domain.nat.Transport;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a STUN server that we did not write. */
class CoturnTest {
  private static final String BINARY = "turnserver";

  @TempDir static Path folder;
  private static @Nullable Process coturn;
  private static int serverPort;

  @BeforeAll
  static void start() throws Exception {
    boolean installed =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(directory -> new File(directory, BINARY).canExecute());
    if (!installed) {
      String missing = "coturn's \"" + BINARY + "\" is not installed: no STUN test against it";
      assertThat(System.getenv("CI")).as(missing).isNotEqualTo("true");
      System.err.println("SKIPPED: " + missing);
      Assumptions.abort(missing);
    }
    serverPort = Loopback.freePort();
    coturn =
        new ProcessBuilder(
                BINARY,
                "-n",
                "--no-auth",
                "-S",
                "-L",
                "127.0.0.1",
                "-p",
                "" + serverPort,
                "--no-cli",
                "--no-tls",
                "--no-dtls",
                "--log-file",
                "stdout",
                "--simple-log",
                "-b",
                folder.resolve("turndb").toString(),
                "--pidfile",
                folder.resolve("pid").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    await().until(CoturnTest::listens);
  }

  private static boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (coturn != null) {
      coturn.destroy();
      assertThat(coturn.waitFor(10, TimeUnit.SECONDS)).isTrue();
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
