package dev.sallyport.harness.natbox;

import static dev.sallyport.harness.natbox.Bench.A1;
import static dev.sallyport.harness.natbox.Bench.A2;
import static dev.sallyport.harness.natbox.Bench.B1;
import static dev.sallyport.harness.natbox.Bench.INNER;
import static dev.sallyport.harness.natbox.Bench.OUTER;
import static dev.sallyport.harness.natbox.Bench.REMOTE;
import static dev.sallyport.harness.natbox.Bench.X1;
import static dev.sallyport.harness.natbox.Bench.X2;
import static dev.sallyport.harness.natbox.Bench.Y1;
import static dev.sallyport.harness.natbox.Bench.ack;
import static dev.sallyport.harness.natbox.Bench.icmp;
import static dev.sallyport.harness.natbox.Bench.port;
import static dev.sallyport.harness.natbox.Bench.rst;
import static dev.sallyport.harness.natbox.Bench.syn;
import static dev.sallyport.harness.natbox.Bench.synAck;
import static dev.sallyport.harness.natbox.Bench.udp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The axes that no RFC numbers: what routers do beside the requirements. */
final class NatAxesTest {
  private static final NatBehavior PLAIN =
      NatBehavior.rfc()
          .but()
          .filtering(Behavior.ADDRESS_AND_PORT_DEPENDENT)
          .unsolicitedSyn(UnsolicitedSyn.DROP)
          .build();

  private static final NatBehavior STRICT =
      PLAIN.but().checks(SequenceChecks.STRICT).onReset(ErrorEffect.DELETE).build();

  private static Bench onReset(ErrorEffect effect) {
    return new Bench(PLAIN.but().onReset(effect).build());
  }

  @ParameterizedTest
  @EnumSource
  void aReset_isPassedOn_whateverElseItDoes(ErrorEffect effect) {
    Bench nat = onReset(effect);
    String outer = nat.dial(A1, X1);
    assertThat(nat.in(rst(X1, outer, 0, INNER + 1)).in()).isEqualTo(rst(X1, A1, 0, INNER + 1));
  }

  @Test
  void aResetThatDeletes_closesTheHole() {
    Bench nat = onReset(ErrorEffect.DELETE);
    String outer = nat.dial(A1, X1);
    nat.in(rst(X1, outer, 0, INNER + 1));
    assertThat(nat.box.sessions()).isZero();
    assertThat(nat.in(syn(X1, outer)).verdict()).isEqualTo(Verdict.NO_MAPPING);
    assertThat(nat.out(syn(A1, X1, 77)).verdict()).isEqualTo(Verdict.MAPPED);
    assertThat(nat.lets(X1, outer)).isTrue();
  }

  @Test
  void aResetThatDeletes_leavesTheMappingToItsOtherConnections() {
    Bench nat = onReset(ErrorEffect.DELETE);
    String outer = nat.dial(A1, X1);
    nat.dial(A1, Y1);
    nat.in(rst(X1, outer, 0, INNER + 1));
    assertThat(nat.in(syn(X1, outer)).verdict()).isEqualTo(Verdict.FILTERED);
    assertThat(nat.letsAnswer(Y1, outer)).isTrue();
  }

  @Test
  void aResetThatKeeps_leavesTheHoleOpen() {
    Bench nat = onReset(ErrorEffect.KEEP);
    String outer = nat.dial(A1, X1);
    nat.in(rst(X1, outer, 0, INNER + 1));
    assertThat(nat.lets(X1, outer)).isTrue();
    assertThat(nat.out(syn(A1, X1, 77)).out()).as("a new socket's SYN").isNotNull();
  }

  @Test
  void aPoisonedConnection_dropsANewSocketsSyn_untilItsTimerEnds() {
    Bench nat = new Bench(PLAIN.but().onIcmp(ErrorEffect.POISON).build());
    String outer = nat.dial(A1, X1);
    nat.in(icmp("203.0.113.9", syn(outer, X1, INNER)));
    assertThat(nat.after(1).out(syn(A1, X1, INNER)).out()).as("its own again").isNotNull();
    assertThat(nat.after(1).out(syn(A1, X1, 77)).verdict()).isEqualTo(Verdict.POISONED);
    assertThat(nat.out(synAck(A1, X1, 77, REMOTE + 1)).verdict()).isEqualTo(Verdict.POISONED);
    assertThat(nat.out(syn(A2, X1, 77)).out()).as("another port").isNotNull();
    assertThat(nat.after(237).out(syn(A1, X1, 78)).verdict()).isEqualTo(Verdict.POISONED);
    assertThat(nat.after(1).out(syn(A1, X1, 78)).verdict()).isEqualTo(Verdict.MAPPED);
  }

