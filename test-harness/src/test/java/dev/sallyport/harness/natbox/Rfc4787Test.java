package dev.sallyport.harness.natbox;

import static dev.sallyport.harness.natbox.Bench.A1;
import static dev.sallyport.harness.natbox.Bench.A2;
import static dev.sallyport.harness.natbox.Bench.B1;
import static dev.sallyport.harness.natbox.Bench.OUTER;
import static dev.sallyport.harness.natbox.Bench.X1;
import static dev.sallyport.harness.natbox.Bench.X2;
import static dev.sallyport.harness.natbox.Bench.Y1;
import static dev.sallyport.harness.natbox.Bench.host;
import static dev.sallyport.harness.natbox.Bench.port;
import static dev.sallyport.harness.natbox.Bench.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.nat.Behavior;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** NAT Behavioral Requirements for UDP, requirement by requirement, and what breaks them. */
final class Rfc4787Test {
  private static final NatBehavior RFC = NatBehavior.rfc();

  private final Bench nat = new Bench(RFC);

  @Test
  void req1_mappingIsEndpointIndependent() {
    String outer = nat.send(A1, X1);
    assertThat(nat.send(A1, X2)).isEqualTo(outer);
    assertThat(nat.send(A1, Y1)).isEqualTo(outer);
  }

  @Test
  void req1_udpMayBeMappedOtherwiseThanTcp() {
    Bench bench =
        new Bench(
            RFC.but()
                .mapping(Behavior.ENDPOINT_INDEPENDENT, Behavior.ADDRESS_AND_PORT_DEPENDENT)
                .build());
    assertThat(bench.dial(A1, X1)).isEqualTo(bench.dial(A1, X2));
    assertThat(bench.send(A1, X1)).isNotEqualTo(bench.send(A1, X2));
  }

  @Test
  void req2_pairedPooling_givesAHostOneAddress() {
    assertThat(addressesOfAHost(Pooling.PAIRED)).hasSize(1);
    Bench bench = new Bench(RFC.but().pooling(Pooling.PAIRED, 4).build());
    assertThat(host(bench.send(A1, X1))).isNotEqualTo(host(bench.send(B1, X1)));
  }

  @Test
  void req2_arbitraryPooling_givesItAny() {
    assertThat(addressesOfAHost(Pooling.ARBITRARY)).hasSize(4);
  }

  private static Set<String> addressesOfAHost(Pooling pooling) {
    Bench bench = new Bench(RFC.but().pooling(pooling, 4).build());
    Set<String> addresses = new TreeSet<>();
    for (int port = 6000; port < 6040; port++) {
      addresses.add(host(bench.send("10.0.0.2:" + port, X1)));
    }
    return addresses;
  }

  @Test
  void req3_noTwoHosts_shareAnOuterPort() {
    assertThat(nat.send(A1, X1)).isEqualTo(OUTER + ":5001");
    Bench.Outcome second = nat.out(udp(B1, X1));
    assertThat(second.verdict()).isEqualTo(Verdict.MAPPED_APART);
    assertThat(second.left().from()).isNotEqualTo(udp(OUTER + ":5001", X1).from());
    assertThat(nat.send(B1, Y1)).as("still one for all remotes").isEqualTo(nat.send(B1, X1));
  }

  @Test
  void req3_aConflict_mayCostTheSecondHostItsOneMapping() {
    Bench bench = new Bench(RFC.but().conflict(PortConflict.PER_CONNECTION).build());
    String first = bench.send(A1, X1);
    assertThat(bench.send(A1, Y1)).isEqualTo(first);
    String second = bench.send(B1, X1);
    assertThat(bench.send(B1, Y1)).isNotEqualTo(second).isNotEqualTo(first);
    assertThat(bench.send(B1, X1)).isEqualTo(second);
  }

  @Test
  void req3_overloading_sharesAPortBetweenHosts_toDifferentRemotesOnly() {
    Bench bench = new Bench(NatBehavior.linux());
    assertThat(bench.send(A1, X1)).isEqualTo(OUTER + ":5001");
    assertThat(bench.send(B1, Y1)).isEqualTo(OUTER + ":5001");
    assertThat(bench.in(udp(Y1, OUTER + ":5001")).in()).isEqualTo(udp(Y1, B1));
    assertThat(bench.in(udp(X1, OUTER + ":5001")).in()).isEqualTo(udp(X1, A1));
    Bench.Outcome clash = bench.out(udp(B1, X1));
    assertThat(clash.verdict()).isEqualTo(Verdict.MAPPED_APART);
    assertThat(clash.left().from().port()).isNotEqualTo(5001);
  }

