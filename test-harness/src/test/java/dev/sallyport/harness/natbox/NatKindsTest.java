package dev.sallyport.harness.natbox;

import static dev.sallyport.harness.natbox.Bench.A1;
import static dev.sallyport.harness.natbox.Bench.A2;
import static dev.sallyport.harness.natbox.Bench.INNER;
import static dev.sallyport.harness.natbox.Bench.X1;
import static dev.sallyport.harness.natbox.Bench.X2;
import static dev.sallyport.harness.natbox.Bench.Y1;
import static dev.sallyport.harness.natbox.Bench.host;
import static dev.sallyport.harness.natbox.Bench.icmp;
import static dev.sallyport.harness.natbox.Bench.port;
import static dev.sallyport.harness.natbox.Bench.rst;
import static dev.sallyport.harness.natbox.Bench.syn;
import static dev.sallyport.harness.natbox.Bench.udp;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.NatKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each kind of NAT is what it says: found out by packets, not read from its fields. */
final class NatKindsTest {

  /** Mapping and filter as EIM/F, ADM/F, APDM/F; half-open and idle time in seconds. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          FULL_CONE            | EI  | EI  | same   | 1 | silent | 120 | 432000 | gone     | poisoned
          ADDRESS_RESTRICTED   | EI  | AD  | same   | 1 | silent | 120 | 432000 | gone     | poisoned
          PORT_RESTRICTED      | EI  | APD | same   | 1 | silent | 120 | 432000 | gone     | poisoned
          PORT_RESTRICTED_RST  | EI  | APD | same   | 1 | reset  | 120 | 432000 | gone     | poisoned
          PORT_RESTRICTED_ICMP | EI  | APD | same   | 1 | icmp   | 120 | 432000 | gone     | poisoned
          SYMMETRIC            | APD | APD | random | 1 | silent | 120 | 432000 | gone     | poisoned
          RFC5382              | EI  | AD  | same   | 1 | holds  | 240 |   7440 | there    | there
          EIM_RANDOM           | EI  | APD | random | 1 | silent | 240 |   7440 | there    | there
          SYMMETRIC_STEP_1     | APD | APD | step 1 | 1 | silent | 120 |   1800 | there    | there
          SYMMETRIC_STEP_2     | APD | APD | step 2 | 1 | silent | 120 |   1800 | there    | there
          CGN_BLOCK_PAIRED     | EI  | APD | block  | 1 | silent | 240 |   7440 | there    | there
          CGN_BLOCK_ARBITRARY  | APD | APD | block  | 4 | silent | 240 |   7440 | there    | there
          PORT_OVERLOADING     | EI  | APD | same   | 1 | silent |  30 |   7440 | gone     | there
          NO_SIMULTANEOUS_OPEN | EI  | APD | same   | 1 | silent | 120 | 432000 | gone     | poisoned
          JUNIPER              | EI  | APD | random | 1 | silent |  20 |   1800 | there    | there
          KASPERSKY            | EI  | APD | same   | 1 | silent |   5 |   7440 | there    | there
          HALF_OPEN_128        | EI  | APD | same   | 1 | silent | 120 |   1800 | gone     | poisoned
          FIREWALL             | EI  | APD | same   | 1 | silent | 120 | 432000 | gone     | poisoned
          """)
  void aKind_isWhatItSays(
      NatKind kind,
      String mapping,
      String filter,
      String ports,
      int addresses,
      String answer,
      int halfOpen,
      int idle,
      String afterReset,
      String afterIcmp) {
    Supplier<Bench> fresh = () -> new Bench(kind.behavior());
    assertThat(mapping(fresh.get()::dial)).as("mapping of TCP").isEqualTo(mapping);
    assertThat(mapping(fresh.get()::send)).as("mapping of UDP").isEqualTo(mapping);
    assertThat(filter(remote -> asks(fresh.get(), remote))).as("TCP filter").isEqualTo(filter);
    assertThat(filter(remote -> sends(fresh.get(), remote))).as("UDP filter").isEqualTo(filter);
    assertThat(ports(fresh.get())).as("ports").isEqualTo(ports);
    assertThat(addresses(fresh.get())).as("addresses of one host").isEqualTo(addresses);
    assertThat(answer(fresh.get())).as("answer to a stranger").isEqualTo(answer);
    assertThat(waits(fresh.get(), halfOpen - 0.001)).as("just before its timer").isTrue();
    assertThat(waits(fresh.get(), halfOpen)).as("half-open for too long").isFalse();
    assertThat(idles(fresh.get(), idle - 1)).as("just before it is idle for too long").isTrue();
    assertThat(idles(fresh.get(), idle)).as("idle for too long").isFalse();
    assertThat(afterError(fresh.get(), true)).as("a reset leaves it").isEqualTo(afterReset);
    assertThat(afterError(fresh.get(), false)).as("an ICMP error leaves it").isEqualTo(afterIcmp);
  }

  private interface Contact {
    String seen(String inner, String remote);
  }

  private static String mapping(Contact contact) {
    String first = contact.seen(A1, X1);
    String otherPort = contact.seen(A1, X2);
    String otherAddress = contact.seen(A1, Y1);
    if (first.equals(otherPort)) {
      return first.equals(otherAddress) ? "EI" : "AD";
    }
    return "APD";
  }

  private static String filter(Predicate<String> enters) {
    if (enters.test(Y1)) {
      return "EI";
    }
    return enters.test(X2) ? "AD" : "APD";
  }

  private static boolean asks(Bench bench, String remote) {
    return bench.lets(remote, bench.dial(A1, X1));
  }

  private static boolean sends(Bench bench, String remote) {
    return bench.in(udp(remote, bench.send(A1, X1))).in() != null;
  }

  /** How the outer ports of one host follow its inner ones. */
  private static String ports(Bench bench) {
    List<Integer> ports = new ArrayList<>();
    boolean same = true;
    for (int inner = 20_000; inner < 20_060; inner += 3) {
      ports.add(port(bench.dial("10.0.0.2:" + inner, X1)));
      same &= ports.getLast() == inner;
    }
    if (same) {
      return "same";
    }
    int step = ports.get(1) - ports.get(0);
    boolean steps = true;
    Set<Integer> blocks = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      steps &= i == 0 || ports.get(i) - ports.get(i - 1) == step;
      blocks.add((ports.get(i) - 1024) / 512);
    }
    if (steps) {
      return "step " + step;
    }
    // A host has one block on each of at most four addresses.
    return blocks.size() <= 4 ? "block" : "random";
  }

  private static int addresses(Bench bench) {
    Set<String> addresses = new HashSet<>();
    for (int inner = 20_000; inner < 20_060; inner++) {
      addresses.add(host(bench.dial("10.0.0.2:" + inner, X1)));
    }
    return addresses.size();
  }

  private static String answer(Bench bench) {
    String outer = bench.dial(A1, X1);
    Packet.Tcp stranger = syn("198.51.100.1:80", host(outer) + ":4000");
    Packet out = bench.in(stranger).out();
    if (out instanceof Packet.Icmp) {
      return "icmp";
    }
    if (out != null) {
      return "reset";
    }
    return bench.after(6).tick().out() instanceof Packet.Icmp ? "holds" : "silent";
  }

  private static boolean waits(Bench bench, double seconds) {
    String outer = bench.dial(A1, X1);
    return bench.after(seconds).letsAnswer(X1, outer);
  }

  private static boolean idles(Bench bench, int seconds) {
    String outer = bench.connect(A1, X1);
    Packet.Tcp data = Bench.ack(X1, outer, Bench.REMOTE + 1, INNER + 1);
    return bench.after(seconds).in(data).in() != null;
  }

  /** What is left of a half-open connection whose SYN was refused. */
  private static String afterError(Bench bench, boolean reset) {
    String outer = bench.dial(A1, X1);
    bench.in(reset ? rst(X1, outer, 0, INNER + 1) : icmp("203.0.113.9", syn(outer, X1, INNER)));
    if (!bench.letsAnswer(X1, outer)) {
      return "gone";
    }
    Bench.Outcome again = bench.out(syn(A1, X1, 77));
    return again.verdict() == Verdict.POISONED ? "poisoned" : "there";
  }

  @Test
  void onlyTheOneKind_dropsACrossingSyn() {
    for (NatKind kind : NatKind.values()) {
      assertThat(asks(new Bench(kind.behavior()), X1))
          .as(kind.word())
          .isEqualTo(kind != NatKind.NO_SIMULTANEOUS_OPEN);
    }
  }

  @Test
  void onlyTheOneKind_isFullAfter128Syns() {
    for (NatKind kind : NatKind.values()) {
      Bench bench = new Bench(kind.behavior());
      for (int i = 0; i < 128; i++) {
        bench.dial("10.0.0.2:" + (2000 + i), X1);
      }
      assertThat(bench.out(syn(A2, X1)).verdict() == Verdict.EXHAUSTED)
          .as(kind.word())
          .isEqualTo(kind == NatKind.HALF_OPEN_128);
    }
  }

  @Test
  void onlyTheStandard_turnsPacketsBack() {
    for (NatKind kind : NatKind.values()) {
      if (kind.translates()) {
        Bench bench = new Bench(kind.behavior());
        Bench.Outcome turned = bench.out(udp("10.0.0.3:7000", bench.send(A1, X1)));
        assertThat(turned.in() != null).as(kind.word()).isEqualTo(kind == NatKind.RFC5382);
      }
    }
  }
}
