package dev.sallyport.harness.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.punch.PunchPolicy;
import dev.sallyport.domain.punch.SocketId;
import dev.sallyport.domain.session.SocketEffect;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.NetworkPath;
import dev.sallyport.harness.scenario.Scenario;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which SYN counts as a side's first. */
class DialsTest {
  private static final Duration PLAIN = PunchPolicy.DEFAULT.dialTimeout();
  private static final Duration HELD = Duration.ofSeconds(4);
  private static final Endpoint PEER = Endpoint.parse("198.18.20.2:5000");

  private final Dials dials = new Dials();

  @Test
  void whoDialledTheConnectionItself_beganWithTheFirstOfThatSeries() {
    dial(10, 40_001, 40_001, PEER, PLAIN);
    dial(20, 40_001, 40_001, PEER.withPort(5001), HELD);
    dial(30, 40_001, 40_001, PEER.withPort(5002), HELD);

    assertThat(start(40_001, PEER, 99)).isEqualTo(10);
    assertThat(start(40_001, PEER.withPort(5002), 99)).isEqualTo(20);
  }

  @Test
  void whoDidNot_beganWithTheFirstDialToThatAddress() {
    dial(10, 40_001, 40_001, Endpoint.parse("192.168.20.10:5000"), PLAIN);
    dial(20, 40_001, 40_001, PEER.withPort(7000), PLAIN);

    assertThat(start(40_001, PEER, 99)).isEqualTo(20);
    assertThat(start(40_001, PEER, 20)).isNull();
  }

  @Test
  void directAndExternal_areTwoSeries() {
    dial(10, 40_001, 40_001, PEER, PLAIN);
    dial(20, 0, 33_333, PEER, PLAIN);

    assertThat(start(33_333, PEER, 99)).isEqualTo(20);
  }

  @Test
  void ofTwoBurstsFromEphemeralPorts_eachHasItsOwnStart() {
    long later = 1_000_000_000;
    dial(10, 0, 33_001, PEER, HELD);
    dial(20, 0, 33_002, PEER, HELD);
    dial(later, 0, 33_003, PEER.withPort(6001), HELD);
    dial(later + 1, 0, 33_004, PEER.withPort(6002), HELD);
    dial(later + 500_000_000, 0, 33_005, PEER, HELD); // again what failed

    assertThat(start(33_002, PEER, Long.MAX_VALUE)).isEqualTo(10);
    assertThat(start(33_004, PEER.withPort(6002), Long.MAX_VALUE)).isEqualTo(later);
    assertThat(start(33_005, PEER, Long.MAX_VALUE)).isEqualTo(10);
  }

  @Test
  void whereAnybodyGetsIn_onlyTheCallerHasAStart_andNeedsOneRoundTripAndTheAcknowledgement() {
    Contact contact = contact(NatKind.PORT_RESTRICTED, NatKind.NONE);

    assertThat(contact.serviceStart()).isNull();
    assertThat(contact.sinceLaterStart()).isEqualTo(Duration.ofMillis(150));
  }

  @Test
  void whereBothHaveToDial_theLaterOneCounts() {
    Contact contact = contact(NatKind.PORT_RESTRICTED, NatKind.PORT_RESTRICTED);

    assertThat(contact.callerStart()).isNotNull();
    assertThat(contact.serviceStart()).isNotNull();
    assertThat(contact.callerUp()).isNotEqualTo(contact.serviceUp());
    assertThat(contact.sinceLaterStart()).isBetween(Duration.ofMillis(100), Duration.ofMillis(150));
  }

  private void dial(long at, int port, int got, Endpoint remote, Duration held) {
    Endpoint local = Endpoint.parse("192.168.10.10:" + got);
    dials.left(new SocketEffect.Dial(SocketId.dialed(1), port, remote, held), local, at);
  }

  private @Nullable Long start(int port, Endpoint remote, long up) {
    return dials.startOf(Endpoint.parse("192.168.10.10:" + port), remote, up);
  }

  private static Contact contact(NatKind client, NatKind server) {
    NetworkPath path = new NetworkPath(Duration.ofMillis(50), 0, 1);
    Contact contact = Trial.time(Scenario.between(client, server).over(path)).contact();
    return Objects.requireNonNull(contact, "no connection");
  }
}
