package dev.sallyport.ws;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkException.Reason;
import dev.sallyport.domain.session.RefusalCode;
import dev.sallyport.domain.session.SecureChannel;
import dev.sallyport.fuzz.DecoderFuzzing;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes as the upgrade's request and as its response. */
class UpgradeFuzzTest extends DecoderFuzzing {
  private static final String SAMPLE_ACCEPT = accept(RawPeer.REQUEST);

  private static List<byte[]> requests() {
    byte[] ours = WebSocketEngine.client().request(Links.HELLO);
    byte[] withFrame = Arrays.copyOf(ours, ours.length + 6);
    return List.of(RawPeer.head(RawPeer.REQUEST), withFrame);
  }

  /** What is taken was read in full, and its answer is one that a caller of ours takes. */
  @MethodSource("requests")
  @FuzzTest
  void request(byte[] bytes) throws Exception {
    HttpHead request =
        declared(bytes, () -> HttpHead.read(reading(bytes), UpgradeWire.REQUEST_START));
    if (request == null) {
      return;
    }
    ByteBuffer read = ByteBuffer.allocate(request.bytes().length + request.rest().length);
    read.put(request.bytes()).put(request.rest());
    assertSameBytes(Arrays.copyOf(bytes, read.capacity()), read.array());
    byte[] answer =
        declared(
            bytes,
            () -> {
              byte[] hello = UpgradeWire.hello(request);
              assertThat(request.field(UpgradeWire.HELLO)).isEqualTo(UpgradeWire.encode(hello));
              return WebSocketEngine.server().open(request, Links.WELCOME);
            });
    if (answer != null) {
      HttpHead response = HttpHead.read(reading(answer), UpgradeWire.RESPONSE_START);
      assertThat(UpgradeWire.welcome(response)).isEqualTo(Links.WELCOME);
    }
  }

  private static List<byte[]> responses() {
    return List.of(
        RawPeer.head(Links.response(RawPeer.REQUEST)), UpgradeWire.refusal(RefusalCode.BUSY));
  }

  /** What is taken answers our very request. */
  @MethodSource("responses")
  @FuzzTest
  void response(byte[] bytes) throws Exception {
    WebSocketEngine engine = WebSocketEngine.client();
    String request = new String(engine.request(Links.HELLO), ISO_8859_1).replace("\r\n", "\n");
    String accept = accept(request);
    String text = new String(bytes, ISO_8859_1).replace(SAMPLE_ACCEPT, accept);
    HttpHead response =
        declared(
            bytes,
            () -> {
              HttpHead head =
                  HttpHead.read(reading(text.getBytes(ISO_8859_1)), UpgradeWire.RESPONSE_START);
              assertThat(UpgradeWire.encode(UpgradeWire.welcome(head)))
                  .isEqualTo(head.field(UpgradeWire.WELCOME));
              return head;
            });
    if (response == null) {
      return;
    }
    HttpHead open =
        declared(
            bytes,
            () -> {
              engine.open(response);
              return response;
            });
    if (open != null) {
      assertThat(open.field("Sec-WebSocket-Accept")).isEqualTo(accept);
    }
  }

  private <T> @Nullable T declared(byte[] bytes, Decoder<T> decoder) throws Exception {
    return decode(
        LinkException.class,
        bytes,
        () -> {
          try {
            return decoder.decode();
          } catch (LinkException e) {
            assertThat(e.reason()).isIn(Reason.PROTOCOL, Reason.BROKEN, Reason.REFUSED);
            throw e;
          }
        });
  }

  /** A stream of these bytes. */
  private static SecureChannel reading(byte[] bytes) {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    return new Delegate(MemoryChannel.open(1)) {
      @Override
      public int read(byte[] buffer, int offset, int length) {
        int count = Math.min(length, left.remaining());
        left.get(buffer, offset, count);
        return count == 0 ? -1 : count;
      }
    };
  }

  /** The Sec-WebSocket-Accept that a request wants. */
  private static String accept(String request) {
    return Links.response(request).split("Sec-WebSocket-Accept: ", 2)[1].split("\n", 2)[0];
  }
}
