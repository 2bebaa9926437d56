package dev.sallyport.ws;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.fuzz.DecoderFuzzing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.java_websocket.enums.Role;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as frames, and as the messages in them. */
class FrameFuzzTest extends DecoderFuzzing {
  /** What was understood, and the close code of what was not; 0 if nothing is wrong so far. */
  private record Parsed(List<Framedata> frames, int failure) {
    List<String> texts() {
      return frames.stream().map(FrameFuzzTest::text).toList();
    }
  }

  private static List<byte[]> framesOfClients() {
    return frames(true);
  }

  @MethodSource("framesOfClients")
  @FuzzTest
  void clientFrames(byte[] bytes) throws Exception {
    parsed(bytes, true);
  }

  private static List<byte[]> framesOfServers() {
    return frames(false);
  }

  /** What is said without masks is said in one way only. */
  @MethodSource("framesOfServers")
  @FuzzTest
  void serverFrames(byte[] bytes) throws Exception {
    ByteArrayOutputStream again = new ByteArrayOutputStream();
    BoundedDraft draft = new BoundedDraft(Role.SERVER);
    for (Framedata frame : parsed(bytes, false).frames) {
      if (frame instanceof CloseFrame) {
        // Java-WebSocket keeps code and reason of what it reads, and not the payload.
        break;
      }
      again.writeBytes(bytesOf(draft.createBinaryFrame(frame)));
    }
    assertSameBytes(Arrays.copyOf(bytes, again.size()), again.toByteArray());
  }

  /** Messages put together from frames; a goodbye is answered by a goodbye. */
  @MethodSource("framesOfClients")
  @FuzzTest
  void messages(byte[] bytes) throws Exception {
    decode(
        InvalidDataException.class,
        bytes,
        () -> {
          WebSocketEngine engine = WebSocketEngine.server();
          engine.open(HttpHead.read(requestChannel(), UpgradeWire.REQUEST_START), Links.WELCOME);
          Delivered delivered = new Delivered();
          ByteBuffer in = ByteBuffer.wrap(bytes);
          CloseFrame goodbye = null;
          try {
            while (in.hasRemaining() && goodbye == null) {
              goodbye = engine.receive(in, delivered);
            }
          } catch (InvalidDataException e) {
            assertThat(e.getCloseCode()).isIn(1002, 1007, 1009);
          }
          assertThat(delivered.bytes).isLessThanOrEqualTo(bytes.length);
          ByteBuffer answer = goodbye == null ? null : engine.poll();
          assertThat(answer != null && WebSocketEngine.isGoodbye(answer))
              .isEqualTo(goodbye != null);
          return goodbye;
        });
  }

  /** The frames, which do not depend on the pieces that the bytes come in. */
  private Parsed parsed(byte[] bytes, boolean masked) throws Exception {
    Parsed whole = parsed(bytes, masked, Math.max(1, bytes.length));
    assertThat(whole.failure).isIn(0, 1002, 1007, 1009);
    Parsed inPieces = parsed(bytes, masked, 1 + bytes.length % 7);
    assertThat(inPieces.failure).isEqualTo(whole.failure);
    assertThat(inPieces.texts()).isEqualTo(whole.texts());
    return whole;
  }

  private Parsed parsed(byte[] bytes, boolean masked, int size) throws Exception {
    return Objects.requireNonNull(
        decode(
            InvalidDataException.class,
            bytes,
            () -> {
              FrameParser parser = new FrameParser(masked);
              List<Framedata> frames = new ArrayList<>();
              for (int at = 0; at < bytes.length; at += size) {
                ByteBuffer in = ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at));
                try {
                  while (in.hasRemaining()) {
                    Framedata frame = parser.next(in);
                    if (frame != null) {
                      frames.add(frame);
                    }
                  }
                } catch (InvalidDataException e) {
                  return new Parsed(frames, e.getCloseCode());
                }
              }
              return new Parsed(frames, 0);
            }));
  }

  private static List<byte[]> frames(boolean masked) {
    byte[] text = "gr\u00fc\u00df dich".getBytes(StandardCharsets.UTF_8);
    byte[] goodbye = {0x03, (byte) 0xe8, 'o', 'k'};
    return List.of(
        joined(
            RawPeer.frame(0x81, masked, text),
            RawPeer.frame(0x89, masked, text),
            RawPeer.frame(0x88, masked, goodbye)),
        joined(
            RawPeer.frame(0x01, masked, Arrays.copyOf(text, 3)),
            RawPeer.frame(0x8a, masked, new byte[125]),
            RawPeer.frame(0x00, masked, new byte[0]),
            RawPeer.frame(0x80, masked, Arrays.copyOfRange(text, 3, text.length)),
            RawPeer.frame(0x88, masked, new byte[0])),
        joined(
            RawPeer.frame(0x02, masked, new byte[126]),
            RawPeer.frame(0x80, masked, new byte[300]),
            RawPeer.frame(0x88, masked, goodbye)));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }

  private static String text(Framedata frame) {
    String content =
        frame instanceof CloseFrame goodbye
            ? goodbye.getCloseCode() + " " + goodbye.getMessage()
            : HexFormat.of().formatHex(bytesOf(frame.getPayloadData()));
    return frame.getOpcode() + " " + frame.isFin() + " " + content;
  }

  private static byte[] bytesOf(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  /** Says the request for an upgrade. */
  private static SecureChannel requestChannel() {
    byte[] request = RawPeer.head(RawPeer.REQUEST);
    return new Delegate(MemoryChannel.open(1)) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws LinkException {
        System.arraycopy(request, 0, buffer, offset, request.length);
        return request.length;
      }
    };
  }

  private static final class Delivered implements WebSocketEngine.Inbox {
    private int bytes;

    @Override
    public void text(String message) {
      bytes += message.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public void binary(byte[] message) {
      bytes += message.length;
    }

    @Override
    public void ping(ByteBuffer payload) {
      assertThat(payload.remaining()).isLessThanOrEqualTo(125);
    }
  }
}
