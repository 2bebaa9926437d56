package dev.sallyport.domain.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.FilterProbe.Outcome;
import dev.sallyport.domain.nat.FilterProbe.Relation;
import dev.sallyport.domain.nat.NatInquiry.Ability;
import dev.sallyport.domain.nat.NatInquiry.Depth;
import dev.sallyport.domain.nat.NatInquiry.Question;
import dev.sallyport.domain.nat.Observation.Source;
import dev.sallyport.domain.nat.SourceReport.Contact;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the values around {@link NatClassifier} refuse to be, and what follows from them. */
class NatValuesTest {
  private static final Endpoint OBSERVER = Endpoint.parse("192.0.2.1:3478");
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Whatever is about a port of ours. */
  private static final List<IntConsumer> OF_A_PORT =
      List.of(
          port ->
              new FilterProbe(
                  port,
                  Transport.TCP,
                  OBSERVER,
                  Relation.OTHER_ADDRESS,
                  Outcome.ARRIVED,
                  SECOND,
                  Instant.EPOCH),
          port -> new QuietProbe(port, Transport.UDP, OBSERVER, SECOND, true, Instant.EPOCH),
          port -> question(List.of(port), List.of(), SECOND),
          port -> question(List.of(), List.of(port), SECOND));

  @ParameterizedTest
  @ValueSource(ints = {1, 65535})
  void thereAreSuchPorts(int port) {
    OF_A_PORT.forEach(make -> assertThatCode(() -> make.accept(port)).doesNotThrowAnyException());
    assertThat(new PortAllocation.Block(port, port).has(port)).isTrue();
    assertThat(new PortAllocation.Random(port, port).low()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 65536})
  void thereAreNoSuchPorts(int port) {
    OF_A_PORT.forEach(
        make ->
            assertThatIllegalArgumentException()
                .isThrownBy(() -> make.accept(port))
                .withMessageContaining("port " + port));
    assertThatIllegalArgumentException().isThrownBy(() -> new PortAllocation.Block(port, port));
    assertThatIllegalArgumentException().isThrownBy(() -> new PortAllocation.Random(port, port));
  }

  @Test
  void aBlock_hasBothOfItsEnds_andNothingBeyond() {
    PortAllocation.Block block = new PortAllocation.Block(5120, 5631);
    assertThat(List.of(5120, 5300, 5631)).allMatch(block::has);
    assertThat(List.of(5119, 5632)).noneMatch(block::has);
    assertThatIllegalArgumentException().isThrownBy(() -> new PortAllocation.Block(5631, 5120));
  }

  @Test
  void aStep_isOf256AtMost_upOrDown() {
    assertThat(new PortAllocation.Sequential(256).step()).isEqualTo(256);
    assertThat(new PortAllocation.Sequential(-256).step()).isEqualTo(-256);
    for (int step : new int[] {-257, 0, 257}) {
      assertThatIllegalArgumentException().isThrownBy(() -> new PortAllocation.Sequential(step));
    }
  }

