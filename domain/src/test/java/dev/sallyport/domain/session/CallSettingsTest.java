package dev.sallyport.domain.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.ladder.LadderPolicy;
import dev.sallyport.domain.punch.BurstGuard;
import dev.sallyport.domain.punch.PunchPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;

class CallSettingsTest {
  @Test
  void aCallHasOneToThreePunchPorts() {
    assertThat(with(List.of(4000)).punchPorts()).containsExactly(4000);
    assertThat(with(List.of(4000, 4001, 4002)).punchPorts()).hasSize(3);
    assertThatThrownBy(() -> with(List.of())).hasMessageContaining("1 to 3 punch ports, not 0");
    assertThatThrownBy(() -> with(List.of(1, 2, 3, 4))).hasMessageContaining("not 4");
  }

  private static CallSettings with(List<Integer> ports) {
    return new CallSettings(
        Cast.ID,
        Cast.CALLER,
        ports,
        LadderPolicy.DEFAULT,
        PunchPolicy.DEFAULT,
        new BurstGuard(),
        CallBench.TIMEOUT);
  }
}
