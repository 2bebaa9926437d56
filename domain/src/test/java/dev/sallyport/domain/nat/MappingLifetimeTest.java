package dev.sallyport.domain.nat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sallyport.domain.address.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MappingLifetimeTest {
  private static final Endpoint OBSERVER = Endpoint.parse("192.0.2.1:3478");

  @Test
  void itLiesBetweenTheLongestThatWasKept_andTheShortestThatWasLost() {
    assertThat(udp(probe(20, true), probe(50, true), probe(110, false)))
        .isEqualTo(lifetime(50, 110));
    assertThat(udp(probe(110, false), probe(50, false), probe(20, true)))
        .isEqualTo(lifetime(20, 50));
  }

  @Test
  void whatNeverEnded_hasNoUpperBound_andWhatWasLostAtOnce_noLowerOne() {
    assertThat(udp(probe(20, true), probe(50, true)))
        .isEqualTo(new MappingLifetime(Duration.ofSeconds(50), null));
    assertThat(udp(probe(50, false), probe(20, false))).isEqualTo(lifetime(0, 20));
  }

  @Test
  void aLossThatAnotherContradicts_doesNotCount() {
    assertThat(udp(probe(20, false), probe(50, true), probe(110, false)))
        .isEqualTo(lifetime(50, 110));
    assertThat(udp(probe(50, false), probe(50, true)))
        .isEqualTo(new MappingLifetime(Duration.ofSeconds(50), null));
  }

  @Test
  void eachTransportHasItsOwn_andWithoutATestNothingIsKnown() {
    List<QuietProbe> probes = List.of(probe(20, true));
    assertThat(MappingLifetime.of(probes, Transport.TCP)).isNull();
    assertThat(MappingLifetime.of(probes, Transport.UDP)).isNotNull();
    assertThat(MappingLifetime.of(List.of(), Transport.UDP)).isNull();
  }

  @Test
  void whatCannotBe_isRefused() {
    Duration time = Duration.ofSeconds(20);
    assertThatIllegalArgumentException().isThrownBy(() -> new MappingLifetime(time, time));
    assertThatIllegalArgumentException().isThrownBy(() -> new MappingLifetime(Duration.ZERO, null));
    assertThatIllegalArgumentException().isThrownBy(() -> probe(0, true));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new QuietProbe(0, Transport.TCP, OBSERVER, time, true, Instant.EPOCH));
  }

  private static MappingLifetime udp(QuietProbe... probes) {
    return Objects.requireNonNull(MappingLifetime.of(List.of(probes), Transport.UDP));
  }

  private static MappingLifetime lifetime(int kept, int lost) {
    return new MappingLifetime(Duration.ofSeconds(kept), Duration.ofSeconds(lost));
  }

  private static QuietProbe probe(int seconds, boolean kept) {
    return new QuietProbe(
        4000, Transport.UDP, OBSERVER, Duration.ofSeconds(seconds), kept, Instant.EPOCH);
  }
}
