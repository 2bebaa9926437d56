package dev.sallyport.harness.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.sim.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TimerTest {
  private final VirtualTime time = new VirtualTime();
  private final List<Long> wentOff = new ArrayList<>();
  private final Timer timer = new Timer(time, () -> wentOff.add(time.now()));

  @Test
  void aTimer_goesOffOnce() {
    timer.set(10);
    time.runUntil(100);
    assertThat(wentOff).containsExactly(10L);
  }

  @Test
  void puttingItOff_schedulesNothing() {
    timer.set(10);
    for (int i = 0; i < 5; i++) {
      time.runUntil(i);
      timer.set(20);
    }
    assertThat(time.pending()).isEqualTo(1);
    time.runUntil(100);
    assertThat(wentOff).containsExactly(24L);
    assertThat(time.pending()).isZero();
  }

  @Test
  void anEarlierSetting_replacesALaterOne() {
    timer.set(20);
    timer.set(10);
    time.runUntil(15);
    assertThat(wentOff).containsExactly(10L);
    time.runUntil(100);
    assertThat(wentOff).hasSize(1);
  }

  @Test
  void whatIsLeftOfALaterSetting_doesNotDisturbTheNextOne() {
    timer.set(20);
    timer.set(10);
    time.runUntil(15);
    timer.set(10);
    time.runUntil(24);
    assertThat(wentOff).containsExactly(10L);
    time.runUntil(25);
    assertThat(wentOff).containsExactly(10L, 25L);
  }

  @Test
  void aCancelledTimer_doesNotGoOff_andCanBeSetAgain() {
    timer.set(10);
    timer.cancel();
    time.runUntil(100);
    assertThat(wentOff).isEmpty();
    timer.set(10);
    time.runUntil(200);
    assertThat(wentOff).containsExactly(110L);
  }
}
