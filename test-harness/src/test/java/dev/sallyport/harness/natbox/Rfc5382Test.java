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
import static dev.sallyport.harness.natbox.Bench.fin;
import static dev.sallyport.harness.natbox.Bench.icmp;
import static dev.sallyport.harness.natbox.Bench.rst;
import static dev.sallyport.harness.natbox.Bench.syn;
import static dev.sallyport.harness.natbox.Bench.synAck;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.UnsolicitedSyn;
import dev.sallyport.harness.packet.IcmpError;
import dev.sallyport.harness.packet.Packet;
import org.junit.jupiter.api.Test;

/** NAT Behavioral Requirements for TCP, requirement by requirement, and what breaks them. */
final class Rfc5382Test {
  private static final NatBehavior RFC = NatBehavior.rfc();

  private final Bench nat = new Bench(RFC);

  @Test
  void req1_mappingIsEndpointIndependent() {
    String outer = nat.dial(A1, X1);
    assertThat(nat.dial(A1, X2)).isEqualTo(outer);
    assertThat(nat.dial(A1, Y1)).isEqualTo(outer);
  }

  @Test
  void req1_mappingMayDependOnTheAddress() {
    Bench bench = new Bench(RFC.but().mapping(Behavior.ADDRESS_DEPENDENT).build());
    String outer = bench.dial(A1, X1);
    assertThat(bench.dial(A1, X2)).isEqualTo(outer);
    assertThat(bench.dial(A1, Y1)).isNotEqualTo(outer);
  }

  @Test
  void req1_mappingMayDependOnTheEndpoint() {
    Bench bench = new Bench(RFC.but().mapping(Behavior.ADDRESS_AND_PORT_DEPENDENT).build());
    String outer = bench.dial(A1, X1);
    assertThat(bench.dial(A1, X2)).isNotEqualTo(outer);
    assertThat(bench.dial(A1, X1)).isEqualTo(outer);
  }

  @Test
  void req2_simultaneousOpen_becomesAConnection() {
    String outer = nat.dial(A1, X1);
    assertThat(nat.in(syn(X1, outer)).verdict()).isEqualTo(Verdict.ADMITTED);
    assertThat(nat.out(synAck(A1, X1, INNER, REMOTE + 1)).out()).isNotNull();
    assertThat(nat.letsAnswer(X1, outer)).isTrue();
    nat.after(7000);
    assertThat(nat.in(ack(X1, outer, REMOTE + 1, INNER + 1)).in()).as("established").isNotNull();
  }

  @Test
  void req2_withoutSimultaneousOpen_theCrossingSynIsDropped() {
    Bench bench = new Bench(RFC.but().withoutSimultaneousOpen().build());
    String outer = bench.dial(A1, X1);
    assertThat(bench.in(syn(X1, outer)).verdict()).isEqualTo(Verdict.CROSSING_SYN);
    assertThat(bench.letsAnswer(X1, outer)).as("a SYN+ACK may enter").isTrue();
  }

  @Test
  void req3_addressDependentFilter_letsOtherPortsOfTheRemoteIn() {
    String outer = nat.dial(A1, X1);
    assertThat(nat.lets(X2, outer)).isTrue();
    assertThat(nat.lets(Y1, outer)).isFalse();
  }

  @Test
  void req3_endpointIndependentFilter_letsAnyoneIn() {
    Bench bench = new Bench(RFC.but().filtering(Behavior.ENDPOINT_INDEPENDENT).build());
    String outer = bench.dial(A1, X1);
    assertThat(bench.in(syn(Y1, outer)).verdict()).isEqualTo(Verdict.ADMITTED_ANYONE);
  }

  @Test
  void req3_endpointDependentFilter_letsThatEndpointInOnly() {
    Bench bench = new Bench(RFC.but().filtering(Behavior.ADDRESS_AND_PORT_DEPENDENT).build());
    String outer = bench.dial(A1, X1);
    assertThat(bench.lets(X2, outer)).isFalse();
    assertThat(bench.lets(X1, outer)).isTrue();
  }

