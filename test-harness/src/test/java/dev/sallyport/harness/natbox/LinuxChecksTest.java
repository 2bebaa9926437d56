package dev.sallyport.harness.natbox;

import static dev.sallyport.harness.natbox.Bench.INNER;
import static dev.sallyport.harness.natbox.Bench.REMOTE;
import static dev.sallyport.harness.natbox.Bench.rst;
import static dev.sallyport.harness.natbox.Bench.syn;
import static dev.sallyport.harness.natbox.Bench.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.nat.Behavior;
import org.junit.jupiter.api.Test;

/**
 * What conntrack makes of a host that has closed its socket and opened another one. The kernel's
 * own NAT says the same of whole hosts: see {@code Agreement}.
 */
final class LinuxChecksTest {
  private static final String HOST = "10.0.0.2:5000";
  private static final String PEER = "203.0.113.1:6000";
  private static final long LATER = INNER + 100_000;

  private final Bench nat = new Bench(NatBehavior.linux());
  private final String outer = nat.dial(HOST, PEER);

  private Verdict out(long sequence) {
    return nat.out(syn(HOST, PEER, sequence)).verdict();
  }

  private boolean in(long sequence) {
    return nat.in(syn(PEER, outer, sequence)).in() != null;
  }

  @Test
  void aNewSyn_passesWhileNobodyHasAnswered_ifItsNumberIsHigher() {
    assertThat(out(LATER)).isEqualTo(Verdict.REUSED);
    assertThat(out(LATER)).as("the same once more").isEqualTo(Verdict.REUSED);
    assertThat(out(INNER)).isEqualTo(Verdict.OUT_OF_STATE);
  }

  @Test
  void afterTheSynsHaveCrossed_onlyTheSameOnesPass() {
    assertThat(in(REMOTE)).isTrue();
    assertThat(out(INNER)).isEqualTo(Verdict.REUSED);
    assertThat(in(REMOTE)).isTrue();
    assertThat(out(LATER)).isEqualTo(Verdict.OUT_OF_STATE);
    assertThat(in(REMOTE + 100_000)).isFalse();
    assertThat(nat.out(synAck(HOST, PEER, LATER, REMOTE + 1)).verdict())
        .as("a listener's answer")
        .isEqualTo(Verdict.OUT_OF_STATE);
    assertThat(nat.out(synAck(HOST, PEER, INNER, REMOTE + 1)).out())
        .as("the answer of the socket that has dialled")
        .isNotNull();
  }

  @Test
  void aClosedPortsReset_endsNothing_andPassesIfItsNumberIsBelow() {
    assertThat(in(REMOTE)).isTrue();
    assertThat(nat.out(rst(HOST, PEER, 0, REMOTE + 1)).out()).isNotNull();
    assertThat(nat.out(rst(HOST, PEER, LATER, REMOTE + 1)).out()).isNull();
    assertThat(out(LATER)).as("still half-open").isEqualTo(Verdict.OUT_OF_STATE);
    nat.out(rst(HOST, PEER, INNER + 1, 0));
    assertThat(out(LATER)).as("reset by its own socket").isEqualTo(Verdict.MAPPED);
  }

  @Test
  void aResetConnection_isBegunAnewByWhoHadBegunIt_only() {
    Bench cone =
        new Bench(NatBehavior.linux().but().filtering(Behavior.ENDPOINT_INDEPENDENT).build());
    String port = cone.connect(HOST, PEER);
    cone.in(rst(PEER, port, REMOTE + 1, INNER + 1));
    assertThat(cone.lets(PEER, port)).isFalse();
    assertThat(cone.out(syn(HOST, PEER, LATER)).out()).isNotNull();
  }

  @Test
  void aPortForOneConnection_goesWithIt() {
    Bench symmetric =
        new Bench(
            NatBehavior.linux()
                .but()
                .mapping(Behavior.ADDRESS_AND_PORT_DEPENDENT)
                .ports(PortChoice.random())
                .build());
    String first = symmetric.connect(HOST, PEER);
    symmetric.out(rst(HOST, PEER, INNER + 1, REMOTE + 1));
    assertThat(symmetric.dial(HOST, PEER)).isNotEqualTo(first);
  }
}
