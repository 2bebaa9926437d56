package dev.sallyport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MaskingTest {
  @Test
  void rfcExample_hello_masksAsPrinted() {
    ByteBuffer out = ByteBuffer.allocate(5);
    Masking.transfer(
        ByteBuffer.wrap("Hello".getBytes(StandardCharsets.US_ASCII)), out, 5, 0x37fa213d, 0);
    assertThat(out.array()).containsExactly(0x7f, 0x9f, 0x4d, 0x51, 0x58);
  }

  @Test
  void everyLengthOffsetAndPhase_agreesWithByteByByte() {
    Random random = new Random(11);
    byte[] plain = new byte[80];
    random.nextBytes(plain);
    for (int length = 0; length <= 41; length++) {
      for (int offset = 0; offset < 9; offset++) {
        for (int phase = 0; phase < 9; phase++) {
          int key = random.nextInt();
          ByteBuffer from = ByteBuffer.wrap(plain).position(offset);
          ByteBuffer to = ByteBuffer.allocate(80).position(13);
          Masking.transfer(from, to, length, key, phase);
          assertThat(from.position()).isEqualTo(offset + length);
          assertThat(to.position()).isEqualTo(13 + length);
          for (int i = 0; i < length; i++) {
            int keyByte = key >>> (24 - 8 * ((phase + i) % 4));
            assertThat(to.get(13 + i)).isEqualTo((byte) (plain[offset + i] ^ keyByte));
          }
          assertThat(to.get(13 + length)).isZero();
        }
      }
    }
  }
}
