package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that a STUN server can tell which we did not write, with two addresses (RFC 5780). */
class CoturnInquiryTest {
  private static final String A = "127.0.0.2";
  private static final String B = "127.0.0.3";

  @TempDir static Path folder;
  private static @Nullable Coturn coturn;
  private static int port;

  @BeforeAll
  static void start() throws Exception {
    port = Observer.freePair();
    coturn = Coturn.start(folder, port, A, B);
  }

  @AfterAll
  static void stop() {
    if (coturn != null) {
      coturn.close();
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
