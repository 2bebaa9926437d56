package dev.sallyport.harness.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.scenario.NatKind;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NatLab.class)
class NatLabTest {
  static Stream<TwoSites> pairs() {
    return NatPair.of(NatKind.PORT_RESTRICTED, NatKind.SYMMETRIC).stream()
        .map(pair -> pair.sites().seed(3).build());
  }

  @Test
  @BehindNats(client = NatKind.FULL_CONE, server = NatKind.FIREWALL)
  void aTest_getsTheKindsItAsksFor_25MillisecondsApart(TwoSites lab) {
    assertThat(lab).hasToString("full-cone calls firewall, 25 ms, seed 1");
  }

  @Test
  @BehindNats(
      client = NatKind.SYMMETRIC,
      server = NatKind.NONE,
      delayMillis = 40,
      lossPercent = 2,
      seed = 9)
  void aTest_getsThePathItAsksFor(TwoSites lab) {
    assertThat(lab).hasToString("symmetric calls none, 40 ms, 2.0 % loss, seed 9");
  }

  @Test
  @BehindNats(client = NatKind.NONE, server = NatKind.NONE)
  void oneTest_hasOneNetwork(TwoSites one, TwoSites same) {
    assertThat(one).isSameAs(same);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  @BehindNats(client = NatKind.NONE, server = NatKind.NONE)
  void everyRound_hasANewNetwork(int round, TwoSites lab) {
    assertThat(lab.now()).isZero();
    lab.run(Duration.ofSeconds(round));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aParameterizedTest_getsItsArgument(TwoSites lab) {
    assertThat(lab.toString()).endsWith("0 ms, seed 3");
  }

  @Test
  @BehindNats(client = NatKind.FULL_CONE, server = NatKind.FIREWALL)
  void aFailure_bringsTheSeedAndThePackets(TwoSites lab) {
    lab.client().sendUdp(4000, Endpoint.parse("198.18.2.1:7"), 5, "hello");
    lab.run(Duration.ofSeconds(2));
    AssertionError failure = new AssertionError("it did not punch");
    Invocation<Void> test =
        () -> {
          throw failure;
        };

    assertThat(catchThrowable(() -> NatLab.proceed(test, List.of(1, lab)))).isSameAs(failure);

    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0])
        .hasMessageStartingWith("played: full-cone calls firewall, 25 ms, seed 1, until 2000 ms\n")
        .hasMessageContaining("makes a new mapping")
        .hasMessageContaining("\"hello\"");
  }
}
