package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.CallOutcome;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A service looks at its mailbox a second after the knock, and until then its router refuses each
 * dial of the caller with an ICMP error. A SYN of the service that comes between two dials of a
 * port spoils that port: the caller's own NAT waits for an answer to it that has the sequence
 * number of the dial before, and lets no other one out.
 */
class RefusedWhileWaitingTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int CALLS = 25;

  @ParameterizedTest
  @CsvSource({
    "PORT_RESTRICTED,      PORT_RESTRICTED_ICMP,  2,  0",
    "EIM_RANDOM,           PORT_RESTRICTED_ICMP,  2,  0",
    "FIREWALL,             PORT_RESTRICTED_ICMP,  2,  0",
    "FIREWALL,             PORT_RESTRICTED_ICMP, 50, 30",
    "PORT_RESTRICTED_RST,  PORT_RESTRICTED_RST,   2,  0",
    "PORT_RESTRICTED_RST,  PORT_RESTRICTED_ICMP,  8,  0",
    "PORT_RESTRICTED_RST,  PORT_RESTRICTED_ICMP, 50, 30",
    "PORT_RESTRICTED_ICMP, PORT_RESTRICTED_RST,   8,  0",
    "PORT_RESTRICTED_ICMP, PORT_RESTRICTED_ICMP,  8,  0",
  })
  void aServiceThatIsLate_isReached(NatKind caller, NatKind service, int delay, int latency)
      throws Exception {
    for (int seed = 1; seed <= CALLS; seed++) {
      NetworkPath path = new NetworkPath(Duration.ofMillis(delay), 0, seed);
      TwoEnds ends =
          new TwoEnds(
              Scenario.between(caller, service).over(path), Duration.ofMillis(100), () -> false);
      ends.latency = ends.latency.plusMillis(latency);
      ends.serve(0);
      ends.run(Duration.ofSeconds(20));
      ends.seeLater(Duration.ofSeconds(1));
      Caller call = ends.call(TIMEOUT);
      ends.until(() -> call.outcome() != null, "the call ends");
      assertThat(call.outcome()).as("seed %d", seed).isInstanceOf(CallOutcome.Linked.class);
    }
  }
}
