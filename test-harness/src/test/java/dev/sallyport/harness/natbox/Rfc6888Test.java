package dev.sallyport.harness.natbox;

import static dev.sallyport.harness.natbox.Bench.X1;
import static dev.sallyport.harness.natbox.Bench.host;
import static dev.sallyport.harness.natbox.Bench.port;
import static dev.sallyport.harness.natbox.Bench.syn;
import static dev.sallyport.harness.natbox.Bench.udp;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Common Requirements for Carrier-Grade NATs: blocks of ports, and their pool of addresses. */
final class Rfc6888Test {
  private static final int SIZE = 64;
  private static final NatBehavior CARRIER =
      NatBehavior.rfc().but().ports(new PortChoice.Block(SIZE)).build();

  private final Bench nat = new Bench(CARRIER);

  private int block(String host, int port) {
    return (port(nat.send(host + ":" + port, X1)) - PortChoice.LOWEST) / SIZE;
  }

  @Test
  void req2_poolingIsPaired() {
    Bench bench = new Bench(CARRIER.but().pooling(Pooling.PAIRED, 4).build());
    Set<String> addresses = new TreeSet<>();
    for (int port = 2000; port < 2000 + SIZE; port++) {
      addresses.add(host(bench.send("100.64.0.9:" + port, X1)));
    }
    assertThat(addresses).hasSize(1);
  }

  @Test
  void req4_aCustomer_hasThePortsOfItsBlock_andNoMore() {
    Set<Integer> blocks = new TreeSet<>();
    for (int port = 2000; port < 2000 + SIZE; port++) {
      blocks.add(block("100.64.0.9", port));
    }
    assertThat(blocks).hasSize(1);
    assertThat(nat.out(udp("100.64.0.9:3000", X1)).verdict()).isEqualTo(Verdict.EXHAUSTED);
    assertThat(nat.out(udp("100.64.0.10:3000", X1)).verdict()).isEqualTo(Verdict.MAPPED);
  }

  @Test
  void req4_tcpAndUdp_shareTheBlock() {
    int tcp = port(nat.dial("100.64.0.9:2000", X1));
    assertThat((tcp - PortChoice.LOWEST) / SIZE).isEqualTo(block("100.64.0.9", 2000));
  }

  @Test
  void req4_twoCustomers_neverShareABlock() {
    Set<Integer> blocks = new TreeSet<>();
    for (int customer = 1; customer <= 100; customer++) {
      blocks.add(block("100.64.0." + customer, 2000));
    }
    assertThat(blocks).hasSize(100);
  }

  @Test
  void aBlock_isFreeAgain_whenItsLastMappingHasEnded() {
    int blocks = (PortChoice.HIGHEST - PortChoice.LOWEST + 1) / SIZE;
    for (int customer = 0; customer < blocks; customer++) {
      block("100.64." + customer / 256 + "." + customer % 256, 2000);
    }
    assertThat(nat.out(syn("100.65.0.1:2000", X1)).verdict()).isEqualTo(Verdict.EXHAUSTED);
    nat.after(300);
    assertThat(nat.out(syn("100.65.0.1:2000", X1)).verdict()).isEqualTo(Verdict.MAPPED);
  }
}
