package dev.sallyport.harness.packet;

import dev.sallyport.domain.address.Endpoint;
import java.nio.ByteBuffer;
import java.util.Objects;

/** Makes packets. Checksums are 0: nothing here reads them. */
final class Packets {
  static final int SYN = 0x02;
  static final int SYN_ACK = 0x12;

  private Packets() {}

  /** A segment as a router sees it. */
  static Packet segment(String from, String to, long sequence, int flags) {
    return Objects.requireNonNull(PacketCodec.decode(tcp(from, to, sequence, flags)));
  }

  static byte[] tcp(String from, String to, long sequence, int flags) {
    Endpoint source = Endpoint.parse(from);
    Endpoint target = Endpoint.parse(to);
    return ByteBuffer.allocate(40)
        .put((byte) 0x45)
        .put((byte) 0)
        .putShort((short) 40)
        .putInt(0)
        .put((byte) 64)
        .put((byte) 6)
        .putShort((short) 0)
        .put(source.address().getAddress())
        .put(target.address().getAddress())
        .putShort((short) source.port())
        .putShort((short) target.port())
        .putInt((int) sequence)
        .putInt(0)
        .put((byte) 0x50)
        .put((byte) flags)
        .array();
  }
}
