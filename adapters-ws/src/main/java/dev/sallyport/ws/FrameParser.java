package dev.sallyport.ws;

import dev.sallyport.domain.session.Link;
import java.nio.ByteBuffer;
import org.java_websocket.enums.Opcode;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.framing.FramedataImpl1;
import org.java_websocket.util.Charsetfunctions;
import org.jspecify.annotations.Nullable;

/**
 * Takes bytes in and gives frames out (RFC 6455 section 5.2). Everything a header says is judged
 * before a byte is allocated for it: what a peer can make us hold is one message and its header.
 *
 * <p>Refuses with close code 1009 what is too big, with 1007 a goodbye that is not UTF-8, with 1002
 * any other breach. Whether text is UTF-8 is left to whoever puts the fragments together.
 *
 * <p>Not thread-safe. After an error it must not be used again.
 */
final class FrameParser {
  /** Bounds what empty fragments cost; a full message may still come in pieces of 256 bytes. */
  static final int MAX_FRAGMENTS = 4096;

  private static final int MAX_CONTROL_BYTES = 125;
  private static final int FIN = 0x80;
  private static final int RESERVED = 0x70;
  private static final int MASKED = 0x80;

  private final boolean masked;

  private final ByteBuffer header = ByteBuffer.allocate(14);
  private @Nullable ByteBuffer payload;
  private Opcode opcode = Opcode.CONTINUOUS;
  private int key;

  private boolean inMessage;
  private int messageBytes;
  private int fragments;

  /**
   * @param masked whether frames must be masked, as a client's must and a server's must not
   */
  FrameParser(boolean masked) {
    this.masked = masked;
    header.limit(2);
  }

  /** The number of an opcode on the wire. */
  static int number(Opcode opcode) {
    return switch (opcode) {
      case CONTINUOUS -> 0;
      case TEXT -> 1;
      case BINARY -> 2;
      case CLOSING -> 8;
      case PING -> 9;
      case PONG -> 10;
    };
  }

  /** The next frame, or null when the bytes run out before it is complete. */
  @Nullable Framedata next(ByteBuffer in) throws InvalidDataException {
    ByteBuffer target = payload;
    if (target == null) {
      if (!readHeader(in)) {
        return null;
      }
      target = ByteBuffer.allocate(payloadLength());
      payload = target;
    }
    int length = Math.min(in.remaining(), target.remaining());
    if (masked) {
      Masking.transfer(in, target, length, key, target.position());
    } else {
      target.put(target.position(), in, in.position(), length);
      target.position(target.position() + length);
      in.position(in.position() + length);
    }
    return target.hasRemaining() ? null : complete(target.flip());
  }

  /** Whether the header is complete. */
  private boolean readHeader(ByteBuffer in) throws InvalidDataException {
    while (header.hasRemaining()) {
      if (!in.hasRemaining()) {
        return false;
      }
      header.put(in.get());
      if (header.position() == 2) {
        header.limit(headerLength());
      }
    }
    if (masked) {
      key = header.getInt(header.limit() - 4);
    }
    return true;
  }

  /** Judges the first two bytes, and says how long the header is. */
  private int headerLength() throws InvalidDataException {
    int first = header.get(0);
    int second = header.get(1);
    if ((first & RESERVED) != 0) {
      throw breach("a frame with reserved bits set");
    }
    boolean fin = (first & FIN) != 0;
    opcode = opcode(first & 0x0f);
    if (((second & MASKED) != 0) != masked) {
      throw breach(masked ? "a client's frame that is not masked" : "a server's frame, masked");
    }
    int length = second & 0x7f;
    if (isControl()) {
      if (!fin || length > MAX_CONTROL_BYTES) {
        throw breach("a control frame in fragments or of more than 125 bytes");
      }
    } else if (inMessage != (opcode == Opcode.CONTINUOUS)) {
      throw breach(inMessage ? "a new message inside another" : "a fragment of no message");
    }
    int lengthField = length < 126 ? 0 : length == 126 ? 2 : 8;
    return 2 + lengthField + (masked ? 4 : 0);
  }

  /** Judges the length, and accounts for it. */
  private int payloadLength() throws InvalidDataException {
    int inHeader = header.get(1) & 0x7f;
    long length =
        switch (inHeader) {
          case 126 -> header.getShort(2) & 0xffff;
          case 127 -> header.getLong(2);
          default -> inHeader;
        };
    if (length < 0 || (inHeader == 126 && length < 126) || (inHeader == 127 && length <= 0xffff)) {
      throw breach("a frame length that is not written in its shortest form");
    }
    if (isControl()) {
      return (int) length;
    }
    if (!inMessage) {
      messageBytes = 0;
      fragments = 0;
    }
    if (length > Link.MAX_MESSAGE_BYTES - messageBytes) {
      throw new InvalidDataException(
          CloseFrame.TOOBIG, "a message of more than " + Link.MAX_MESSAGE_BYTES + " bytes");
    }
    if (++fragments > MAX_FRAGMENTS) {
      throw new InvalidDataException(
          CloseFrame.TOOBIG, "a message in more than " + MAX_FRAGMENTS + " fragments");
    }
    messageBytes += (int) length;
    return (int) length;
  }

  private Framedata complete(ByteBuffer bytes) throws InvalidDataException {
    boolean fin = (header.get(0) & FIN) != 0;
    FramedataImpl1 frame = FramedataImpl1.get(opcode);
    frame.setFin(fin);
    if (opcode == Opcode.CLOSING) {
      judgeGoodbye(bytes);
    }
    frame.setPayload(bytes);
    if (isControl()) {
      frame.isValid();
    } else {
      inMessage = !fin;
    }
    payload = null;
    header.position(0).limit(2);
    return frame;
  }

  /** What Java-WebSocket takes for a code of its own, or fails on with a null reason. */
  private static void judgeGoodbye(ByteBuffer bytes) throws InvalidDataException {
    if (bytes.remaining() == 1) {
      throw breach("a close frame with half a code");
    }
    if (bytes.hasRemaining()) {
      Charsetfunctions.stringUtf8(bytes.slice(2, bytes.remaining() - 2));
    }
  }

  private boolean isControl() {
    return number(opcode) >= 8;
  }

  private static Opcode opcode(int number) throws InvalidDataException {
    return switch (number) {
      case 0 -> Opcode.CONTINUOUS;
      case 1 -> Opcode.TEXT;
      case 2 -> Opcode.BINARY;
      case 8 -> Opcode.CLOSING;
      case 9 -> Opcode.PING;
      case 10 -> Opcode.PONG;
      default -> throw breach("a frame with the unknown opcode " + number);
    };
  }

  private static InvalidDataException breach(String what) {
    return new InvalidDataException(CloseFrame.PROTOCOL_ERROR, what);
  }
}