  @Test
  void anErrorAboutAnEstablishedConnection_doesNothingToIt() {
    for (ErrorEffect effect : ErrorEffect.values()) {
      Bench nat = new Bench(PLAIN.but().onIcmp(effect).build());
      String outer = nat.connect(A1, X1);
      nat.in(icmp("203.0.113.9", ack(outer, X1, INNER + 1, REMOTE + 1)));
      assertThat(nat.in(ack(X1, outer, REMOTE + 1, INNER + 1)).in()).isNotNull();
    }
  }

  @Test
  void withoutChecks_whateverHasTheAddresses_passes() {
    Bench nat = new Bench(PLAIN);
    String outer = nat.dial(A1, X1);
    assertThat(nat.in(synAck(X1, outer, REMOTE, 12345)).in()).isNotNull();
    assertThat(nat.in(ack(X1, outer, 4_000_000_000L, 3_000_000_000L)).in()).isNotNull();
  }

  @Test
  void strictChecks_dropAResetThatAnswersNothing() {
    Bench nat = new Bench(STRICT);
    String outer = nat.dial(A1, X1);
    assertThat(nat.in(rst(X1, outer, 0, INNER + 2)).verdict()).isEqualTo(Verdict.OUT_OF_STATE);
    assertThat(nat.in(synAck(X1, outer, 5, INNER)).verdict()).isEqualTo(Verdict.OUT_OF_STATE);
    assertThat(nat.letsAnswer(X1, outer)).isTrue();
    assertThat(nat.out(ack(A1, X1, INNER + 1, REMOTE + 1)).out()).isNotNull();
    long far = 1L << 30;
    assertThat(nat.in(rst(X1, outer, REMOTE + far, INNER + 1)).in()).isNull();
    assertThat(nat.in(ack(X1, outer, REMOTE + 1, INNER + 2)).in()).as("never sent").isNull();
    assertThat(nat.in(ack(X1, outer, REMOTE + 1 + far, INNER + 1)).in()).isNull();
    assertThat(nat.in(ack(X1, outer, REMOTE + 1, INNER + 1)).in()).isNotNull();
    assertThat(nat.in(rst(X1, outer, REMOTE + 1, INNER + 1)).in()).isNotNull();
  }

  @Test
  void strictChecks_letASimultaneousOpenThrough() {
    Bench nat = new Bench(STRICT);
    String outer = nat.dial(A1, X1);
    assertThat(nat.lets(X1, outer)).isTrue();
    assertThat(nat.out(syn(A1, X1, 77)).verdict())
        .as("another socket's")
        .isEqualTo(Verdict.OUT_OF_STATE);
    assertThat(nat.out(synAck(A1, X1, INNER, REMOTE + 1)).out()).isNotNull();
    assertThat(nat.letsAnswer(X1, outer)).isTrue();
    assertThat(nat.out(ack(A1, X1, INNER + 1, REMOTE + 1)).out()).isNotNull();
  }

  @Test
  void sequenceNumbers_mayWrapAround() {
    Bench nat = new Bench(STRICT);
    long last = 0xffffffffL;
    nat.out(syn(A1, X1, last));
    String outer = OUTER + ":5001";
    assertThat(nat.in(synAck(X1, outer, last, 0)).in()).isNotNull();
    assertThat(nat.out(ack(A1, X1, 0, 0)).out()).isNotNull();
    assertThat(nat.in(ack(X1, outer, 0, 0)).in()).isNotNull();
  }

