package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VirtualTimeTest {
  private record Done(long time, int number) {}

  private final VirtualTime time = new VirtualTime();
  private final List<Done> done = new ArrayList<>();

  private void schedule(long at, int number) {
    time.at(at, () -> done.add(new Done(time.now(), number)));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void actions_runByTime_andAtTheSameTimeInTheirOrder(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Done> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      long at = random.nextLong(100);
      schedule(at, i);
      expected.add(new Done(at, i));
    }
    expected.sort(Comparator.comparingLong(Done::time)); // stable
    while (time.runNext()) {
      // All of them.
    }
    assertThat(done).isEqualTo(expected);
    assertThat(time.pending()).isZero();
  }

  @Test
  void actions_canScheduleOthers_alsoForNow() {
    time.at(
        10,
        () -> {
          schedule(10, 2);
          schedule(5, 3); // over: now
        });
    schedule(10, 1);
    time.runUntil(10);
    assertThat(done).containsExactly(new Done(10, 1), new Done(10, 2), new Done(10, 3));
  }

  @Test
  void runUntil_letsTheTimePass_andGoesNoFurther() {
    schedule(10, 1);
    schedule(11, 2);
    time.runUntil(10);
    assertThat(done).containsExactly(new Done(10, 1));
    time.runUntil(5);
    assertThat(time.now()).isEqualTo(10);
    time.runUntil(1000);
    assertThat(done).hasSize(2);
    assertThat(time.now()).isEqualTo(1000);
    assertThat(time.runNext()).isFalse();
  }
}
