package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.FilterProbe;
import dev.sallyport.domain.nat.FilterProbe.Outcome;
import dev.sallyport.domain.nat.FilterProbe.Relation;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.NatInquiry.Ability;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.QuietProbe;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.Transport;
import java.io.File;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a STUN server can tell which we did not write, with two addresses (RFC 5780). */
class CoturnInquiryTest {
  private static final String BINARY = "turnserver";
  private static final String A = "127.0.0.2";
  private static final String B = "127.0.0.3";

  @TempDir static Path folder;
  private static @Nullable Process coturn;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    boolean installed =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(directory -> new File(directory, BINARY).canExecute());
    if (!installed) {
      String missing = "coturn's \"" + BINARY + "\" is not installed: no inquiry test against it";
      assertThat(System.getenv("CI")).as(missing).isNotEqualTo("true");
      System.err.println("SKIPPED: " + missing);
      Assumptions.abort(missing);
    }
    port = Observer.freePair();
    coturn =
        new ProcessBuilder(
                BINARY,
                "-n",
                "--stun-only",
                "--no-auth",
                "--no-cli",
                "--no-tls",
                "--no-dtls",
                "-L",
                A,
                "-L",
                B,
                "-p",
                "" + port,
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
    await().until(() -> listens(A, 0) && listens(A, 1) && listens(B, 0) && listens(B, 1));
  }

  private static boolean listens(String address, int offset) {
    try (Socket socket = new Socket(Observer.ip(address), port + offset)) {
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

  private static Endpoint at(String address, int offset) {
    return new Endpoint(Observer.ip(address), port + offset);
  }

  @Test
  void coturn_tellsHowWeAreMapped_andForUdpWhoGetsIn() throws Exception {
    try (Inquirer inquirer = new Inquirer(at(A, 0))) {
      SourceReport report = inquirer.ask(Duration.ofSeconds(20)).getFirst();
      assertThat(Objects.requireNonNull(report.tcp()).hasAnswered()).isTrue();
      assertThat(Objects.requireNonNull(report.udp()).hasAnswered()).isTrue();
      assertThat(report.abilities())
          .as("it cannot dial back")
          .containsExactlyInAnyOrder(
              Ability.OTHER_PORT, Ability.OTHER_ADDRESS, Ability.UDP_FILTERING);
      for (Transport transport : Transport.values()) {
        List<Observation> views = inquirer.views(transport);
        assertThat(views).extracting(Observation::observer).contains(at(A, 0), at(A, 1));
        assertThat(views).allMatch(view -> view.observed().port() == view.localPort());
      }
      assertThat(inquirer.probes(Transport.UDP))
          .extracting(FilterProbe::prober, FilterProbe::relation, FilterProbe::outcome)
          .containsExactlyInAnyOrder(
              tuple(at(A, 1), Relation.SAME_ADDRESS_OTHER_PORT, Outcome.ARRIVED),
              tuple(at(B, 1), Relation.OTHER_ADDRESS, Outcome.ARRIVED));
      assertThat(inquirer.probes(Transport.TCP)).isEmpty();
    }
  }

  @Test
  void coturn_tellsHowLongAMappingLives() throws Exception {
    List<QuietProbe> probes = new CopyOnWriteArrayList<>();
    try (NatInquiry inquiry =
        StunInquiry.of(List.of(HostPort.parse(at(A, 0).toString())), new NameLookup()).getFirst()) {
      var unused =
          inquiry
              .testLifetime(List.of(Duration.ofMillis(300)), probes::add)
              .toCompletableFuture()
              .get(30, TimeUnit.SECONDS);
    }
    assertThat(probes)
        .extracting(QuietProbe::transport, QuietProbe::kept)
        .containsExactlyInAnyOrder(tuple(Transport.TCP, true), tuple(Transport.UDP, true));
  }
}
