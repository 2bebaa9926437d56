package dev.sallyport.harness.natbox;

import static dev.sallyport.harness.natbox.Bench.A1;
import static dev.sallyport.harness.natbox.Bench.B1;
import static dev.sallyport.harness.natbox.Bench.INNER;
import static dev.sallyport.harness.natbox.Bench.OUTER;
import static dev.sallyport.harness.natbox.Bench.X1;
import static dev.sallyport.harness.natbox.Bench.X2;
import static dev.sallyport.harness.natbox.Bench.icmp;
import static dev.sallyport.harness.natbox.Bench.syn;
import static dev.sallyport.harness.natbox.Bench.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.packet.Packet;
import org.junit.jupiter.api.Test;

/** NAT Behavioral Requirements for ICMP: the errors, requirement by requirement. */
final class Rfc5508Test {
  private static final String ROUTER = "203.0.113.254";

  private final Bench nat = new Bench(NatBehavior.rfc());

  @Test
  void req4_anErrorFromOutside_isTranslatedByThePacketInIt() {
    String outer = nat.dial(A1, X1);
    Bench.Outcome outcome = nat.in(icmp(ROUTER, syn(outer, X1, INNER)));
    assertThat(outcome.verdict()).isEqualTo(Verdict.ERROR_PASSED);
    assertThat(outcome.in()).isEqualTo(icmp(ROUTER, syn(A1, X1)));
  }

  @Test
  void req4_anErrorAboutNothingKnown_isDropped() {
    String outer = nat.dial(A1, X1);
    assertThat(nat.in(icmp(ROUTER, syn(outer, X2, INNER))).verdict())
        .isEqualTo(Verdict.ERROR_DROPPED);
    assertThat(nat.in(icmp(ROUTER, udp(outer, X1))).verdict()).isEqualTo(Verdict.ERROR_DROPPED);
    assertThat(nat.out(icmp("10.0.0.2", udp(X1, A1))).verdict()).isEqualTo(Verdict.ERROR_DROPPED);
  }

  @Test
  void req6_anError_refreshesNothing() {
    String outer = nat.send(A1, X1);
    nat.after(200).in(icmp(ROUTER, udp(outer, X1)));
    assertThat(nat.after(100).in(udp(X1, outer)).in()).isNull();
  }

  @Test
  void req5_anErrorFromInside_isSaidInTheNameOfTheBox() {
    String outer = nat.send(A1, X1);
    nat.in(udp(X1, outer));
    Packet.Icmp fromHost = icmp("10.0.0.2", udp(X1, A1));
    Packet.Icmp fromRouterInside = icmp("10.0.9.9", udp(X1, A1));
    assertThat(nat.out(fromHost).out()).isEqualTo(icmp(OUTER, udp(X1, outer)));
    assertThat(nat.out(fromRouterInside).out()).isEqualTo(icmp(OUTER, udp(X1, outer)));
  }

  @Test
  void req7_anErrorAboutAHairpinnedPacket_isTurnedBackToo() {
    String outer = nat.send(A1, X1);
    Packet.Flow arrived = nat.out(udp(B1, outer)).arrived();
    Bench.Outcome error =
        nat.out(new Packet.Icmp(arrived.destination(), icmp(OUTER, arrived).error(), arrived));
    assertThat(error.verdicts()).containsExactly(Verdict.ERROR_PASSED);
    assertThat(error.in()).isEqualTo(icmp(OUTER, udp(B1, outer)));
  }
}
