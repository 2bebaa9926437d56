package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A service is called while it looks around itself, and what it finds it says in another record, so
 * that the caller begins anew.
 */
class FreshServiceTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  /** {@link TwoEnds} fails if a port dials an endpoint again before its time. */
  @ParameterizedTest
  @ValueSource(ints = {201, 202, 203, 204, 205, 206, 207, 208})
  void calledWhileItLooksAround_itIsReached_andNoPortDialsTooSoon(int millis) throws Exception {
    NetworkPath path = new NetworkPath(Duration.ofMillis(50), 0, millis - 200);
    TwoEnds ends =
        new TwoEnds(
            Scenario.between(NatKind.SYMMETRIC_STEP_1, NatKind.SYMMETRIC_STEP_2).over(path),
            Duration.ofMillis(100),
            () -> false);
    ends.serve(0);
    ends.run(Duration.ofMillis(millis));
    Caller call = ends.call(TIMEOUT);
    ends.until(() -> call.outcome() != null, "the call ends");
    assertThat(call.outcome()).isInstanceOf(CallOutcome.Linked.class);
  }
}