  @Test
  void halfOpenConnections_areCapped_andDoneOnesGiveTheirPlaceBack() {
    Bench nat = new Bench(PLAIN.but().onReset(ErrorEffect.DELETE).halfOpenCap(2).build());
    String first = nat.dial(A1, X1);
    String second = nat.dial(A2, X1);
    assertThat(nat.out(syn(B1, X1)).verdict()).isEqualTo(Verdict.EXHAUSTED);
    assertThat(nat.out(syn(A1, X1)).out()).as("a retransmission").isNotNull();
    assertThat(nat.out(udp(B1, X1)).out()).as("UDP").isNotNull();
    nat.letsAnswer(X1, first);
    nat.out(ack(A1, X1, INNER + 1, REMOTE + 1));
    assertThat(nat.out(syn(B1, X1)).out()).as("one is established").isNotNull();
    assertThat(nat.out(syn(B1, X2)).verdict()).isEqualTo(Verdict.EXHAUSTED);
    nat.in(rst(X1, second, 0, INNER + 1));
    assertThat(nat.out(syn(B1, X2)).out()).as("one was refused").isNotNull();
    assertThat(nat.out(syn(B1, Y1)).verdict()).isEqualTo(Verdict.EXHAUSTED);
    assertThat(nat.after(240).out(syn(B1, Y1)).out()).as("the others are too old").isNotNull();
  }

  @Test
  void theTable_isBounded() {
    Bench nat = new Bench(PLAIN.but().sessionCap(3).build());
    nat.send(A1, X1);
    nat.send(A1, X2);
    nat.dial(A1, X1);
    assertThat(nat.out(udp(A1, Y1)).verdict()).isEqualTo(Verdict.EXHAUSTED);
    assertThat(nat.box.sessions()).isEqualTo(3);
  }

  @Test
  void whatLingers_isOpenAfterTheConnectionIsOver() {
    NatTimers timers = NatTimers.LINUX.linger(Duration.ofMinutes(5));
    Bench nat =
        new Bench(
            NatBehavior.linux().but().filtering(Behavior.ADDRESS_DEPENDENT).timers(timers).build());
    String outer = nat.dial(A1, X1);
    nat.in(rst(X1, outer, 0, INNER + 1));
    assertThat(nat.in(syn(Y1, outer)).verdict()).isEqualTo(Verdict.FILTERED);
    assertThat(nat.in(ack(X1, outer, 1, 1)).verdict()).isEqualTo(Verdict.OUT_OF_STATE);
    assertThat(nat.after(299).lets(X2, outer)).isTrue();
    assertThat(nat.in(syn(X1, outer)).verdict()).isEqualTo(Verdict.ADMITTED);
    assertThat(nat.after(200).box.ports()).isEqualTo(1);
    assertThat(nat.lets(Y1, outer)).isFalse();
    assertThat(nat.box.ports()).isZero();
  }

  @Test
  void sequentialPorts_stepPastThoseThatAreTaken_andWrapAround() {
    Bench nat = new Bench(PLAIN.but().ports(new PortChoice.Sequential(200)).build());
    int last = port(nat.dial("10.0.0.2:1024", X1));
    for (int i = 1; i < 1000; i++) {
      int next = port(nat.dial("10.0.0.2:" + (1024 + i), X1));
      assertThat(next).isEqualTo(last + 200 <= 65535 ? last + 200 : last + 200 - 64512);
      last = next;
    }
  }

  @Test
  void randomPorts_areOfTheirRange_andAllOfThemAreUsed() {
    Bench nat = new Bench(PLAIN.but().ports(new PortChoice.Random(2000, 2099)).build());
    for (int i = 0; i < 100; i++) {
      assertThat(port(nat.dial("10.0.0.2:" + (1024 + i), X1))).isBetween(2000, 2099);
    }
    assertThat(nat.box.ports()).isEqualTo(100);
    assertThat(nat.out(syn(B1, X1)).verdict()).isEqualTo(Verdict.EXHAUSTED);
  }

  @Test
  void aForwardedPort_letsAnyoneIn_andGoesOutFromTheSame() {
    Bench nat = new Bench(PLAIN);
    nat.box.forward(8765, Bench.address("10.0.0.2"));
    String host = "10.0.0.2:8765";
    Bench.Outcome stranger = nat.in(syn(Y1, OUTER + ":8765"));
    assertThat(stranger.verdict()).isEqualTo(Verdict.FORWARDED);
    assertThat(stranger.in()).isEqualTo(syn(Y1, host));
    assertThat(nat.out(synAck(host, Y1, 1, REMOTE + 1)).out())
        .isEqualTo(synAck(OUTER + ":8765", Y1, 1, REMOTE + 1));
    assertThat(nat.dial(host, X1)).isEqualTo(OUTER + ":8765");
    assertThat(nat.dial("10.0.0.3:8765", X1)).as("a neighbour").isNotEqualTo(OUTER + ":8765");
    assertThat(nat.after(10_000).lets(X2, OUTER + ":8765")).as("much later").isTrue();
    assertThat(nat.in(udp(X1, OUTER + ":8765")).verdict()).isEqualTo(Verdict.NO_MAPPING);
  }

