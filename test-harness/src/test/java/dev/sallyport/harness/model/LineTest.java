package dev.sallyport.harness.model;

import static dev.sallyport.harness.model.Watched.MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What two lines in a row do to packets that go from the one host to the other. */
class LineTest {
  private static final Duration DELAY = Duration.ofMillis(50);
  private static final Duration JITTER = Duration.ofMillis(40);
  private static final List<Integer> HUNDRED = IntStream.range(0, 100).boxed().toList();

  @ParameterizedTest
  @ValueSource(doubles = {1, 20, 90})
  void ofAllPackets_asManyAreLostAsIsSaid(double percent) {
    int count = 20_000;
    Watched lab = send(new NetworkPath(DELAY, percent, 1), count, MS);
    assertThat(lab.lost * 100.0 / count).isCloseTo(percent, within(1.0));
    assertThat(lab.arrivals).hasSize(count - lab.lost);
  }

  @Test
  void withoutLoss_allArrive_afterTheDelay() {
    Watched lab = send(new NetworkPath(DELAY, 0, 1), 100, 0);
    assertThat(lab.numbers()).isEqualTo(HUNDRED);
    assertThat(lab.arrivals).allMatch(arrival -> arrival.nanos() == DELAY.toNanos());
  }

  @Test
  void jitter_makesPacketsLate_butKeepsTheirOrder() {
    Watched lab = send(new NetworkPath(DELAY, 0, 1).uneven(JITTER, 0), 100, MS);
    assertThat(lab.numbers()).isEqualTo(HUNDRED);
    Set<Long> lateness = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      lateness.add(lab.arrivals.get(i).nanos() - i * MS - DELAY.toNanos());
    }
    assertThat(lateness).hasSizeGreaterThan(50).allMatch(nanos -> nanos >= 0);
    assertThat(lateness).allMatch(nanos -> nanos <= JITTER.toNanos());
  }

  @Test
  void reordering_letsSomeBeOvertaken_andLosesNone() {
    Watched lab = send(new NetworkPath(DELAY, 0, 1).uneven(Duration.ZERO, 10), 1000, MS);
    List<Integer> numbers = lab.numbers();
    assertThat(numbers).hasSize(1000).doesNotHaveDuplicates();
    int overtaken = 0;
    int highest = -1;
    for (int number : numbers) {
      if (number < highest) {
        overtaken++;
      }
      highest = Math.max(highest, number);
    }
    assertThat(overtaken).isBetween(50, 150);
  }

  @Test
  void withoutDelay_reorderingWorksToo() {
    Watched lab = send(NetworkPath.ideal().uneven(Duration.ZERO, 30), 100, MS);
    assertThat(lab.numbers()).containsExactlyInAnyOrderElementsOf(HUNDRED).isNotEqualTo(HUNDRED);
  }

  @Test
  void theSameSeed_givesTheSamePackets_andAnotherSeedDiffers() {
    NetworkPath path = new NetworkPath(DELAY, 10, 7).uneven(JITTER, 10);
    List<Watched.Arrival> once = send(path, 100, MS).arrivals;
    assertThat(send(path, 100, MS).arrivals).isEqualTo(once);
    assertThat(send(path.seeded(8), 100, MS).arrivals).isNotEqualTo(once);
  }

  private static Watched send(NetworkPath path, int count, long gapNanos) {
    Watched lab = new Watched(Scenario.between(NatKind.NONE, NatKind.NONE).over(path));
    for (int i = 0; i < count; i++) {
      int number = i;
      lab.time.at(i * gapNanos, () -> lab.sendAcross(number));
    }
    lab.time.runUntil(count * gapNanos + 10_000 * MS);
    return lab;
  }
}