  @Test
  void whatWasAsked_wasAskedARoundTripBeforeTheAnswer_andWhatNobodyTimed_beforeAllElse() {
    Instant noon = Instant.parse("2026-01-01T12:00:00Z");
    assertThat(seenAt(noon).askedAt()).isEqualTo(noon.minusSeconds(1));
    assertThat(seenAt(Instant.EPOCH).askedAt()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void aQuestion_hasADeadline() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> question(List.of(), List.of(), Duration.ZERO));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> question(List.of(), List.of(), Duration.ofMillis(-1)))
        .withMessageContaining("-1 ms");
  }

  @Test
  void aSource_hasAnswered_ifOneOfItsObserversHas() {
    assertThat(report(Set.of(), 0, 0).hasAnswered()).isFalse();
    assertThat(report(Set.of(), 0, 8).hasAnswered()).isFalse();
    assertThat(report(Set.of(), 1, 8).hasAnswered()).isTrue();
    assertThat(report(Set.of(), 8, 8).hasAnswered()).isTrue();
    assertThatIllegalArgumentException().isThrownBy(() -> report(Set.of(), -1, 8));
    assertThatIllegalArgumentException().isThrownBy(() -> report(Set.of(), 9, 8));
  }

  @Test
  void aSource_keepsItsAbilities_whateverBecomesOfTheSetTheyCameIn() {
    Set<Ability> abilities = EnumSet.of(Ability.DIAL_BACK, Ability.OTHER_PORT);
    SourceReport report = report(abilities, 1, 1);
    abilities.clear();
    assertThat(report.abilities()).containsExactly(Ability.OTHER_PORT, Ability.DIAL_BACK);
    assertThat(report(abilities, 1, 1).abilities()).isEmpty();
  }

  @Test
  void aSourceThatWasNotAsked_saysWhyOfEachTransportItHas() {
    SourceReport stun = SourceReport.notAsked("stun.example.org", Source.STUN, "It has no address");
    assertThat(stun.hasAnswered()).isFalse();
    assertThat(List.of(stun.tcp(), stun.udp()))
        .containsOnly(Contact.failed("It has no address"))
        .noneMatch(Contact::hasAnswered);
    SourceReport dht = SourceReport.notAsked("the DHT", Source.DHT, "It is switched off");
    assertThat(dht.tcp()).isNull();
    assertThat(dht.udp()).isEqualTo(Contact.failed("It is switched off"));
  }

  @Test
  void aContact_hasAnAnswerOrAProblem() {
    assertThat(Contact.answered(SECOND).hasAnswered()).isTrue();
    assertThat(Contact.answered(SECOND).roundTrip()).isEqualTo(SECOND);
    assertThat(Contact.failed("Nobody there").hasAnswered()).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> new Contact(null, null));
    assertThatIllegalArgumentException().isThrownBy(() -> new Contact(SECOND, "Nobody there"));
  }

  @Test
  void aDiagnosis_suspectsACarrierExactlyIfThereIsASign() {
    assertThatThrownBy(() -> diagnosis(true, Set.of())).hasMessageContaining("without a sign");
    assertThatThrownBy(() -> diagnosis(false, Set.of(CarrierSign.PORT_BLOCK)))
        .hasMessageContaining("none with [PORT_BLOCK]");
  }

  @Test
  void whereNobodyListens_nobodyArrives() {
    assertThat(Arrivals.none().arrives(4000, who -> true, SECOND).toCompletableFuture())
        .isCompletedWithValue(false);
  }

  @Test
  void aReflectorThatCanDoNoMore_samplesNothing_andHasNothingToConfirm() {
    try (Reflector simple = new SimpleReflector()) {
      assertThat(simple.sample().toCompletableFuture())
          .isCompletedWithValueMatching(sample -> sample.isEmpty());
      assertThat(simple.confirm(4000).toCompletableFuture()).isCompleted();
    }
  }

  private static final class SimpleReflector implements Reflector {
    @Override
    public CompletionStage<Survey> observe(int localPort, Consumer<Observation> sink) {
      throw new AssertionError("nobody asks it");
    }

    @Override
    public void close() {}
  }

  private static Observation seenAt(Instant when) {
    return new Observation(4000, OBSERVER, Transport.TCP, OBSERVER, Source.STUN, SECOND, when);
  }

  private static Question question(
      List<Integer> mappingPorts, List<Integer> filterPorts, Duration deadline) {
    return new Question(mappingPorts, filterPorts, Depth.FULL, deadline, Arrivals.none());
  }

  private static SourceReport report(Set<Ability> abilities, int answered, int asked) {
    return new SourceReport(
        "stun.example.org", Source.STUN, OBSERVER, null, null, abilities, answered, asked);
  }

  private static NatDiagnosis diagnosis(boolean suspected, Set<CarrierSign> signs) {
    Finding<Behavior> none = Finding.unknown();
    NatProfile profile =
        new NatProfile(
            none, none, none, none, Finding.unknown(), Finding.unknown(), suspected, false);
    return new NatDiagnosis(profile, Finding.unknown(), Finding.unknown(), signs, 0, 0);
  }
}