  @Test
  void req5_aMapping_livesAsLongAsItsTimer() {
    String outer = nat.send(A1, X1);
    assertThat(nat.after(299).in(udp(X1, outer)).in()).isNotNull();
    assertThat(nat.after(299).in(udp(X1, outer)).in()).as("refreshed from outside").isNotNull();
    assertThat(nat.after(300).in(udp(X1, outer)).verdict()).isEqualTo(Verdict.NO_MAPPING);
    assertThat(nat.box.ports()).isZero();
  }

  @Test
  void req6_packetsFromOutside_needNotRefresh() {
    Bench bench = new Bench(RFC.but().timers(NatTimers.RFC.outboundRefreshOnly()).build());
    String outer = bench.send(A1, X1);
    assertThat(bench.after(200).in(udp(X1, outer)).in()).isNotNull();
    assertThat(bench.after(100).in(udp(X1, outer)).in()).isNull();
    bench.send(A1, X1);
    bench.after(200).send(A1, X1);
    assertThat(bench.after(200).in(udp(X1, outer)).in()).as("those from inside do").isNotNull();
  }

  @Test
  void req8_eachFilter_letsInWhomItShould() {
    assertThat(enters(Behavior.ENDPOINT_INDEPENDENT, X2)).isTrue();
    assertThat(enters(Behavior.ENDPOINT_INDEPENDENT, Y1)).isTrue();
    assertThat(enters(Behavior.ADDRESS_DEPENDENT, X2)).isTrue();
    assertThat(enters(Behavior.ADDRESS_DEPENDENT, Y1)).isFalse();
    assertThat(enters(Behavior.ADDRESS_AND_PORT_DEPENDENT, X2)).isFalse();
    assertThat(enters(Behavior.ADDRESS_AND_PORT_DEPENDENT, X1)).isTrue();
  }

  private static boolean enters(Behavior filtering, String remote) {
    Bench bench = new Bench(RFC.but().filtering(filtering).build());
    return bench.in(udp(remote, bench.send(A1, X1))).in() != null;
  }

  @Test
  void req8_whoMayComeIn_isAnsweredFromTheSamePort() {
    Bench bench = new Bench(RFC.but().filtering(Behavior.ENDPOINT_INDEPENDENT).build());
    String outer = bench.send(A1, X1);
    bench.in(udp(Y1, outer));
    assertThat(bench.send(A1, Y1)).isEqualTo(outer);
  }

  @Test
  void req9_hairpinning_showsTheOuterEndpoint() {
    String outer = nat.send(A1, X1);
    String neighbour = nat.send(B1, X1);
    assertThat(nat.out(udp(B1, outer)).in()).isEqualTo(udp(neighbour, A1));
    assertThat(nat.out(udp(A1, neighbour)).in()).isEqualTo(udp(outer, B1));
  }

  @Test
  void req9_internalSource_showsTheInnerOne() {
    Bench bench = new Bench(RFC.withHairpin(Hairpin.INTERNAL_SOURCE));
    assertThat(bench.out(udp(B1, bench.send(A1, X1))).in()).isEqualTo(udp(B1, A1));
  }

  @Test
  void req9_withoutHairpin_nothingComesBack() {
    Bench bench = new Bench(RFC.withHairpin(Hairpin.NONE));
    assertThat(bench.out(udp(B1, bench.send(A1, X1))).verdict()).isEqualTo(Verdict.NOT_HAIRPINNED);
    assertThat(nat.out(udp(B1, OUTER + ":9999")).verdict()).isEqualTo(Verdict.NO_MAPPING);
  }

  @Test
  void twoPortsOfAHost_haveTwoMappings() {
    assertThat(port(nat.send(A1, X1))).isEqualTo(5001);
    assertThat(port(nat.send(A2, X1))).isEqualTo(5002);
    assertThat(nat.dial(A1, X1)).as("TCP has its own").isEqualTo(OUTER + ":5001");
  }
}
