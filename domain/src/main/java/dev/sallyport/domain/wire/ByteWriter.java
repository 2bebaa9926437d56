package dev.sallyport.domain.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Writes big-endian fields into a growing byte array; the mirror of {@link ByteReader}. Not
 * thread-safe.
 */
public final class ByteWriter {
  private byte[] bytes = new byte[256];
  private int length;

  public ByteWriter u8(int value) {
    if (value < 0 || value > 0xff) {
      throw new IllegalArgumentException("not an unsigned byte: " + value);
    }
    grow(1);
    bytes[length++] = (byte) value;
    return this;
  }

  public ByteWriter u16(int value) {
    if (value < 0 || value > 0xffff) {
      throw new IllegalArgumentException("not an unsigned 16-bit number: " + value);
    }
    return u8(value >>> 8).u8(value & 0xff);
  }

  public ByteWriter u32(long value) {
    if (value < 0 || value > 0xffff_ffffL) {
      throw new IllegalArgumentException("not an unsigned 32-bit number: " + value);
    }
    return u16((int) (value >>> 16)).u16((int) (value & 0xffff));
  }

  public ByteWriter i64(long value) {
    return u32(value >>> 32).u32(value & 0xffff_ffffL);
  }

  /** A time in six bytes, as {@link WireTime} has it. */
  public ByteWriter time(Instant value) {
    long millis = WireTime.of(value).toEpochMilli();
    return u16((int) (millis >>> 32)).u32(millis & 0xffff_ffffL);
  }

  public ByteWriter bytes(byte[] value) {
    grow(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
    return this;
  }

  /** A byte string of at most 255 bytes, behind its one-byte length. */
  public ByteWriter shortBytes(byte[] value) {
    return u8(value.length).bytes(value);
  }

  /** UTF-8 text of at most 255 bytes, behind its one-byte length. */
  public ByteWriter shortText(String value) {
    return shortBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  private void grow(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