  @Test
  void req4_anUnsolicitedSyn_isHeldForSixSeconds_andThenAnsweredPortUnreachable() {
    Packet.Tcp stranger = syn(X1, OUTER + ":4000");
    Bench.Outcome first = nat.in(stranger);
    assertThat(first.verdict()).isEqualTo(Verdict.HELD);
    assertThat(first.nothingCameOut()).isTrue();
    assertThat(nat.box.deadline()).isEqualTo(nat.now() + 6_000_000_000L);
    assertThat(nat.after(5.9).tick().nothingCameOut()).isTrue();
    Bench.Outcome late = nat.after(0.1).tick();
    assertThat(late.verdicts()).containsExactly(Verdict.HELD_TOO_LONG);
    assertThat(late.outside())
        .containsExactly(
            new Packet.Icmp(Bench.address(OUTER), IcmpError.PORT_UNREACHABLE, stranger));
    assertThat(nat.box.deadline()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void req4_aHeldSyn_isSilentlyDropped_whenASynGoesOutToMeetIt() {
    nat.in(syn(X1, OUTER + ":5001"));
    Bench.Outcome meeting = nat.after(5).out(syn(A1, X1));
    assertThat(meeting.verdicts()).containsExactly(Verdict.MAPPED, Verdict.HELD_MET);
    assertThat(meeting.inside()).isEmpty();
    assertThat(nat.after(5).tick().verdicts()).isEmpty();
    assertThat(nat.lets(X1, OUTER + ":5001")).as("its retransmission").isTrue();
  }

  @Test
  void req4_aSynToAnotherRemote_doesNotMeetTheHeldOne() {
    nat.in(syn(X1, OUTER + ":5001"));
    assertThat(nat.out(syn(A1, Y1)).verdicts()).containsExactly(Verdict.MAPPED);
    assertThat(nat.after(6).tick().verdicts()).containsExactly(Verdict.HELD_TOO_LONG);
  }

  @Test
  void req4_theSameSynAgain_isNotHeldTwice() {
    nat.in(syn(X1, OUTER + ":4000"));
    assertThat(nat.after(1).in(syn(X1, OUTER + ":4000")).verdict()).isEqualTo(Verdict.NO_MAPPING);
    assertThat(nat.after(60).tick().verdicts()).hasSize(1);
  }

  @Test
  void req4_whatWasHeldTooLong_isAnsweredByTheNextPacketToo_ifNobodyTicks() {
    nat.in(syn(X1, OUTER + ":4000"));
    assertThat(nat.after(9).out(syn(A1, X1)).verdicts())
        .containsExactly(Verdict.HELD_TOO_LONG, Verdict.MAPPED);
  }

  @Test
  void req4_aSynThatTheFilterRefuses_isHeldAsWell() {
    String outer = nat.dial(A1, X1);
    assertThat(nat.in(syn(Y1, outer)).verdict()).isEqualTo(Verdict.HELD);
  }

  @Test
  void req4_others_dropOrAnswerAtOnce() {
    assertThat(unsolicited(UnsolicitedSyn.DROP).verdict()).isEqualTo(Verdict.NO_MAPPING);
    assertThat(unsolicited(UnsolicitedSyn.DROP).nothingCameOut()).isTrue();
    Bench.Outcome reset = unsolicited(UnsolicitedSyn.RESET);
    assertThat(reset.verdict()).isEqualTo(Verdict.ANSWERED_RESET);
    assertThat(reset.out()).isEqualTo(rst(OUTER + ":4000", X1, 0, REMOTE + 1));
    Bench.Outcome error = unsolicited(UnsolicitedSyn.ICMP);
    assertThat(error.verdict()).isEqualTo(Verdict.ANSWERED_ICMP);
    assertThat(error.out()).isInstanceOf(Packet.Icmp.class);
  }

  private static Bench.Outcome unsolicited(UnsolicitedSyn answer) {
    return new Bench(RFC.but().unsolicitedSyn(answer).build()).in(syn(X1, OUTER + ":4000"));
  }

  @Test
  void req4_onlyASyn_isAnswered() {
    Bench bench = new Bench(RFC.but().unsolicitedSyn(UnsolicitedSyn.RESET).build());
    assertThat(bench.in(ack(X1, OUTER + ":4000", 1, 1)).nothingCameOut()).isTrue();
    assertThat(bench.in(rst(X1, OUTER + ":4000", 1, 1)).nothingCameOut()).isTrue();
    assertThat(bench.in(syn(X1, "198.18.9.9:4000")).nothingCameOut())
        .as("to an address that is not the box's")
        .isTrue();
  }

  @Test
  void req5_aHalfOpenConnection_livesFourMinutes() {
    String outer = nat.dial(A1, X1);
    assertThat(nat.after(239).letsAnswer(X1, outer)).isTrue();
    outer = nat.dial(A2, Y1);
    assertThat(nat.after(240).letsAnswer(Y1, outer)).isFalse();
  }

  @Test
  void req5_anEstablishedConnection_livesTwoHoursAndFourMinutes() {
    String outer = nat.connect(A1, X1);
    Packet.Tcp data = ack(X1, outer, REMOTE + 1, INNER + 1);
    assertThat(nat.after(7439).in(data).in()).isNotNull();
    assertThat(nat.after(7439).out(ack(A1, X1, INNER + 1, REMOTE + 1)).out()).isNotNull();
    assertThat(nat.after(7439).in(data).in()).as("each packet starts it anew").isNotNull();
    assertThat(nat.after(7440).in(data).verdict()).isEqualTo(Verdict.NO_MAPPING);
    assertThat(nat.box.sessions()).isZero();
    assertThat(nat.box.ports()).isZero();
  }

  @Test
  void req5_aConnectionThatEnds_livesFourMinutes() {
    String outer = nat.connect(A1, X1);
    nat.out(fin(A1, X1, INNER + 1, REMOTE + 1));
    nat.in(fin(X1, outer, REMOTE + 1, INNER + 2));
    assertThat(nat.after(239).out(ack(A1, X1, INNER + 2, REMOTE + 2)).out()).isNotNull();
    assertThat(nat.after(240).in(ack(X1, outer, REMOTE + 2, INNER + 2)).in()).isNull();
  }

  @Test
  void req5_aReset_endsAnEstablishedConnection() {
    String outer = nat.connect(A1, X1);
    assertThat(nat.in(rst(X1, outer, REMOTE + 1, INNER + 1)).in()).isNotNull();
    assertThat(nat.after(240).in(ack(X1, outer, REMOTE + 1, INNER + 1)).in()).isNull();
  }

  @Test
  void req5_aClosedConnection_isBegunAnewByASyn() {
    String outer = nat.connect(A1, X1);
    nat.in(rst(X1, outer, REMOTE + 1, INNER + 1));
    assertThat(nat.connect(A1, X1)).isEqualTo(outer);
    assertThat(nat.after(7000).in(ack(X1, outer, REMOTE + 1, INNER + 1)).in()).isNotNull();
  }

  @Test
  void aClosedConnection_isNoHole() {
    Bench bench =
        new Bench(
            RFC.but()
                .filtering(Behavior.ADDRESS_AND_PORT_DEPENDENT)
                .unsolicitedSyn(UnsolicitedSyn.RESET)
                .build());
    String outer = bench.connect(A1, X1);
    bench.in(rst(X1, outer, REMOTE + 1, INNER + 1));
    assertThat(bench.in(syn(X1, outer)).verdict()).isEqualTo(Verdict.ANSWERED_RESET);
  }

  @Test
  void req7_noTwoHosts_shareAnOuterPort() {
    assertThat(nat.dial(B1, X1)).isNotEqualTo(nat.dial(A1, Y1));
  }

  @Test
  void req9_icmpErrors_areTranslated() {
    String outer = nat.dial(A1, X1);
    assertThat(nat.in(icmp("203.0.113.9", syn(outer, X1, INNER))).in())
        .isEqualTo(icmp("203.0.113.9", syn(A1, X1)));
  }

  @Test
  void req8_hairpinning_showsTheOuterEndpoint() {
    String server = nat.dial(A1, X1);
    Bench.Outcome there = nat.out(syn(B1, server));
    assertThat(there.verdict()).isEqualTo(Verdict.HAIRPINNED);
    Packet.Flow arrived = there.arrived();
    assertThat(arrived.to()).hasToString(A1);
    assertThat(Bench.host(arrived.from().toString())).isEqualTo(OUTER);
    Bench.Outcome back = nat.out(synAck(A1, arrived.from().toString(), REMOTE, INNER + 1));
    assertThat(back.in()).isEqualTo(synAck(server, B1, REMOTE, INNER + 1));
  }

  @Test
  void req10_anIcmpError_ofAnyKind_leavesTheConnection() {
    String outer = nat.dial(A1, X1);
    assertThat(nat.in(icmp("203.0.113.9", syn(outer, X1, INNER))).verdict())
        .isEqualTo(Verdict.ERROR_PASSED);
    assertThat(nat.letsAnswer(X1, outer)).isTrue();
    assertThat(nat.dial(A1, X1)).isEqualTo(outer);
  }

  @Test
  void aSegmentOfNoConnection_isDropped() {
    assertThat(nat.out(ack(A1, X1, 1, 1)).verdict()).isEqualTo(Verdict.OUT_OF_STATE);
    assertThat(nat.out(rst(A1, X1, 1, 1)).verdict()).isEqualTo(Verdict.OUT_OF_STATE);
    assertThat(nat.box.sessions()).isZero();
  }
}
