package dev.sallyport.harness.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.harness.bench.PunchBench.Call;
import dev.sallyport.harness.bench.PunchBench.Group;
import dev.sallyport.harness.bench.PunchBench.Row;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** How long punching takes, and how that is told. */
class PunchBenchTest {
  private final PunchBench bench = bench(3, 50);

  /** The whole measurement is the command's; this is a look at a few calls of each pair. */
  @ParameterizedTest
  @FieldSource("dev.sallyport.harness.bench.PunchBench#GROUPS")
  void eachGroup_isAsPromised(Group group) {
    Row row = bench.play(group);

    assertThat(row.connected()).hasSizeGreaterThan(row.calls() * 95 / 100);
    assertThat(bench.isWithin(row)).as("slowest: %s", row.slowest()).isTrue();
  }

  @Test
  void theSameSeed_givesTheSameTimes() {
    Group chance = PunchBench.GROUPS.get(9);

    assertThat(bench.play(chance)).isEqualTo(bench.play(chance));
  }

  @Test
  void aGroup_isOneLine_inRoundTripsAndMilliseconds() {
    Group easy = PunchBench.GROUPS.getFirst();
    Row row = new Row(easy, 200, calls(easy, 100));

    assertThat(new PunchText(bench).line(row))
        .matches(
            "easy x easy +81 +200 +100 +0\\.50 +0\\.95 +0\\.99 +50 +95 +99 "
                + " p95 <= 130 ms \\(1\\.1 RTT \\+ 20 ms\\): ok");
    assertThat(new PunchText(bench).tail(List.of(row))).isEmpty();
  }

  @Test
  void whatTakesTooLong_isToldWithTheWayToLookAtIt() {
    Group easy = PunchBench.GROUPS.getFirst();
    Row row = new Row(easy, 200, calls(easy, 140));

    assertThat(bench.isWithin(row)).isFalse();
    assertThat(new PunchText(bench).line(row)).endsWith("exceeded");
    assertThat(new PunchText(bench).tail(List.of(row)))
        .containsExactly(
            "slowest of easy x easy, 140 ms: ./lab explain --client=juniper"
                + " --server=port-restricted --delay=50 --seed=140");
  }

  @Test
  void whereNobodyConnects_nothingIsAsPromised() {
    Row row = new Row(PunchBench.GROUPS.getLast(), 3, List.of());

    assertThat(bench.isWithin(row)).isFalse();
    assertThat(new PunchText(bench).line(row)).contains("NaN").endsWith("exceeded");
    assertThat(new PunchText(bench).tail(List.of(row))).isEmpty();
  }

  @Test
  void withoutCalls_orWithoutADelay_thereIsNothingToMeasure() {
    assertThatThrownBy(() -> bench(0, 50)).hasMessage("a repeat of 0 is not 1 or more");
    assertThatThrownBy(() -> bench(1, 0)).hasMessageContaining("a delay of at least 1 ms");
  }

  private static List<Call> calls(Group group, int slowest) {
    PunchBench.Pair pair = new PunchBench.Pair(NatKind.JUNIPER, NatKind.PORT_RESTRICTED);
    assertThat(group.pairs()).contains(pair);
    return IntStream.rangeClosed(1, slowest).mapToObj(i -> new Call(pair, i, i)).toList();
  }

  private static PunchBench bench(int repeat, int delayMillis) {
    return new PunchBench(repeat, new NetworkPath(Duration.ofMillis(delayMillis), 0, 1));
  }
}
