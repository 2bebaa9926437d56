package dev.sallyport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SecureChannel;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A peer written by hand, byte for byte from the RFC, that can say anything. */
final class RawPeer {
  static final int TEXT = 1;
  static final int BINARY = 2;
  static final int CLOSE = 8;
  static final int PING = 9;
  static final int PONG = 10;

  /** First bytes of frames; a frame that does not end a message has none of this. */
  static final int FIN = 0x80;

  /** A frame as it came. */
  record Frame(int first, boolean masked, byte[] payload) {
    int opcode() {
      return first & 0x0f;
    }

    String text() {
      return new String(payload, StandardCharsets.UTF_8);
    }

    int closeCode() {
      assertThat(opcode()).isEqualTo(CLOSE);
      return ByteBuffer.wrap(payload).getShort();
    }
  }

  static final String REQUEST =
      """
      GET /sallyport HTTP/1.1
      Host: example
      Connection: keep-alive, Upgrade
      Upgrade: WebSocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Protocol: chat, sallyport.v1
      Sallyport-Hello: aGVsbG8

      """;

  private final SecureChannel channel;
  private final boolean masks;

  private RawPeer(SecureChannel channel, boolean masks) {
    this.channel = channel;
    this.masks = masks;
  }

  static RawPeer client(SecureChannel channel) {
    return new RawPeer(channel, true);
  }

  static RawPeer server(SecureChannel channel) {
    return new RawPeer(channel, false);
  }

  RawPeer send(byte[] bytes) throws LinkException {
    channel.write(bytes, 0, bytes.length);
    return this;
  }

  /** Lines of a head, with the line ends of HTTP. */
  RawPeer sendHead(String lines) throws LinkException {
    return send(head(lines));
  }

  static byte[] head(String lines) {
    return lines.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  /** A whole frame in this peer's role. */
  RawPeer sendFrame(int first, byte[] payload) throws LinkException {
    return send(frame(first, masks, payload));
  }

  RawPeer sendFrame(int first, String payload) throws LinkException {
    return sendFrame(first, payload.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] frame(int first, boolean masked, byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(14 + payload.length);
    int mask = masked ? 0x80 : 0;
    out.put((byte) first);
    if (payload.length < 126) {
      out.put((byte) (mask | payload.length));
    } else if (payload.length <= 0xffff) {
      out.put((byte) (mask | 126)).putShort((short) payload.length);
    } else {
      out.put((byte) (mask | 127)).putLong(payload.length);
    }
    byte[] key = {0x37, (byte) 0xfa, 0x21, 0x3d};
    if (masked) {
      out.put(key);
    }
    for (int i = 0; i < payload.length; i++) {
      out.put((byte) (payload[i] ^ (masked ? key[i % 4] : 0)));
    }
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return bytes;
  }

  /** The head of a response or request, line ends as in {@link #sendHead}. */
  String readHead() throws LinkException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      head.write(readByte());
    }
    return head.toString(StandardCharsets.ISO_8859_1).replace("\r\n", "\n");
  }

  Frame readFrame() throws LinkException {
    int first = readByte();
    int second = readByte();
    long length = second & 0x7f;
    if (length >= 126) {
      length = new BigInteger(1, readBytes(length == 126 ? 2 : 8)).longValueExact();
    }
    boolean masked = (second & 0x80) != 0;
    byte[] key = masked ? readBytes(4) : new byte[4];
    byte[] payload = readBytes((int) length);
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= key[i % 4];
    }
    return new Frame(first, masked, payload);
  }

  /** Whether the stream has ended, read to its end. */
  boolean drainsToEnd() {
    try {
      byte[] sink = new byte[65536];
      while (channel.read(sink, 0, sink.length) >= 0) {
        // Only the end counts.
      }
      return true;
    } catch (LinkException e) {
      return true;
    }
  }

  void vanish() {
    channel.close();
  }

  private int readByte() throws LinkException {
    return readBytes(1)[0] & 0xff;
  }

  private byte[] readBytes(int count) throws LinkException {
    byte[] bytes = new byte[count];
    int have = 0;
    while (have < count) {
      int n = channel.read(bytes, have, count - have);
      if (n < 0) {
        throw new LinkException(LinkException.Reason.BROKEN, "end of stream");
      }
      have += n;
    }
    return bytes;
  }
}
