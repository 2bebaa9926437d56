package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.IpLiteral;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A STUN binding message (RFC 8489).
 *
 * <p>On the wire: a header of 20 bytes (16-bit type, 16-bit length of what follows, the magic
 * cookie, 12 bytes of transaction id) and attributes (16-bit type, 16-bit length, value, padding to
 * four bytes). Over TCP messages follow each other; the length frames them (section 6.2.2).
 *
 * <p>Read: XOR-MAPPED-ADDRESS, or MAPPED-ADDRESS where an old server sends no other, ERROR-CODE,
 * and FINGERPRINT, which must be right if it is there. Message integrity is not checked, for we
 * have no password with anybody. Written: XOR-MAPPED-ADDRESS and ERROR-CODE.
 *
 * @param mapped what the server saw, in a success response; null elsewhere or if it said nothing
 * @param error the code of an error response, 300 to 699; 0 elsewhere
 */
record StunMessage(Kind kind, TransactionId id, @Nullable Endpoint mapped, int error) {
  static final int HEADER_BYTES = 20;

  /** More than any binding response needs. */
  static final int MAX_BYTES = 2048;

  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int MAPPED_ADDRESS = 0x0001;
  private static final int MESSAGE_INTEGRITY = 0x0008;
  private static final int ERROR_CODE = 0x0009;
  private static final int MESSAGE_INTEGRITY_SHA256 = 0x001C;
  private static final int XOR_MAPPED_ADDRESS = 0x0020;
  private static final int FINGERPRINT = 0x8028;
  private static final int FINGERPRINT_XOR = 0x5354554E;
  private static final int IPV4 = 1;
  private static final int IPV6 = 2;

  /** The class of a binding message, with its type (section 5). */
  enum Kind {
    REQUEST(0x0001),
    INDICATION(0x0011),
    SUCCESS(0x0101),
    ERROR(0x0111);

    private final int type;

    Kind(int type) {
      this.type = type;
    }
  }

  static StunMessage request(TransactionId id) {
    return new StunMessage(Kind.REQUEST, id, null, 0);
  }

  static StunMessage success(TransactionId id, Endpoint mapped) {
    return new StunMessage(Kind.SUCCESS, id, mapped, 0);
  }

  static StunMessage error(TransactionId id, int code) {
    return new StunMessage(Kind.ERROR, id, null, code);
  }

  byte[] encode() {
    ByteWriter attributes = new ByteWriter();
    if (mapped != null) {
      boolean v4 = mapped.family() == AddressFamily.IPV4;
      attributes
          .u16(XOR_MAPPED_ADDRESS)
          .u16(v4 ? 8 : 20)
          .u8(0)
          .u8(v4 ? IPV4 : IPV6)
          .u16(mapped.port() ^ (MAGIC_COOKIE >>> 16))
          .bytes(xor(mapped.address().getAddress(), id));
    }
    if (error != 0) {
      attributes.u16(ERROR_CODE).u16(4).u16(0).u8(error / 100).u8(error % 100);
    }
    byte[] body = attributes.toByteArray();
    return new ByteWriter()
        .u16(kind.type)
        .u16(body.length)
        .bytes(cookieAndId(id))
        .bytes(body)
        .toByteArray();
  }

  /**
   * How many bytes the message that starts with these 20 has in all: for reading from a stream.
   *
   * @throws MalformedException if it is no STUN message or a too long one
   */
  static int totalBytes(byte[] header) throws MalformedException {
    ByteReader in = new ByteReader(header, "STUN message");
    int type = in.u16();
    int length = in.u16();
    if (type > 0x3fff || (int) in.u32() != MAGIC_COOKIE) {
      throw new MalformedException("not a STUN message");
    }
    if (length % 4 != 0 || length > MAX_BYTES - HEADER_BYTES) {
      throw new MalformedException("a STUN message with a length of " + length);
    }
    return HEADER_BYTES + length;
  }

