package dev.sallyport.harness.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.harness.model.NetObserver;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.natbox.Verdict;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.scenario.Layout;
import dev.sallyport.harness.scenario.NatKind;
import dev.sallyport.harness.scenario.Site;
import dev.sallyport.harness.tcp.ConnectFailure;
import dev.sallyport.harness.tcp.TcpConnection;
import dev.sallyport.harness.tcp.TcpHost;
import dev.sallyport.harness.tcp.TcpListener;
import dev.sallyport.harness.tcp.TupleInUseException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TwoSitesTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void time_passesOnlyWhenItIsLet_andJustAsMuch() {
    TwoSites lab = TwoSites.between(NatKind.NONE, NatKind.NONE).build();
    List<Duration> rung = new ArrayList<>();
    lab.after(Duration.ofHours(1), () -> rung.add(lab.now()));

    assertThat(lab.now()).isZero();
    lab.run(Duration.ofMinutes(59));
    assertThat(rung).isEmpty();
    lab.run(Duration.ofMinutes(2));

    assertThat(rung).containsExactly(Duration.ofHours(1));
    assertThat(lab.now()).isEqualTo(Duration.ofMinutes(61));
  }

  @Test
  void runUntil_stopsAtTheEventThatMakesItTrue_orAtTheLimit() {
    TwoSites lab = TwoSites.between(NatKind.NONE, NatKind.NONE).build();
    List<String> done = new ArrayList<>();
    lab.after(SECOND, () -> done.add("it"));

    assertThat(lab.runUntil(() -> !done.isEmpty(), Duration.ofSeconds(5))).isTrue();
    assertThat(lab.now()).isEqualTo(SECOND);
    assertThat(lab.runUntil(() -> done.size() == 2, Duration.ofSeconds(5))).isFalse();
    assertThat(lab.now()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void whatHappensAtTheLimit_stillCounts() {
    TwoSites lab = TwoSites.between(NatKind.NONE, NatKind.NONE).build();
    List<String> done = new ArrayList<>();
    lab.after(SECOND, () -> done.add("it"));

    assertThat(lab.runUntil(() -> !done.isEmpty(), SECOND)).isTrue();
  }

  @Test
  void aHostInTheMiddle_isThereOnceItIsAskedFor_andIsTheSameEachTime() {
    TwoSites lab = TwoSites.between(NatKind.PORT_RESTRICTED, NatKind.NONE).build();
    TcpHost middle = lab.host(address("198.18.2.77"));

    assertThat(middle.address()).isEqualTo(address("198.18.2.77"));
    assertThat(lab.host(address("198.18.2.77"))).isSameAs(middle);
    for (String elsewhere : List.of("192.168.10.10", "198.18.3.1", "198.18.10.2", "2001:db8::1")) {
      assertThatThrownBy(() -> lab.host(address(elsewhere)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("198.18.0.0");
    }
  }

  @Test
  void serversInTheMiddle_reachEachOther() throws TupleInUseException {
    TwoSites lab = TwoSites.between(NatKind.NONE, NatKind.NONE).build();
    TcpHost one = lab.host(lab.addresses().stun().getFirst());
    TcpHost other = lab.host(lab.addresses().stun().getLast());
    List<Object> heard = new ArrayList<>();
    other.listen(80, accepted -> accepted.listen(listener(heard)));

    TcpConnection connection = one.connect(0, new Endpoint(other.address(), 80), listener(heard));
    lab.run(SECOND);
    connection.send("hello", 5);
    lab.run(SECOND);

    assertThat(heard).containsExactly("established", "hello");
  }

  @Test
  void theServerInTheMiddle_seesTheOuterEndpoint_halfTheDelayLater() {
    TwoSites lab =
        TwoSites.between(NatKind.PORT_RESTRICTED, NatKind.NONE)
            .delay(Duration.ofMillis(50))
            .build();
    TcpHost middle = lab.host(lab.addresses().stun().getFirst());
    List<String> seen = new ArrayList<>();
    middle.bindUdp(7, (from, length, body) -> seen.add(from + " at " + lab.now().toMillis()));

    lab.client().sendUdp(4000, new Endpoint(middle.address(), 7), 1, null);
    lab.run(SECOND);

    assertThat(seen).containsExactly("198.18.10.2:4000 at 25");
  }

  @Test
  void theSameSeed_givesTheSameLog_andAnotherSeedDiffers() {
    assertThat(logOf(7)).isEqualTo(logOf(7)).isNotEqualTo(logOf(8)).contains("lost on the way");
  }

  @Test
  void sitesBelowACarrier_andOneNetwork_canBeHadToo() {
    Site site = Site.behind(NatKind.PORT_RESTRICTED).below(NatKind.CGN_BLOCK_PAIRED);
    TwoSites carrier = TwoSites.between(site, site).laidOut(Layout.SAME_CARRIER).build();
    assertThat(carrier.addresses().seenFromOutside(Spot.SERVER))
        .isEqualTo(carrier.addresses().seenFromOutside(Spot.CLIENT));

    TwoSites home =
        TwoSites.between(NatKind.SYMMETRIC, NatKind.SYMMETRIC).laidOut(Layout.SHARED).build();
    assertThat(home.server().address()).isEqualTo(address("192.168.10.11"));
  }

  @Test
  void whatCannotBe_isRefusedInWords() {
    TwoSites.Builder between = TwoSites.between(NatKind.NONE, NatKind.SYMMETRIC);
    assertThatThrownBy(() -> between.laidOut(Layout.SHARED).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("one kind of NAT");
    assertThatThrownBy(() -> TwoSites.between(NatKind.NONE, NatKind.NONE).loss(91).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not between 0 and 90");
    Site offline = Site.behind(NatKind.NONE).offline();
    assertThatThrownBy(() -> TwoSites.between(offline, offline))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without a network");
  }

  @Test
  void itSaysWhatItIs_inOneLine() {
    TwoSites lab =
        TwoSites.between(NatKind.PORT_RESTRICTED, NatKind.SYMMETRIC_STEP_1)
            .delay(Duration.ofMillis(50))
            .loss(1)
            .seed(7)
            .build();
    assertThat(lab)
        .hasToString("port-restricted calls symmetric-step-1, 50 ms, 1.0 % loss, seed 7");
  }

  @Test
  void anObserver_seesWhatTheLogSees() {
    List<String> seen = new ArrayList<>();
    TwoSites lab =
        TwoSites.between(NatKind.PORT_RESTRICTED, NatKind.NONE)
            .loss(50)
            .observer(recorder(seen))
            .build();
    for (int port = 4000; port < 4020; port++) {
      lab.client().sendUdp(port, new Endpoint(lab.server().address(), 9), 1, null);
    }
    lab.run(SECOND);
    assertThat(seen).hasSameSizeAs(lab.log().lines()).contains("sent", "lost", "judged");
  }

  private static String logOf(long seed) {
    TwoSites lab =
        TwoSites.between(NatKind.SYMMETRIC, NatKind.SYMMETRIC)
            .delay(Duration.ofMillis(50))
            .jitter(Duration.ofMillis(20))
            .loss(10)
            .reordering(5)
            .seed(seed)
            .build();
    HolePuncher.punches(lab);
    return lab.log().toString();
  }

  private static InetAddress address(String text) {
    return Objects.requireNonNull(IpLiteral.parse(text));
  }

  private static NetObserver recorder(List<String> seen) {
    return new NetObserver() {
      @Override
      public void sent(Spot from, Spot to, Packet packet, long leaves, long arrives) {
        seen.add("sent");
      }

      @Override
      public void lost(Spot from, Spot to, Packet packet, long leaves) {
        seen.add("lost");
      }

      @Override
      public void judged(Spot at, Verdict verdict, Packet packet, long now) {
        seen.add("judged");
      }
    };
  }

  private static TcpListener listener(List<Object> heard) {
    return new TcpListener() {
      @Override
      public void established() {
        heard.add("established");
      }

      @Override
      public void failed(ConnectFailure why) {
        heard.add(why);
      }

      @Override
      public void received(Object message) {
        heard.add(message);
      }

      @Override
      public void closed(boolean reset) {
        heard.add("closed");
      }
    };
  }
}
