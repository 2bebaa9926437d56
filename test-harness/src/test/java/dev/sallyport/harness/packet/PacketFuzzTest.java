package dev.sallyport.harness.packet;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.fuzz.DecoderFuzzing;
import java.util.List;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes from a TUN device. */
class PacketFuzzTest extends DecoderFuzzing {
  private static List<byte[]> packets() {
    return RealPackets.ALL;
  }

  /** What is read can be written; it is the same packet then, and a flow has the same bytes. */
  @MethodSource("packets")
  @FuzzTest
  void packet(byte[] bytes) throws Exception {
    // No error is declared: what is not understood is null.
    Packet packet = decode(MalformedException.class, bytes, () -> PacketCodec.decode(bytes));
    if (packet == null) {
      return;
    }
    assertThat(PacketCodec.destination(bytes)).isEqualTo(packet.destination());
    byte[] written = PacketCodec.encode(packet);
    assertThat(PacketCodec.decode(written)).hasToString(packet.toString());
    if (packet instanceof Packet.Flow) {
      assertSameBytes(bytes, written);
    }
  }
}