  /** Reads one whole message. */
  static StunMessage decode(byte[] bytes) throws MalformedException {
    int total = totalBytes(bytes);
    if (total != bytes.length) {
      throw new MalformedException(
          "a STUN message of " + total + " bytes in " + bytes.length + " bytes");
    }
    ByteReader in = new ByteReader(bytes, "STUN message");
    Kind kind = kind(in.u16());
    in.bytes(6);
    TransactionId id = new TransactionId((int) in.u32(), (int) in.u32(), (int) in.u32());

    Endpoint plain = null;
    Endpoint xored = null;
    int error = 0;
    boolean signed = false;
    while (in.remaining() > 0) {
      int start = in.position();
      int type = in.u16();
      byte[] value = in.bytes(in.u16());
      in.bytes(-value.length & 3);
      if (type == FINGERPRINT) {
        checkFingerprint(bytes, start, value);
        in.end();
      } else if (signed) {
        // What follows the integrity is not covered by it and must be ignored (section 14.5).
        continue;
      }
      switch (type) {
        case MAPPED_ADDRESS -> plain = plain == null ? address(value, null) : plain;
        case XOR_MAPPED_ADDRESS -> xored = xored == null ? address(value, id) : xored;
        case ERROR_CODE -> error = error == 0 ? errorCode(value) : error;
        case MESSAGE_INTEGRITY, MESSAGE_INTEGRITY_SHA256 -> signed = true;
        default -> refuseIfRequired(kind, type);
      }
    }
    if (kind == Kind.ERROR && error == 0) {
      throw new MalformedException("a STUN error response without a code");
    }
    return kind == Kind.SUCCESS
        ? new StunMessage(kind, id, xored != null ? xored : plain, 0)
        : new StunMessage(kind, id, null, kind == Kind.ERROR ? error : 0);
  }

  private static Kind kind(int type) throws MalformedException {
    for (Kind kind : Kind.values()) {
      if (kind.type == type) {
        return kind;
      }
    }
    throw new MalformedException("a STUN message of the unknown type " + type);
  }

  /**
   * A response with an attribute that one would have to understand is worth nothing (section
   * 6.3.3). Those up to 0x000B are known or were in RFC 3489, whose servers still send them.
   */
  private static void refuseIfRequired(Kind kind, int type) throws MalformedException {
    if (kind == Kind.SUCCESS && type > 0x000B && type < 0x8000) {
      throw new MalformedException("a STUN response with the unknown attribute " + type);
    }
  }

  /**
   * @param id null for a plain address
   */
  private static Endpoint address(byte[] value, @Nullable TransactionId id)
      throws MalformedException {
    ByteReader in = new ByteReader(value, "STUN address");
    in.u8();
    int family = in.u8();
    if (family != IPV4 && family != IPV6) {
      throw new MalformedException("a STUN address of the unknown family " + family);
    }
    int port = in.u16();
    byte[] raw = in.bytes(family == IPV4 ? 4 : 16);
    in.end();
    if (id != null) {
      port ^= MAGIC_COOKIE >>> 16;
      raw = xor(raw, id);
    }
    if (port == 0) {
      throw new MalformedException("a STUN address with port 0");
    }
    return new Endpoint(IpLiteral.of(raw), port);
  }

  private static int errorCode(byte[] value) throws MalformedException {
    ByteReader in = new ByteReader(value, "STUN error code");
    in.u16();
    int code = (in.u8() & 7) * 100 + in.u8();
    if (code < 300 || code > 699) {
      throw new MalformedException("a STUN error with the code " + code);
    }
    return code;
  }

  private static void checkFingerprint(byte[] message, int end, byte[] value)
      throws MalformedException {
    CRC32 crc = new CRC32();
    crc.update(message, 0, end);
    ByteReader in = new ByteReader(value, "STUN fingerprint");
    long found = in.u32();
    in.end();
    if (found != (crc.getValue() ^ FINGERPRINT_XOR)) {
      throw new MalformedException("a STUN message with a wrong fingerprint");
    }
  }

  private static byte[] xor(byte[] address, TransactionId id) {
    byte[] mask = cookieAndId(id);
    byte[] out = new byte[address.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) (address[i] ^ mask[i]);
    }
    return out;
  }

  private static byte[] cookieAndId(TransactionId id) {
    return new ByteWriter()
        .u32(MAGIC_COOKIE)
        .u32(Integer.toUnsignedLong(id.first()))
        .u32(Integer.toUnsignedLong(id.second()))
        .u32(Integer.toUnsignedLong(id.third()))
        .toByteArray();
  }
}