  @Test
  void aForwardedPort_isNobodyElses_evenWherePortsAreShared() {
    Bench nat = new Bench(NatBehavior.linux());
    nat.box.forward(8765, Bench.address("10.0.0.2"));
    nat.dial("10.0.0.3:8765", X1);
    assertThat(nat.in(syn(Y1, OUTER + ":8765")).in()).isEqualTo(syn(Y1, "10.0.0.2:8765"));
  }

  @Test
  void aFirewall_leavesAddressesAsTheyAre() {
    Bench nat = new Bench(PLAIN.but().withoutTranslation().build());
    assertThat(nat.dial("192.0.2.7:5001", X1)).isEqualTo("192.0.2.7:5001");
    assertThat(nat.lets(Y1, "192.0.2.7:5001")).isFalse();
    assertThat(nat.lets(X1, "192.0.2.7:5001")).isTrue();
  }

  @Test
  void ipv6_isFilteredButNotTranslated() {
    Bench nat = new Bench(PLAIN.but().unsolicitedSyn(UnsolicitedSyn.RESET).build());
    String host = "[2001:db8::2]:5001";
    String remote = "[2001:db8:1::1]:80";
    String stranger = "[2001:db8:2::1]:80";
    assertThat(nat.dial(host, remote)).isEqualTo(host);
    assertThat(nat.lets(remote, host)).isTrue();
    assertThat(nat.in(syn(stranger, host)).out()).isEqualTo(rst(host, stranger, 0, REMOTE + 1));
  }

  @Test
  void aPortSharedByHosts_isOpenForWhoSentLast() {
    Bench nat =
        new Bench(NatBehavior.linux().but().filtering(Behavior.ENDPOINT_INDEPENDENT).build());
    String outer = nat.dial(A1, X1);
    assertThat(nat.dial(B1, Y1)).isEqualTo(outer);
    assertThat(nat.in(syn(X2, outer)).in()).isEqualTo(syn(X2, B1));
    nat.dial(A1, X1);
    assertThat(nat.in(syn("203.0.113.3:80", outer)).in()).isEqualTo(syn("203.0.113.3:80", A1));
  }

  @Test
  void aRemoteThatComesByAnotherMapping_isNotMixedUp() {
    Bench nat =
        new Bench(
            PLAIN
                .but()
                .mapping(Behavior.ADDRESS_AND_PORT_DEPENDENT)
                .filtering(Behavior.ENDPOINT_INDEPENDENT)
                .build());
    nat.connect(A1, X1);
    nat.send(A1, X1);
    String tcp = nat.connect(A1, Y1);
    String udp = nat.send(A1, Y1);
    assertThat(nat.in(syn(X1, tcp)).verdict()).isEqualTo(Verdict.OUT_OF_STATE);
    assertThat(nat.in(udp(X1, udp)).in()).isEqualTo(udp(X1, A1));
  }

  @Test
  void behavioursThatCannotBe_areRefused() {
    assertThatThrownBy(() -> PLAIN.but().halfOpenCap(0).build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PLAIN.but().sessionCap(NatBehavior.MAX_SESSIONS + 1).build())
        .hasMessageContaining("between 1 and");
    assertThatThrownBy(() -> PLAIN.but().pooling(Pooling.PAIRED, 0).build())
        .hasMessageContaining("between 1 and 64");
    assertThatThrownBy(() -> NatTimers.RFC.udp(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PortChoice.Sequential(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PortChoice.Random(5, 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PortChoice.Block(0)).isInstanceOf(IllegalArgumentException.class);
    List<InetAddress> none = List.of(Bench.address("2001:db8::1"));
    assertThatThrownBy(() -> new NatBox(PLAIN, none, new Random(1)))
        .hasMessageContaining("an outer IPv4 address");
  }
}
