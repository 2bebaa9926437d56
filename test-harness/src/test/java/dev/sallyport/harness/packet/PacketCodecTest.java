package dev.sallyport.harness.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

final class PacketCodecTest {
  private static final Endpoint HERE = Endpoint.parse("192.0.2.1:8765");
  private static final Endpoint THERE = Endpoint.parse("198.51.100.7:443");
  private static final List<byte[]> FLOWS = RealPackets.FLOWS;

  private static Packet read(byte[] bytes) {
    return Objects.requireNonNull(PacketCodec.decode(bytes), "not understood");
  }

  private static Packet.Flow flow(byte[] bytes) {
    return (Packet.Flow) read(bytes);
  }

  @Test
  void aRealSyn_isReadAsItWasSent() {
    Packet.Tcp syn = (Packet.Tcp) read(RealPackets.SYN_V4);
    assertThat(syn.from()).isEqualTo(HERE);
    assertThat(syn.to()).isEqualTo(THERE);
    assertThat(syn.opens()).isTrue();
    assertThat(syn.sequence()).isEqualTo(0x47700134L);
    assertThat(syn.length()).isZero();
    assertThat(syn.body()).isSameAs(RealPackets.SYN_V4);
    assertThat(read(RealPackets.SYN_V6))
        .hasToString("SYN [2001:db8::1]:8765 > [2001:db8:1::7]:443");
  }

  @Test
  void aRealDatagram_isReadAsItWasSent() {
    Packet.Udp datagram = (Packet.Udp) read(RealPackets.UDP_V4);
    assertThat(datagram.length()).isEqualTo(7);
    assertThat(datagram).hasToString("UDP 192.0.2.1:5000 > 198.51.100.7:6881");
    assertThat(read(RealPackets.UDP_V6))
        .hasToString("UDP [2001:db8::1]:5000 > [2001:db8:1::7]:6881");
  }

  @Test
  void aRealError_isReadWithWhatItIsAbout() {
    assertThat(read(RealPackets.ICMP_V4))
        .hasToString("ICMP port unreachable about UDP 198.51.100.7:6881 > 192.0.2.1:9");
    assertThat(read(RealPackets.ICMP_V6))
        .hasToString("ICMP port unreachable about UDP [2001:db8:1::7]:6881 > [2001:db8::1]:9");
  }

  @ParameterizedTest
  @FieldSource("dev.sallyport.harness.packet.RealPackets#ALL")
  void theSecondOpinionOnChecksums_agreesWithTheKernel_andSeesEveryBitThatFlips(byte[] packet) {
    assertThat(RealPackets.checks(packet)).isTrue();
    int payload = packet[0] >>> 4 == 4 ? 20 : 40;
    for (int at = payload; at < packet.length; at++) {
      byte[] damaged = packet.clone();
      damaged[at] ^= 0x10;
      assertThat(RealPackets.checks(damaged)).as("byte %d", at).isFalse();
    }
  }

  @ParameterizedTest
  @FieldSource("FLOWS")
  void aPacketThatNobodyTranslates_isWrittenAsItCame(byte[] packet) {
    assertThat(PacketCodec.encode(read(packet))).isEqualTo(packet).isNotSameAs(packet);
  }

  @ParameterizedTest
  @FieldSource("FLOWS")
  void aTranslatedPacket_hasItsNewEndpoints_rightChecksums_andAllElseAsBefore(byte[] packet) {
    long seed = 20261122;
    Random random = new Random(seed);
    Packet.Flow before = flow(packet);
    for (int i = 0; i < 10_000; i++) {
      Endpoint from = endpoint(random, before.source());
      Endpoint to = endpoint(random, before.source());
      byte[] written = PacketCodec.encode(before.between(from, to));
      assertThat(RealPackets.checks(written)).as("seed %d, %s > %s", seed, from, to).isTrue();
      Packet.Flow after = flow(written);
      assertThat(after.from()).isEqualTo(from);
      assertThat(after.to()).isEqualTo(to);
      assertThat(PacketCodec.encode(after.between(before.from(), before.to()))).isEqualTo(packet);
    }
    assertThat(PacketCodec.encode(before)).as("its bytes are as they were").isEqualTo(packet);
  }

