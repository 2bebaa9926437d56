package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A STUN binding message (RFC 8489), as whoever asks sees it; {@link StunRequest} has what stands
 * in a question.
 *
 * <p>Read: XOR-MAPPED-ADDRESS, or MAPPED-ADDRESS where an old server sends no other, ERROR-CODE and
 * UNKNOWN-ATTRIBUTES, RESPONSE-ORIGIN and OTHER-ADDRESS (RFC 5780), our own DIAL-BACK, and
 * FINGERPRINT, which must be right if it is there. Message integrity is not checked, for we have no
 * password with anybody. Written: the same, but for MAPPED-ADDRESS, and SOFTWARE.
 *
 * @param mapped what the server saw, in a success response; null elsewhere or if it said nothing
 * @param error the code of an error response, 300 to 699; 0 elsewhere
 * @param unknown the attributes that an error response complains of
 * @param origin where a success response says that it comes from; null if it does not
 * @param other the server's other address and port, where it has both; null if it does not say
 * @param dialBack what came of the dial-back that was asked for; null if the server does not say
 */
record StunMessage(
    Kind kind,
    TransactionId id,
    @Nullable Endpoint mapped,
    int error,
    List<Integer> unknown,
    @Nullable Endpoint origin,
    @Nullable Endpoint other,
    @Nullable DialBack dialBack) {
  static final int HEADER_BYTES = StunWire.HEADER_BYTES;
  static final int MAX_BYTES = StunWire.MAX_BYTES;

  StunMessage {
    unknown = List.copyOf(unknown);
  }

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

    int type() {
      return type;
    }

    static Kind of(int type) throws MalformedException {
      for (Kind kind : values()) {
        if (kind.type == type) {
          return kind;
        }
      }
      throw new MalformedException("a STUN message of the unknown type " + type);
    }
  }

  static StunMessage request(TransactionId id) {
    return new StunMessage(Kind.REQUEST, id, null, 0, List.of(), null, null, null);
  }

  static StunMessage success(TransactionId id, Endpoint mapped) {
    return success(id, mapped, null, null, null);
  }

  static StunMessage success(
      TransactionId id,
      Endpoint mapped,
      @Nullable Endpoint origin,
      @Nullable Endpoint other,
      @Nullable DialBack dialBack) {
    return new StunMessage(Kind.SUCCESS, id, mapped, 0, List.of(), origin, other, dialBack);
  }

  static StunMessage error(TransactionId id, int code) {
    return error(id, code, List.of());
  }

  static StunMessage error(TransactionId id, int code, List<Integer> unknown) {
    return new StunMessage(Kind.ERROR, id, null, code, unknown, null, null, null);
  }

  byte[] encode() {
    return encode(null, false);
  }

  /**
   * @param software who we are, if that is to be said
   * @param fingerprint whether to add one: for whoever sent one (section 6.3.1)
   */
  byte[] encode(@Nullable String software, boolean fingerprint) {
    ByteWriter attributes = new ByteWriter();
    if (mapped != null) {
      StunWire.put(attributes, StunWire.XOR_MAPPED_ADDRESS, StunWire.xorAddress(mapped, id));
    }
    if (error != 0) {
      attributes.u16(StunWire.ERROR_CODE).u16(4).u16(0).u8(error / 100).u8(error % 100);
    }
    if (!unknown.isEmpty()) {
      ByteWriter types = new ByteWriter();
      unknown.forEach(types::u16);
      StunWire.put(attributes, StunWire.UNKNOWN_ATTRIBUTES, types.toByteArray());
    }
    if (origin != null) {
      StunWire.put(attributes, StunWire.RESPONSE_ORIGIN, StunWire.address(origin));
    }
    if (other != null) {
      StunWire.put(attributes, StunWire.OTHER_ADDRESS, StunWire.address(other));
    }
    if (dialBack != null) {
      StunWire.put(attributes, StunWire.DIAL_BACK, dialBack.encode(id));
    }
    if (software != null) {
      StunWire.put(attributes, StunWire.SOFTWARE, software.getBytes(StandardCharsets.UTF_8));
    }
    return StunWire.message(kind.type, id, attributes, fingerprint);
  }

  /**
   * How many bytes the message that starts with these 20 has in all: for reading from a stream.
   *
   * @throws MalformedException if it is no STUN message or a too long one
   */
  static int totalBytes(byte[] header) throws MalformedException {
    return StunWire.totalBytes(header);
  }

  /** Reads one whole message. */
  static StunMessage decode(byte[] bytes) throws MalformedException {
    Reading reading = new Reading(bytes);
    StunWire.read(bytes, reading);
    return reading.message();
  }

  /** What has been read so far; of attributes that come twice the first counts (section 14). */
  private static final class Reading implements StunWire.Visitor {
    private final Kind kind;
    private final TransactionId id;
    private @Nullable Endpoint plain;
    private @Nullable Endpoint xored;
    private @Nullable Endpoint origin;
    private @Nullable Endpoint other;
    private @Nullable DialBack dialBack;
    private @Nullable List<Integer> unknown;
    private int error;

    Reading(byte[] message) throws MalformedException {
      StunWire.totalBytes(message);
      kind = Kind.of(StunWire.type(message));
      id = StunWire.id(message);
    }

    @Override
    public void attribute(int type, byte[] value) throws MalformedException {
      switch (type) {
        case StunWire.MAPPED_ADDRESS -> plain = plain == null ? StunWire.readAddress(value) : plain;
        case StunWire.XOR_MAPPED_ADDRESS ->
            xored = xored == null ? StunWire.readXorAddress(value, id) : xored;
        case StunWire.ERROR_CODE -> error = error == 0 ? errorCode(value) : error;
        case StunWire.UNKNOWN_ATTRIBUTES -> unknown = unknown == null ? types(value) : unknown;
        case StunWire.RESPONSE_ORIGIN -> origin = origin == null ? ifItIsOne(value) : origin;
        case StunWire.OTHER_ADDRESS -> other = other == null ? ifItIsOne(value) : other;
        case StunWire.DIAL_BACK ->
            dialBack =
                dialBack == null && kind == Kind.SUCCESS ? DialBack.decode(value, id) : dialBack;
        case StunWire.MESSAGE_INTEGRITY, StunWire.MESSAGE_INTEGRITY_SHA256 -> {
          // We have no password to check it with.
        }
        default -> refuseIfRequired(type);
      }
    }

    StunMessage message() throws MalformedException {
      return switch (kind) {
        case SUCCESS ->
            new StunMessage(
                kind, id, xored != null ? xored : plain, 0, List.of(), origin, other, dialBack);
        case ERROR -> {
          if (error == 0) {
            throw new MalformedException("a STUN error response without a code");
          }
          yield error(id, error, unknown == null ? List.of() : unknown);
        }
        case REQUEST, INDICATION -> new StunMessage(kind, id, null, 0, List.of(), null, null, null);
      };
    }

    /**
     * A response with an attribute that one would have to understand is worth nothing (section
     * 6.3.3). Those up to 0x000B are known or were in RFC 3489, whose servers still send them.
     */
    private void refuseIfRequired(int type) throws MalformedException {
      if (kind == Kind.SUCCESS && type > 0x000B && type < 0x8000) {
        throw new MalformedException("a STUN response with the unknown attribute " + type);
      }
    }

    /**
     * A server that has no other address may say so with zeros; its answer is good all the same.
     */
    private static @Nullable Endpoint ifItIsOne(byte[] value) {
      try {
        return StunWire.readAddress(value);
      } catch (MalformedException e) {
        return null;
      }
    }

    private static List<Integer> types(byte[] value) throws MalformedException {
      ByteReader in = new ByteReader(value, "STUN unknown attributes");
      List<Integer> types = new ArrayList<>();
      while (in.remaining() > 0) {
        types.add(in.u16());
      }
      return types;
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
  }
}
