package dev.sallyport.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.FilterProbe;
import dev.sallyport.domain.nat.FilterProbe.Outcome;
import dev.sallyport.domain.nat.FilterProbe.Relation;
import dev.sallyport.domain.nat.NatInquiry.Ability;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything one server can tell, on loopback: from our own observers, and from bad ones. */
class StunInquiryTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(700);

  @Test
  void twoObservers_tellAllThatTheyCan() throws Exception {
    try (Observer a = new Observer(ResponderLimits.USUAL, "127.0.0.2", "127.0.0.3");
        Observer b = new Observer(ResponderLimits.USUAL, "127.0.0.4", "127.0.0.5");
        Inquirer inquirer = new Inquirer(a.at(0, 0), b.at(0, 0))) {
      List<SourceReport> reports = inquirer.ask(LONG);

      assertThat(reports)
          .extracting(SourceReport::name)
          .containsExactly(a.at(0, 0).toString(), b.at(0, 0).toString());
      for (SourceReport report : reports) {
        assertThat(report.abilities()).containsExactlyInAnyOrder(Ability.values());
        assertThat(Objects.requireNonNull(report.tcp()).hasAnswered()).isTrue();
        assertThat(Objects.requireNonNull(report.udp()).hasAnswered()).isTrue();
      }
      List<Observation> tcp = inquirer.views(Transport.TCP);
      assertThat(tcp).allMatch(view -> view.observed().equals(Loopback.at(view.localPort())));
      for (int port : inquirer.mappingPorts) {
        assertThat(tcp)
            .filteredOn(view -> view.localPort() == port)
            .extracting(Observation::observer)
            .containsExactlyInAnyOrder(a.at(0, 0), a.at(0, 1), b.at(0, 0), b.at(0, 1));
      }
      List<Observation> udp = inquirer.views(Transport.UDP);
      assertThat(udp)
          .filteredOn(view -> List.of(a.at(0, 1), b.at(0, 1)).contains(view.observer()))
          .extracting(Observation::localPort)
          .as("both second ports look at one socket")
          .hasSize(2)
          .satisfies(ports -> assertThat(Set.copyOf(ports)).hasSize(1));
      for (Observer observer : List.of(a, b)) {
        assertThat(inquirer.probes(Transport.TCP))
            .filteredOn(probe -> observer.addresses.contains(probe.prober().address()))
            .extracting(FilterProbe::relation, FilterProbe::outcome)
            .containsExactlyInAnyOrder(
                tuple(Relation.SAME_ADDRESS_OTHER_PORT, Outcome.ARRIVED),
                tuple(Relation.OTHER_ADDRESS, Outcome.ARRIVED));
      }
      assertThat(inquirer.probes(Transport.UDP))
          .extracting(FilterProbe::prober, FilterProbe::outcome)
          .containsExactlyInAnyOrder(
              tuple(a.at(0, 1), Outcome.ARRIVED),
              tuple(a.at(1, 1), Outcome.ARRIVED),
              tuple(b.at(0, 1), Outcome.ARRIVED),
              tuple(b.at(1, 1), Outcome.ARRIVED));
    }
  }

  @Test
  void packetsLeaveInTheOrderOfTheirTimes() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, "127.0.0.2", "127.0.0.3");
        Inquirer inquirer = new Inquirer(observer.at(0, 0))) {
      var unused = inquirer.ask(LONG);
      List<Observation> views = new ArrayList<>(inquirer.views(Transport.TCP));
      views.sort(Comparator.comparing(v -> v.seenAt().minus(v.roundTrip())));
      assertThat(views)
          .filteredOn(view -> inquirer.mappingPorts.contains(view.localPort()))
          .extracting(view -> view.observer().port() - observer.port)
          .as("the second port after the first")
          .containsExactly(0, 0, 1, 1);
    }
  }

  @Test
  void aServerThatIsNotThere_isGivenUpEarly_andSaysWhy() throws Exception {
    try (Loopback.BlackHole hole = new Loopback.BlackHole();
        Inquirer inquirer = new Inquirer(hole.endpoint())) {
      long start = System.nanoTime();
      SourceReport report = inquirer.ask(LONG).getFirst();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      assertThat(report.hasAnswered()).isFalse();
      assertThat(Objects.requireNonNull(report.tcp()).problem()).contains("time is up");
      assertThat(Objects.requireNonNull(report.udp()).problem()).contains("no answer over UDP");
      assertThat(inquirer.evidence).isEmpty();
    }
  }

  static Stream<Named<StunDouble.Behavior>> misbehaviors() {
    return StunReflectorTroubleTest.misbehaviors();
  }

  @ParameterizedTest
  @MethodSource("misbehaviors")
  void aMisbehavingServer_isNoSource_andHoldsNobodyUp(StunDouble.Behavior behavior)
      throws Exception {
    try (StunDouble bad = new StunDouble();
        StunDouble good = new StunDouble();
        Inquirer inquirer = new Inquirer(bad.endpoint(), good.endpoint())) {
      bad.tcp = behavior;
      bad.udp = behavior;
      long start = System.nanoTime();
      List<SourceReport> reports = inquirer.ask(SHORT);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SHORT.multipliedBy(4));
      assertThat(reports).extracting(SourceReport::hasAnswered).containsExactly(false, true);
      assertThat(inquirer.evidence)
          .isNotEmpty()
          .allMatch(
              piece -> piece instanceof Observation o && o.observer().equals(good.endpoint()));
    }
  }

  /** What liars say of a dial-back that never was. */
  static Stream<Named<DialBack>> lies() {
    Endpoint elsewhere = Endpoint.parse("198.51.100.7:9");
    Endpoint here = Loopback.at(9);
    Duration now = Duration.ZERO;
    return Stream.of(
        Named.of(
            "nobody came from here",
            DialBack.done(Vantage.OTHER_PORT, DialBack.Outcome.ARRIVED, here, now)),
        Named.of(
            "nobody came from there",
            DialBack.done(Vantage.OTHER_ADDRESS, DialBack.Outcome.ARRIVED, elsewhere, now)),
        Named.of(
            "it has not waited that long",
            DialBack.done(
                Vantage.OTHER_PORT, DialBack.Outcome.SILENT, here, Duration.ofSeconds(60))),
        Named.of(
            "that is its own address",
            DialBack.done(Vantage.OTHER_ADDRESS, DialBack.Outcome.REFUSED, here, now)),
        Named.of("there was no dial", DialBack.none(Vantage.OTHER_PORT, DialBack.Outcome.REFUSED)));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aLieAboutADialBack_isNoEvidence(DialBack lie) throws Exception {
    try (StunDouble liar = new StunDouble();
        Inquirer inquirer = new Inquirer(liar.endpoint())) {
      liar.tcp =
          (request, client, out) ->
              out.send(StunMessage.success(request.id(), client, null, null, lie).encode());
      assertThat(inquirer.ask(Duration.ofSeconds(4)).getFirst().hasAnswered()).isTrue();
      assertThat(inquirer.probes(Transport.TCP)).isEmpty();
      assertThat(inquirer.views(Transport.TCP)).hasSize(4);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:1", "198.51.100.7:1", "[2001:db8::1]:3479"})
  void anotherAddressThatIsNone_costsNothingButTime(String other) throws Exception {
    try (StunDouble server = new StunDouble();
        Inquirer inquirer = new Inquirer(server.endpoint())) {
      StunDouble.Behavior boasting =
          (request, client, out) ->
              out.send(
                  StunMessage.success(request.id(), client, null, Endpoint.parse(other), null)
                      .encode());
      server.tcp = boasting;
      server.udp = boasting;
      SourceReport report = inquirer.ask(Duration.ofSeconds(4)).getFirst();
      assertThat(report.hasAnswered()).isTrue();
      assertThat(inquirer.evidence)
          .isNotEmpty()
          .allMatch(
              piece -> piece instanceof Observation o && o.observer().equals(server.endpoint()));
    }
  }

  @Test
  void whenItEnds_noSocketIsLeft() throws Exception {
    try (Observer observer = new Observer(ResponderLimits.USUAL, "127.0.0.2", "127.0.0.3");
        Inquirer inquirer = new Inquirer(observer.at(0, 0))) {
      var unused = inquirer.ask(LONG);
      long before = Loopback.openFiles();
      unused = inquirer.ask(LONG);
      await().untilAsserted(() -> assertThat(Loopback.openFiles()).isLessThanOrEqualTo(before + 2));
    }
  }
}
