package dev.sallyport.harness.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.sim.VirtualTime;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A host with an address of each family. */
final class DualStackTest {
  private static final Endpoint IPV4 = Endpoint.parse("192.0.2.2:80");
  private static final Endpoint IPV6 = Endpoint.parse("[3fff::2]:80");

  private final VirtualTime time = new VirtualTime();
  private final List<Packet> sent = new ArrayList<>();
  private final TcpHost one = host("192.0.2.1", "3fff::1");
  private final TcpHost other = host("192.0.2.2", "3fff::2");

  private TcpHost host(String... addresses) {
    List<InetAddress> all = Stream.of(addresses).map(Line::address).toList();
    return new TcpHost(all, time, new SplittableRandom(1), this::carry);
  }

  private void carry(Packet packet) {
    sent.add(packet);
    time.at(
        time.now() + Line.MS,
        () -> {
          one.receive(packet);
          other.receive(packet);
        });
  }

  @Test
  void oneListener_takesBothFamilies_andOnePortDialsBoth() throws Exception {
    List<String> accepted = new ArrayList<>();
    other.listen(80, c -> accepted.add(c.local() + " < " + c.remote()));
    Recorder four = new Recorder();
    Recorder six = new Recorder();
    one.connect(1000, IPV4, four);
    one.connect(1000, IPV6, six);
    time.runUntil(100 * Line.MS);
    assertThat(four.events).containsExactly("established");
    assertThat(six.events).containsExactly("established");
    assertThat(accepted)
        .containsExactly("192.0.2.2:80 < 192.0.2.1:1000", "[3fff::2]:80 < [3fff::1]:1000");
  }

  @Test
  void datagrams_leaveFromTheAddressOfTheirFamily_andSoDoErrorsAboutThem() {
    one.sendUdp(1000, IPV6, 1, "hello");
    one.sendUdp(1000, IPV4, 1, "hello");
    time.runUntil(100 * Line.MS);
    assertThat(sent)
        .extracting(Object::toString)
        .containsExactly(
            "UDP [3fff::1]:1000 > [3fff::2]:80",
            "UDP 192.0.2.1:1000 > 192.0.2.2:80",
            "ICMP port unreachable about UDP [3fff::1]:1000 > [3fff::2]:80",
            "ICMP port unreachable about UDP 192.0.2.1:1000 > 192.0.2.2:80");
    assertThat(sent.get(2).source()).isEqualTo(IPV6.address());
    assertThat(sent.get(3).source()).isEqualTo(IPV4.address());
  }

  @Test
  void whereNoAddressReaches_nothingIsSent() {
    TcpHost old = host("192.0.2.3");
    assertThatThrownBy(() -> old.connect(1000, IPV6, new Recorder()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no address to reach [3fff::2]:80");
    assertThatThrownBy(() -> old.sendUdp(1000, IPV6, 1, "hello"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(sent).isEmpty();
    assertThat(old.openConnections()).isZero();
  }

  @Test
  void ofEachFamily_thereIsOneAddress() {
    for (String[] wrong :
        new String[][] {{}, {"192.0.2.3", "192.0.2.4"}, {"3fff::3", "192.0.2.3", "3fff::4"}}) {
      assertThatThrownBy(() -> host(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(one.addresses()).hasSize(2).first().isEqualTo(one.address());
  }
}
