package dev.sallyport.ws;

import dev.sallyport.domain.session.Link;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Role;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.HandshakeBuilder;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.protocols.Protocol;

/**
 * Java-WebSocket's RFC 6455 with its framing replaced by one that is bounded and masks by words.
 *
 * <p>The superclass allocates for a frame before it is there, bounds only the first and last
 * fragment, never asks whether a frame is masked as its direction demands, and masks byte by byte.
 * What it does with whole frames (putting fragments together, checking UTF-8, answering a close) is
 * used as it is.
 *
 * <p>Threading: one thread takes frames in, any thread makes them.
 */
final class BoundedDraft extends Draft_6455 {
  /** Stands behind the key in Sec-WebSocket-Accept (RFC 6455 section 4.2.2). */
  private static final String ACCEPT_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final SecureRandom MASK_KEYS = new SecureRandom();

  private final FrameParser parser;

  BoundedDraft(Role role) {
    super(List.of(), List.of(new Protocol(UpgradeWire.PROTOCOL)), Link.MAX_MESSAGE_BYTES);
    this.role = role;
    this.parser = new FrameParser(role == Role.SERVER);
  }

  @Override
  public Draft copyInstance() {
    return new BoundedDraft(role);
  }

  /** The next frame, or none if it is not complete yet; call again while bytes remain. */
  @Override
  public List<Framedata> translateFrame(ByteBuffer bytes) throws InvalidDataException {
    Framedata frame = parser.next(bytes);
    return frame == null ? List.of() : List.of(frame);
  }

  @Override
  public ByteBuffer createBinaryFrame(Framedata frame) {
    ByteBuffer payload = frame.getPayloadData();
    int length = payload.remaining();
    int maskBit = masks() ? 0x80 : 0;
    ByteBuffer out = ByteBuffer.allocate(wireLength(length));
    out.put((byte) ((frame.isFin() ? 0x80 : 0) | FrameParser.number(frame.getOpcode())));
    if (length < 126) {
      out.put((byte) (maskBit | length));
    } else if (length <= 0xffff) {
      out.put((byte) (maskBit | 126)).putShort((short) length);
    } else {
      out.put((byte) (maskBit | 127)).putLong(length);
    }
    if (masks()) {
      int key = MASK_KEYS.nextInt();
      out.putInt(key);
      Masking.transfer(payload.duplicate(), out, length, key, 0);
    } else {
      out.put(payload.duplicate());
    }
    return out.flip();
  }

  /** How many bytes a frame of ours has on the wire. */
  int wireLength(int payloadLength) {
    int lengthField = payloadLength < 126 ? 0 : payloadLength <= 0xffff ? 2 : 8;
    return 2 + lengthField + (masks() ? 4 : 0) + payloadLength;
  }

  private boolean masks() {
    return role == Role.CLIENT;
  }

  /** As the superclass, without the echoed Connection, the Server and the Date fields. */
  @Override
  public HandshakeBuilder postProcessHandshakeResponseAsServer(
      ClientHandshake request, ServerHandshakeBuilder response) {
    response.setHttpStatusMessage("Switching Protocols");
    response.put("Upgrade", "websocket");
    response.put("Connection", "Upgrade");
    response.put("Sec-WebSocket-Protocol", UpgradeWire.PROTOCOL);
    response.put(
        "Sec-WebSocket-Accept", acceptFor(request.getFieldValue("Sec-WebSocket-Key").strip()));
    return response;
  }

  private static String acceptFor(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] digest = sha1.digest((key + ACCEPT_GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** Nothing: whichever thread closes calls this, and the parser belongs to the reader. */
  @Override
  public void reset() {}
}
