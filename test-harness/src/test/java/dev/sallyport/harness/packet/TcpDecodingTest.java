package dev.sallyport.harness.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sallyport.domain.address.Endpoint;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The head of a TCP segment in an IPv4 packet. */
final class TcpDecodingTest {
  private static final byte[] SYN =
      Packets.tcp("198.18.10.2:8765", "198.18.20.2:443", 0xfedcba98L, Packets.SYN);

  private static Packet.@Nullable Tcp withoutBody(byte[] bytes) {
    return PacketCodec.decode(bytes) instanceof Packet.Tcp tcp
        ? new Packet.Tcp(
            tcp.from(),
            tcp.to(),
            tcp.flags(),
            tcp.sequence(),
            tcp.acknowledgment(),
            tcp.length(),
            null)
        : null;
  }

  @Test
  void aSyn_isReadWithItsEndpointsAndSequenceNumber() {
    assertThat(withoutBody(SYN))
        .isEqualTo(
            new Packet.Tcp(
                Endpoint.parse("198.18.10.2:8765"),
                Endpoint.parse("198.18.20.2:443"),
                TcpFlags.SYN,
                0xfedcba98L,
                0,
                0,
                null));
  }

  @Test
  void headerOptions_areSkipped() {
    byte[] longer = new byte[SYN.length + 4];
    System.arraycopy(SYN, 0, longer, 0, 20);
    System.arraycopy(SYN, 20, longer, 24, 20);
    longer[0] = 0x46;
    longer[3] = (byte) (longer[3] + 4);
    assertThat(withoutBody(longer)).isNotNull().isEqualTo(withoutBody(SYN));
  }

  @Test
  void whatIsNotAWholeTcpHeader_isNothing() {
    byte[] icmp = SYN.clone();
    icmp[9] = 1;
    byte[] laterFragment = SYN.clone();
    laterFragment[7] = 1;
    byte[] firstFragment = SYN.clone();
    firstFragment[6] = 0x20;
    byte[] v6 = SYN.clone();
    v6[0] = 0x60;
    byte[] noPort = SYN.clone();
    noPort[20] = 0;
    noPort[21] = 0;
    byte[] moreHeaderThanPacket = SYN.clone();
    moreHeaderThanPacket[32] = 0x60;
    assertThat(PacketCodec.decode(icmp)).isNull();
    assertThat(PacketCodec.decode(laterFragment)).isNull();
    assertThat(PacketCodec.decode(firstFragment)).isNull();
    assertThat(PacketCodec.decode(v6)).isNull();
    assertThat(PacketCodec.decode(noPort)).isNull();
    assertThat(PacketCodec.decode(moreHeaderThanPacket)).isNull();
    for (int length = 0; length < SYN.length; length++) {
      assertThat(PacketCodec.decode(Arrays.copyOf(SYN, length))).isNull();
    }
  }

  @Test
  void anyBytes_areAPacketOrNothing_neverAnError() {
    long seed = 20261122;
    Random random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      byte[] bytes = i % 2 == 0 ? SYN.clone() : new byte[random.nextInt(80)];
      if (i % 2 == 0) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      } else {
        random.nextBytes(bytes);
      }
      byte[] input = bytes;
      assertThatCode(() -> PacketCodec.decode(input))
          .as("seed %d, input %s", seed, Arrays.toString(input))
          .doesNotThrowAnyException();
    }
  }
}
