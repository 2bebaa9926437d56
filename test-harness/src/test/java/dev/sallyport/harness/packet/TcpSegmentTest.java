package dev.sallyport.harness.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sallyport.domain.address.Endpoint;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TcpSegmentTest {
  private static final byte[] SYN =
      Packets.tcp("198.18.10.2:8765", "198.18.20.2:443", 0xfedcba98L, Packets.SYN);

  @Test
  void aSyn_isReadWithItsEndpointsAndSequenceNumber() {
    assertThat(TcpSegment.read(SYN))
        .isEqualTo(
            new TcpSegment(
                Endpoint.parse("198.18.10.2:8765"),
                Endpoint.parse("198.18.20.2:443"),
                0xfedcba98L,
                true,
                false,
                false));
  }

  @Test
  void headerOptions_areSkipped() {
    byte[] longer = new byte[SYN.length + 4];
    System.arraycopy(SYN, 0, longer, 0, 20);
    System.arraycopy(SYN, 20, longer, 24, 20);
    longer[0] = 0x46;
    assertThat(TcpSegment.read(longer)).isEqualTo(TcpSegment.read(SYN));
  }

  @Test
  void whatIsNotAWholeTcpHeader_isNothing() {
    byte[] udp = SYN.clone();
    udp[9] = 17;
    byte[] laterFragment = SYN.clone();
    laterFragment[7] = 1;
    byte[] v6 = SYN.clone();
    v6[0] = 0x60;
    assertThat(TcpSegment.read(udp)).isNull();
    assertThat(TcpSegment.read(laterFragment)).isNull();
    assertThat(TcpSegment.read(v6)).isNull();
    for (int length = 0; length < SYN.length; length++) {
      assertThat(TcpSegment.read(Arrays.copyOf(SYN, length))).isNull();
    }
  }

  @Test
  void anyBytes_areASegmentOrNothing_neverAnError() {
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
      assertThatCode(() -> TcpSegment.read(input))
          .as("seed %d, input %s", seed, Arrays.toString(input))
          .doesNotThrowAnyException();
    }
  }
}
