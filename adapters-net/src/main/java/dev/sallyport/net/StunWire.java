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
 * What every STUN message is made of (RFC 8489 section 5 and 14).
 *
 * <p>On the wire: a header of 20 bytes (16-bit type, 16-bit length of what follows, the magic
 * cookie, 12 bytes of transaction id) and attributes (16-bit type, 16-bit length, value, padding to
 * four bytes). Over TCP messages follow each other; the length frames them (section 6.2.2).
 *
 * <p>Attributes below 0x8000 must be understood by whoever reads them; the others may be skipped.
 */
final class StunWire {
  static final int HEADER_BYTES = 20;

  /** More than any binding message needs. */
  static final int MAX_BYTES = 2048;

  static final int MAPPED_ADDRESS = 0x0001;

  /** RFC 5780 section 7.2. */
  static final int CHANGE_REQUEST = 0x0003;

  static final int USERNAME = 0x0006;
  static final int MESSAGE_INTEGRITY = 0x0008;
  static final int ERROR_CODE = 0x0009;
  static final int UNKNOWN_ATTRIBUTES = 0x000A;
  static final int REALM = 0x0014;
  static final int NONCE = 0x0015;
  static final int MESSAGE_INTEGRITY_SHA256 = 0x001C;
  static final int PASSWORD_ALGORITHM = 0x001D;
  static final int USERHASH = 0x001E;
  static final int XOR_MAPPED_ADDRESS = 0x0020;

  /** Of ICE (RFC 8445 section 16.1). */
  static final int PRIORITY = 0x0024;

  /** Of ICE (RFC 8445 section 16.1). */
  static final int USE_CANDIDATE = 0x0025;

  /** RFC 5780 section 7.6. */
  static final int PADDING = 0x0026;

  /** RFC 5780 section 7.5. */
  static final int RESPONSE_PORT = 0x0027;

  static final int SOFTWARE = 0x8022;
  static final int FINGERPRINT = 0x8028;

  /** RFC 5780 section 7.3. */
  static final int RESPONSE_ORIGIN = 0x802B;

  /** RFC 5780 section 7.4. */
  static final int OTHER_ADDRESS = 0x802C;

  /**
   * Ours: see {@link DialBack}. From the part of the registry that others than the IETF may have
   * (RFC 8489 section 18.3), where nothing has been assigned this number; who does not know it
   * skips it.
   */
  static final int DIAL_BACK = 0xF5A0;

  private static final int MAGIC_COOKIE = 0x2112A442;
  private static final int FINGERPRINT_XOR = 0x5354554E;
  private static final int IPV4 = 1;
  private static final int IPV6 = 2;

  private StunWire() {}

  /** Is shown each attribute, in order. */
  interface Visitor {
    void attribute(int type, byte[] value) throws MalformedException;
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

  static int type(byte[] message) throws MalformedException {
    return new ByteReader(message, "STUN message").u16();
  }

  static TransactionId id(byte[] message) throws MalformedException {
    ByteReader in = new ByteReader(message, "STUN message");
    in.bytes(8);
    return new TransactionId((int) in.u32(), (int) in.u32(), (int) in.u32());
  }

  /**
   * Shows the attributes of one whole message. A FINGERPRINT must be right and the last; what else
   * follows a message integrity is not covered by it and left out (section 14.5).
   */
  static void read(byte[] message, Visitor visitor) throws MalformedException {
    int total = totalBytes(message);
    if (total != message.length) {
      throw new MalformedException(
          "a STUN message of " + total + " bytes in " + message.length + " bytes");
    }
    ByteReader in = new ByteReader(message, "STUN message");
    in.bytes(HEADER_BYTES);
    boolean signed = false;
    while (in.remaining() > 0) {
      int start = in.position();
      int type = in.u16();
      byte[] value = in.bytes(in.u16());
      in.bytes(-value.length & 3);
      if (type == FINGERPRINT) {
        checkFingerprint(message, start, value);
        in.end();
      } else if (signed) {
        continue;
      }
      signed |= type == MESSAGE_INTEGRITY || type == MESSAGE_INTEGRITY_SHA256;
      visitor.attribute(type, value);
    }
  }

  /** A whole message; with a fingerprint if that is wanted. */
  static byte[] message(int type, TransactionId id, ByteWriter attributes, boolean fingerprint) {
    byte[] body = attributes.toByteArray();
    ByteWriter out =
        new ByteWriter()
            .u16(type)
            .u16(body.length + (fingerprint ? 8 : 0))
            .bytes(cookieAndId(id))
            .bytes(body);
    if (fingerprint) {
      long crc = crc(out.toByteArray(), body.length + HEADER_BYTES);
      out.u16(FINGERPRINT).u16(4).u32(crc);
    }
    return out.toByteArray();
  }

  static void put(ByteWriter out, int type, byte[] value) {
    out.u16(type).u16(value.length).bytes(value).bytes(new byte[-value.length & 3]);
  }

  /** As MAPPED-ADDRESS has it (section 14.1). */
  static byte[] address(Endpoint endpoint) {
    return address(endpoint.family(), endpoint.port(), endpoint.address().getAddress());
  }

  /** As XOR-MAPPED-ADDRESS has it (section 14.2). */
  static byte[] xorAddress(Endpoint endpoint, TransactionId id) {
    return address(
        endpoint.family(),
        endpoint.port() ^ (MAGIC_COOKIE >>> 16),
        xor(endpoint.address().getAddress(), id));
  }

  private static byte[] address(AddressFamily family, int port, byte[] raw) {
    int number = family == AddressFamily.IPV4 ? IPV4 : IPV6;
    return new ByteWriter().u8(0).u8(number).u16(port).bytes(raw).toByteArray();
  }

  static Endpoint readAddress(byte[] value) throws MalformedException {
    return readAnAddress(value, null);
  }

  static Endpoint readXorAddress(byte[] value, TransactionId id) throws MalformedException {
    return readAnAddress(value, id);
  }

  private static Endpoint readAnAddress(byte[] value, @Nullable TransactionId id)
      throws MalformedException {
    ByteReader in = new ByteReader(value, "STUN address");
    in.u8();
    int family = in.u8();
    if (family != IPV4 && family != IPV6) {
      throw new MalformedException("a STUN address of the unknown family " + family);
    }
    int port = in.u16() ^ (id == null ? 0 : MAGIC_COOKIE >>> 16);
    byte[] raw = in.bytes(family == IPV4 ? 4 : 16);
    in.end();
    if (port == 0) {
      throw new MalformedException("a STUN address with port 0");
    }
    return new Endpoint(IpLiteral.of(id == null ? raw : xor(raw, id)), port);
  }

  private static void checkFingerprint(byte[] message, int end, byte[] value)
      throws MalformedException {
    ByteReader in = new ByteReader(value, "STUN fingerprint");
    long found = in.u32();
    in.end();
    if (found != crc(message, end)) {
      throw new MalformedException("a STUN message with a wrong fingerprint");
    }
  }

  private static long crc(byte[] message, int end) {
    CRC32 crc = new CRC32();
    crc.update(message, 0, end);
    return crc.getValue() ^ FINGERPRINT_XOR;
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
