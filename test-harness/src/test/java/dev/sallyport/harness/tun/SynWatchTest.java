package dev.sallyport.harness.tun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.harness.fabric.Network;
import dev.sallyport.harness.linux.Tally;
import dev.sallyport.harness.model.Spot;
import dev.sallyport.harness.packet.Packet;
import dev.sallyport.harness.packet.SynLog;
import dev.sallyport.harness.packet.TcpFlags;
import org.junit.jupiter.api.Test;

final class SynWatchTest {
  private static final Endpoint CLIENT = Endpoint.parse("198.18.10.2:8765");
  private static final Endpoint SERVER = Endpoint.parse("198.18.20.2:9000");
  private static final Packet INNER =
      new Packet.Tcp(Endpoint.parse("192.168.10.10:8765"), SERVER, TcpFlags.SYN, 1, 0, 0, null);
  private static final Packet ONE = new Packet.Tcp(CLIENT, SERVER, TcpFlags.SYN, 1, 0, 0, null);
  private static final Packet OTHER = new Packet.Tcp(SERVER, CLIENT, TcpFlags.SYN, 2, 0, 0, null);

  private final SynLog log = new SynLog();
  private final Tally tally = new Tally();
  private final SynWatch watch = new SynWatch(log, tally);

  @Test
  void synsBetweenTheOutermostNats_haveCrossed_whateverLiesBelow() {
    watch.sent(Spot.CLIENT, Spot.CLIENT_NAT, INNER, 0, 0);
    watch.sent(Spot.CLIENT_NAT, Spot.CLIENT_CARRIER, INNER, 0, 10);
    watch.sent(Spot.CLIENT_CARRIER, Spot.MIDDLE, ONE, 10, 10);
    watch.sent(Spot.MIDDLE, Spot.SERVER_NAT, ONE, 10, 20);
    watch.sent(Spot.SERVER_NAT, Spot.MIDDLE, OTHER, 19, 29);
    watch.sent(Spot.MIDDLE, Spot.CLIENT_CARRIER, OTHER, 29, 29);
    assertThat(log.crossed(SERVER)).isTrue();
    assertThat(log.delivered(Network.CLIENT_SITE)).isOne();
    assertThat(log.delivered(Network.SERVER_SITE)).isOne();
    assertThat(log.lines()).hasSize(2);
  }

  @Test
  void aSynThatLeavesWhenTheOtherIsThere_hasNotCrossedIt() {
    watch.sent(Spot.CLIENT_NAT, Spot.MIDDLE, ONE, 0, 10);
    watch.sent(Spot.MIDDLE, Spot.SERVER_NAT, ONE, 10, 20);
    watch.sent(Spot.SERVER_NAT, Spot.MIDDLE, OTHER, 20, 30);
    watch.sent(Spot.MIDDLE, Spot.CLIENT_NAT, OTHER, 30, 40);
    assertThat(log.crossed(null)).isFalse();
  }

  @Test
  void aSynThatIsLost_isWrittenDown_butReachesNothing() {
    watch.lost(Spot.CLIENT_NAT, Spot.MIDDLE, ONE, 0);
    watch.sent(Spot.SERVER_NAT, Spot.MIDDLE, OTHER, 0, 10);
    watch.lost(Spot.MIDDLE, Spot.CLIENT_NAT, OTHER, 10);
    watch.lost(Spot.CLIENT_CARRIER, Spot.CLIENT_NAT, OTHER, 10);
    assertThat(log.lines()).hasSize(2).allMatch(line -> line.contains("goes elsewhere"));
    assertThat(log.crossed(null)).isFalse();
    assertThat(tally.report().lost()).isEqualTo(3);
  }
}
