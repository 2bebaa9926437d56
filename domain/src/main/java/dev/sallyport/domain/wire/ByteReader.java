package dev.sallyport.domain.wire;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Reads big-endian fields from a byte array and never past its end. Not thread-safe.
 *
 * <p>Each method throws {@link MalformedException} when the bytes run out, so a truncated message
 * is one declared error whatever its shape.
 */
public final class ByteReader {
  private final byte[] bytes;
  private final String what;
  private int at;

  /**
   * @param bytes read in place, not copied: the caller must not change it while reading
   * @param what the thing being read, for error messages: "knock"
   */
  public ByteReader(byte[] bytes, String what) {
    this.bytes = bytes;
    this.what = what;
  }

  /** One unsigned byte. */
  public int u8() throws MalformedException {
    need(1);
    return bytes[at++] & 0xff;
  }

  /** Two bytes, unsigned. */
  public int u16() throws MalformedException {
    return u8() << 8 | u8();
  }

  /** Four bytes, unsigned. */
  public long u32() throws MalformedException {
    return (long) u16() << 16 | u16();
  }

  /** Eight bytes, signed. */
  public long i64() throws MalformedException {
    return u32() << 32 | u32();
  }

  /** A time in six bytes, as {@link WireTime} has it. */
  public Instant time() throws MalformedException {
    return Instant.ofEpochMilli((long) u16() << 32 | u32());
  }

  /** Exactly {@code length} bytes, copied. */
  public byte[] bytes(int length) throws MalformedException {
    need(length);
    byte[] out = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    return out;
  }

  /** A byte string with a one-byte length, at most {@code max} bytes. */
  public byte[] shortBytes(int max) throws MalformedException {
    int length = u8();
    if (length > max) {
      throw new MalformedException(
          what + ": a field of " + length + " bytes where at most " + max + " are allowed");
    }
    return bytes(length);
  }

  /** UTF-8 text with a one-byte length, at most {@code max} bytes; invalid UTF-8 is refused. */
  public String shortText(int max) throws MalformedException {
    byte[] raw = shortBytes(max);
    String text = new String(raw, StandardCharsets.UTF_8);
    if (!Arrays.equals(text.getBytes(StandardCharsets.UTF_8), raw)) {
      throw new MalformedException(what + ": a text field is not UTF-8");
    }
    return text;
  }

  /** Checks that the next byte is a version this code knows. */
  public void version(int known) throws MalformedException {
    int version = u8();
    if (version != known) {
      throw new MalformedException(
          what + " has version " + version + "; this Sallyport knows version " + known);
    }
  }

  /** How many bytes are left. */
  public int remaining() {
    return bytes.length - at;
  }

  /** How many bytes were read so far. */
  public int position() {
    return at;
  }

  /** Checks that nothing is left over. */
  public void end() throws MalformedException {
    if (remaining() != 0) {
      throw new MalformedException(what + ": " + remaining() + " bytes too many");
    }
  }

  private void need(int count) throws MalformedException {
    if (count > remaining()) {
      throw new MalformedException(
          what + " is cut short: " + count + " bytes needed, " + remaining() + " left");
    }
  }
}