  private static Endpoint endpoint(Random random, InetAddress like) {
    byte[] raw = new byte[like.getAddress().length];
    random.nextBytes(raw);
    // Now and then one that makes a sum of ones or zeros likely.
    if (random.nextInt(8) == 0) {
      Arrays.fill(raw, raw.length / 2, raw.length, (byte) -random.nextInt(2));
    }
    return new Endpoint(IpLiteral.of(raw), 1 + random.nextInt(65535));
  }

  @Test
  void aDatagramWithoutAChecksum_isTranslatedWithoutOne() {
    byte[] packet = RealPackets.UDP_V4.clone();
    packet[26] = 0;
    packet[27] = 0;
    byte[] written = PacketCodec.encode(flow(packet).between(THERE, HERE));
    assertThat(written[26]).isZero();
    assertThat(written[27]).isZero();
    assertThat(RealPackets.checks(written)).isTrue();
  }

  /** A computed checksum of 0 is sent as 65535 (RFC 768), for 0 would say that there is none. */
  @Test
  void aChecksumThatComesOutAsZero_isWrittenAsAllOnes() {
    Packet.Flow datagram = flow(RealPackets.UDP_V4);
    int zeros = 0;
    for (int port = 1; port <= 65535; port++) {
      Endpoint from = datagram.from().withPort(port);
      byte[] written = PacketCodec.encode(datagram.between(from, datagram.to()));
      assertThat(written[26] | written[27]).isNotZero();
      zeros += written[26] == -1 && written[27] == -1 ? 1 : 0;
    }
    assertThat(zeros).isOne();
  }

  @Test
  void aWrongChecksum_staysWrong() {
    byte[] packet = RealPackets.SYN_V4.clone();
    packet[36] ^= 1;
    assertThat(RealPackets.checks(PacketCodec.encode(flow(packet).between(THERE, HERE)))).isFalse();
  }

  @Test
  void anError_isWrittenWithWhatItIsAbout_translated() {
    for (byte[] packet : List.of(RealPackets.ICMP_V4, RealPackets.ICMP_V6)) {
      Packet.Icmp icmp = (Packet.Icmp) read(packet);
      byte[] same = PacketCodec.encode(icmp);
      int payload = packet[0] >>> 4 == 4 ? 20 : 40;
      assertThat(Arrays.copyOfRange(same, payload, same.length))
          .isEqualTo(Arrays.copyOfRange(packet, payload, packet.length));
      assertThat(RealPackets.checks(same)).isTrue();

      Packet.Flow inner = icmp.about().between(icmp.about().from().withPort(7), icmp.about().to());
      byte[] written = PacketCodec.encode(new Packet.Icmp(icmp.source(), icmp.error(), inner));
      assertThat(RealPackets.checks(written)).isTrue();
      Packet.Flow about = ((Packet.Icmp) read(written)).about();
      assertThat(about.from().port()).isEqualTo(7);
      byte[] quoted = Arrays.copyOfRange(written, payload + 8, written.length);
      assertThat(RealPackets.checks(quoted)).isTrue();
    }
  }

  @Test
  void anErrorAboutALongPacket_quotesNoMoreThan576BytesHold() {
    byte[] segment = Arrays.copyOf(RealPackets.SYN_V4, 1500);
    segment[2] = 1500 >> 8;
    segment[3] = (byte) 1500;
    Packet.Icmp icmp =
        new Packet.Icmp(THERE.address(), IcmpError.PROHIBITED, (Packet.Flow) read(segment));
    byte[] written = PacketCodec.encode(icmp);
    assertThat(written).hasSize(576);
    assertThat(RealPackets.checks(written)).isTrue();
    assertThat(read(written)).hasToString(icmp.toString());
  }

  @Test
  void anErrorThatQuotesEightBytesOnly_isTranslatedAllTheSame() {
    Packet.Flow syn = flow(RealPackets.SYN_V4);
    byte[] quote = Arrays.copyOf(RealPackets.SYN_V4, 28);
    Packet.Tcp quoted = new Packet.Tcp(syn.from(), syn.to(), 0, 0x47700134L, 0, 20, quote);
    byte[] written =
        PacketCodec.encode(new Packet.Icmp(THERE.address(), IcmpError.HOST_UNREACHABLE, quoted));
    assertThat(written).hasSize(20 + 8 + 28);
    Packet.Icmp icmp = (Packet.Icmp) read(written);
    Packet.Icmp translated =
        new Packet.Icmp(icmp.source(), icmp.error(), icmp.about().between(THERE, HERE));
    assertThat(read(PacketCodec.encode(translated)))
        .hasToString("ICMP host unreachable about ACK " + THERE + " > " + HERE);
  }

