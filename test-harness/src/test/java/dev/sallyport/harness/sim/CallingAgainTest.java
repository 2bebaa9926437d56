package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One computer calls the same service again and again. The service dials the ports that a caller's
 * NAT will take next; those it dialled too far ahead are holes in its own NAT, which swallow the
 * SYNs of the calls that come from there later.
 */
class CallingAgainTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final InetAddress ELSEWHERE =
      Objects.requireNonNull(IpLiteral.parse("198.18.99.99"));

  /**
   * The ports that a process takes for its questions to STUN servers, and that a caller here, which
   * always has the same ports of its own, does not.
   */
  private static final int OTHER_CONNECTIONS = 9;

  @ParameterizedTest
  @CsvSource({
    "SYMMETRIC_STEP_1, PORT_RESTRICTED",
    "SYMMETRIC_STEP_2, PORT_RESTRICTED",
    "SYMMETRIC_STEP_1, EIM_RANDOM",
  })
  void theTenthCallFromBehindANatInSteps_takesNoLongerThanTheFirst(NatKind hard, NatKind easy)
      throws Exception {
    TwoEnds ends = between(hard, easy);
    Duration first = call(ends);
    for (int n = 2; n <= 10; n++) {
      for (int port = 1; port <= OTHER_CONNECTIONS; port++) {
        ends.hosts.client().connect(0, new Endpoint(ELSEWHERE, port), new SelfObserver.Silent());
      }
      ends.run(Duration.ofSeconds(2));
      assertThat(call(ends)).as("call %d", n).isLessThan(first.plusMillis(100));
    }
  }

  /**
   * Each dial in vain takes one of its places for two minutes, which is longer than all of this.
   */
  @ParameterizedTest
  @CsvSource({
    "HALF_OPEN_128, SYMMETRIC_STEP_1",
    "HALF_OPEN_128, SYMMETRIC_STEP_2",
    "SYMMETRIC_STEP_1, HALF_OPEN_128",
    "HALF_OPEN_128, PORT_RESTRICTED",
    "HALF_OPEN_128, HALF_OPEN_128",
  })
  void twentyCallsInARow_findRoomInASmallRouter(NatKind caller, NatKind service) throws Exception {
    TwoEnds ends = between(caller, service);
    for (int n = 1; n <= 20; n++) {
      assertThat(call(ends)).as("call %d", n).isLessThan(Duration.ofSeconds(3));
      ends.run(Duration.ofSeconds(2));
    }
  }

  /** All that a service has dialled in its callers' blocks are old holes by then. */
  @ParameterizedTest
  @CsvSource({
    "CGN_BLOCK_ARBITRARY, PORT_RESTRICTED",
    "CGN_BLOCK_ARBITRARY, PORT_RESTRICTED_RST",
    "CGN_BLOCK_ARBITRARY, PORT_RESTRICTED_ICMP",
  })
  void twentyCallsInARow_fromACarriersBlock_allGetThrough(NatKind caller, NatKind service)
      throws Exception {
    TwoEnds ends = between(caller, service);
    for (int n = 1; n <= 20; n++) {
      assertThat(call(ends)).as("call %d", n).isLessThan(Duration.ofSeconds(3));
      ends.run(Duration.ofSeconds(3));
    }
  }

  /** A service that has been up for a while. */
  private static TwoEnds between(NatKind caller, NatKind service) throws Exception {
    NetworkPath path = new NetworkPath(Duration.ofMillis(50), 0, 1);
    TwoEnds ends =
        new TwoEnds(
            Scenario.between(caller, service).over(path), Duration.ofMillis(50), () -> false);
    ends.serve(0);
    ends.run(Duration.ofSeconds(20));
    return ends;
  }

  private static Duration call(TwoEnds ends) {
    long from = ends.world.time.now();
    Caller caller = ends.call(TIMEOUT);
    ends.until(() -> caller.outcome() != null, "the call ends");
    assertThat(caller.outcome()).isInstanceOf(CallOutcome.Linked.class);
    Duration took = Duration.ofNanos(ends.world.time.now() - from);
    caller.die();
    ends.hosts.client().exit();
    return took;
  }
}
