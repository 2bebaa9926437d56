package dev.sallyport.net;

import dev.sallyport.domain.wire.ByteReader;
import dev.sallyport.domain.wire.ByteWriter;
import dev.sallyport.domain.wire.MalformedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A STUN binding request (RFC 8489) with all that a server has to know of it.
 *
 * <p>Read: CHANGE-REQUEST and RESPONSE-PORT (RFC 5780 section 7.2 and 7.5), our DIAL-BACK,
 * FINGERPRINT. Passed over: PADDING, because an answer as long as the asker likes is a weapon; the
 * attributes of authentication, because we have none; those of ICE. The RESPONSE-ADDRESS of RFC
 * 3489 counts as unknown: an answer goes to the address that the question came from.
 *
 * @param changeAddress whether the answer is to come from the other address
 * @param changePort whether it is to come from the other port
 * @param responsePort the port of the asker's address that the answer is to go to; 0 for that which
 *     the question came from
 * @param dialBack what dial-back is asked for; null for none
 * @param fingerprint whether it has a fingerprint, and so should the answer
 * @param unknown attributes that we would have to understand and do not; at most 16
 */
record StunRequest(
    TransactionId id,
    boolean changeAddress,
    boolean changePort,
    int responsePort,
    @Nullable DialBackOrder dialBack,
    boolean fingerprint,
    List<Integer> unknown) {
  private static final int CHANGE_ADDRESS_BIT = 0x4;
  private static final int CHANGE_PORT_BIT = 0x2;
  private static final int MAX_UNKNOWN = 16;

  StunRequest {
    unknown = List.copyOf(unknown);
    if (unknown.size() > MAX_UNKNOWN) {
      throw new IllegalArgumentException(unknown.size() + " unknown attributes");
    }
  }

  static StunRequest plain() {
    return change(false, false);
  }

  static StunRequest change(boolean address, boolean port) {
    return new StunRequest(TransactionId.next(), address, port, 0, null, false, List.of());
  }

  /** For an answer that goes to another port of ours, as the server sees it. */
  static StunRequest respondTo(int port) {
    return new StunRequest(TransactionId.next(), false, false, port, null, false, List.of());
  }

  static StunRequest dialBack(DialBackOrder order) {
    return new StunRequest(TransactionId.next(), false, false, 0, order, false, List.of());
  }

  boolean changes() {
    return changeAddress || changePort;
  }

  byte[] encode() {
    ByteWriter attributes = new ByteWriter();
    if (changes()) {
      int bits = (changeAddress ? CHANGE_ADDRESS_BIT : 0) | (changePort ? CHANGE_PORT_BIT : 0);
      attributes.u16(StunWire.CHANGE_REQUEST).u16(4).u32(bits);
    }
    if (responsePort != 0) {
      attributes.u16(StunWire.RESPONSE_PORT).u16(2).u16(responsePort).u16(0);
    }
    if (dialBack != null) {
      StunWire.put(attributes, StunWire.DIAL_BACK, dialBack.encode());
    }
    unknown.forEach(type -> StunWire.put(attributes, type, new byte[0]));
    return StunWire.message(StunMessage.Kind.REQUEST.type(), id, attributes, fingerprint);
  }

  /**
   * Reads one whole message.
   *
   * @throws MalformedException if it is anything but a binding request
   */
  static StunRequest decode(byte[] bytes) throws MalformedException {
    Reading reading = new Reading();
    StunWire.totalBytes(bytes);
    if (StunWire.type(bytes) != StunMessage.Kind.REQUEST.type()) {
      throw new MalformedException("a STUN message that is no binding request");
    }
    StunWire.read(bytes, reading);
    int change = reading.change;
    return new StunRequest(
        StunWire.id(bytes),
        (change & CHANGE_ADDRESS_BIT) != 0,
        (change & CHANGE_PORT_BIT) != 0,
        reading.responsePort,
        reading.dialBack,
        reading.fingerprint,
        reading.unknown);
  }

  private static final class Reading implements StunWire.Visitor {
    private final List<Integer> unknown = new ArrayList<>();
    private int change;
    private int responsePort;
    private @Nullable DialBackOrder dialBack;
    private boolean fingerprint;

    @Override
    public void attribute(int type, byte[] value) throws MalformedException {
      switch (type) {
        case StunWire.CHANGE_REQUEST -> {
          if (value.length != 4) {
            throw new MalformedException("a CHANGE-REQUEST of " + value.length + " bytes");
          }
          change |= value[3];
        }
        // The two bytes of padding are part of the value for some, as the RFC's figure has it.
        case StunWire.RESPONSE_PORT -> responsePort = new ByteReader(value, "RESPONSE-PORT").u16();
        case StunWire.DIAL_BACK -> dialBack = DialBackOrder.decode(value);
        case StunWire.FINGERPRINT -> fingerprint = true;
        case StunWire.PADDING,
            StunWire.USERNAME,
            StunWire.REALM,
            StunWire.NONCE,
            StunWire.USERHASH,
            StunWire.PASSWORD_ALGORITHM,
            StunWire.MESSAGE_INTEGRITY,
            StunWire.MESSAGE_INTEGRITY_SHA256,
            StunWire.PRIORITY,
            StunWire.USE_CANDIDATE -> {
          // See above.
        }
        default -> {
          if (type < 0x8000 && unknown.size() < MAX_UNKNOWN && !unknown.contains(type)) {
            unknown.add(type);
          }
        }
      }
    }
  }
}