  @Test
  void everyError_comesBackAsItself() {
    for (IcmpError error : IcmpError.values()) {
      for (byte[] packet : FLOWS) {
        Packet.Flow about = flow(packet);
        Packet.Icmp icmp = new Packet.Icmp(about.destination(), error, about);
        assertThat(read(PacketCodec.encode(icmp))).hasToString(icmp.toString());
      }
    }
  }

  @Test
  void anErrorThatIsDamaged_orForSomebodyElse_orOfAnotherKind_isNothing() {
    byte[] damaged = RealPackets.ICMP_V4.clone();
    damaged[50] ^= 1;
    assertThat(PacketCodec.decode(damaged)).isNull();
    byte[] misled = RealPackets.ICMP_V4.clone();
    misled[19] ^= 1;
    assertThat(PacketCodec.decode(misled)).isNull();
    byte[] otherKind = RealPackets.ICMP_V4.clone();
    // From type 3, code 3 to code 4, which says that the packet is too long.
    otherKind[21]++;
    otherKind[23]--;
    assertThat(RealPackets.checks(otherKind)).isTrue();
    assertThat(PacketCodec.decode(otherKind)).isNull();
  }

  @Test
  void aSegmentWithoutBytes_isMadeFromNothing() {
    for (List<Endpoint> pair :
        List.of(
            List.of(HERE, THERE),
            List.of(Endpoint.parse("[2001:db8::1]:80"), Endpoint.parse("[2001:db8::2]:90")))) {
      int flags = TcpFlags.RST | TcpFlags.ACK;
      Packet reset =
          new Packet.Tcp(pair.get(0), pair.get(1), flags, 0xffffffffL, 0x80000001L, 0, null);
      byte[] bytes = PacketCodec.encode(reset);
      assertThat(RealPackets.checks(bytes)).isTrue();
      Packet.Tcp again = (Packet.Tcp) read(bytes);
      assertThat(again.has(flags)).isTrue();
      assertThat(again.sequence()).isEqualTo(0xffffffffL);
      assertThat(again.acknowledgment()).isEqualTo(0x80000001L);
      assertThat(again).hasToString(reset.toString());

      Packet empty = new Packet.Udp(pair.get(0), pair.get(1), 0, null);
      byte[] datagram = PacketCodec.encode(empty);
      assertThat(RealPackets.checks(datagram)).isTrue();
      assertThat(read(datagram)).hasToString(empty.toString());
    }
  }

  @Test
  void whatCannotBeOnePacket_isRefused() {
    Endpoint v6 = Endpoint.parse("[2001:db8::1]:80");
    List<Packet> impossible =
        List.of(
            new Packet.Udp(HERE, THERE, 1, null),
            new Packet.Udp(HERE, THERE, 1, "a simulated host's"),
            new Packet.Tcp(HERE, v6, TcpFlags.RST, 0, 0, 0, null),
            new Packet.Tcp(v6, v6, TcpFlags.RST, 0, 0, 0, RealPackets.SYN_V4),
            new Packet.Udp(HERE, THERE, 0, RealPackets.SYN_V4),
            new Packet.Icmp(v6.address(), IcmpError.PROHIBITED, flow(RealPackets.SYN_V4)));
    for (Packet packet : impossible) {
      assertThatThrownBy(() -> PacketCodec.encode(packet))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theDestination_isReadOfAnyProtocol() {
    byte[] ping =
        HexFormat.of().parseHex("4500001c00002000400100007f0000017f0000020800f7ff00000000");
    assertThat(PacketCodec.decode(ping)).isNull();
    assertThat(PacketCodec.destination(ping))
        .isInstanceOf(Inet4Address.class)
        .isEqualTo(IpLiteral.parse("127.0.0.2"));
    assertThat(PacketCodec.destination(Arrays.copyOf(ping, 19))).isNull();
    assertThat(PacketCodec.destination(new byte[0])).isNull();
  }
}
