package dev.sallyport.ws;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import dev.sallyport.domain.session.Link;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.java_websocket.enums.Opcode;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameParserTest {
  private static final int MIB = Link.MAX_MESSAGE_BYTES;

  private final FrameParser server = new FrameParser(true);
  private final FrameParser client = new FrameParser(false);

  private static ByteBuffer hex(String bytes) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(bytes.replace(" ", "")));
  }

  private static ByteBuffer plain(int first, int length) {
    return ByteBuffer.wrap(RawPeer.frame(first, false, new byte[length]));
  }

  private static @Nullable Framedata feed(FrameParser parser, ByteBuffer bytes)
      throws InvalidDataException {
    Framedata frame = null;
    while (frame == null && bytes.hasRemaining()) {
      frame = parser.next(bytes);
    }
    return frame;
  }

  @Test
  void rfcExample_maskedHello_isUnmasked() throws InvalidDataException {
    Framedata frame = requireNonNull(server.next(hex("81 85 37 fa 21 3d 7f 9f 4d 51 58")));
    assertThat(frame.getOpcode()).isEqualTo(Opcode.TEXT);
    assertThat(frame.getPayloadData()).isEqualTo(hex("48 65 6c 6c 6f"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 125, 126, 127, 65535, 65536, MIB})
  void everyLengthForm_inPieces_isRead(int length) throws InvalidDataException {
    byte[] payload = new byte[length];
    new Random(length).nextBytes(payload);
    ByteBuffer whole = ByteBuffer.wrap(RawPeer.frame(0x82, true, payload));
    Random random = new Random(3);
    Framedata frame = null;
    while (whole.hasRemaining()) {
      assertThat(frame).isNull();
      int piece = Math.min(whole.remaining(), 1 + random.nextInt(1 + length / 3));
      frame = server.next(whole.slice(whole.position(), piece));
      whole.position(whole.position() + piece);
    }
    assertThat(requireNonNull(frame).getPayloadData()).isEqualTo(ByteBuffer.wrap(payload));
  }

  @ParameterizedTest
  @CsvSource({
    "7f ffffffffffffffff, 1002",
    "7f 8000000000000000, 1002",
    "7f 7fffffffffffffff, 1009",
    "7f 0000000080000000, 1009",
    "7f 000000007fffffff, 1009",
    "7f 0000000000100001, 1009",
    "7f 000000000000ffff, 1002",
    "7e 007d, 1002",
  })
  void badLength_isRefusedBeforeAnythingIsAllocated(String length, int code) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    InvalidDataException e =
        catchThrowableOfType(
            InvalidDataException.class, () -> client.next(hex("82" + length.replace(" ", ""))));
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(e.getCloseCode()).isEqualTo(code);
    assertThat(allocated).isLessThan(MIB);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c2 00",
        "a2 00",
        "92 00", // reserved bits
        "83 00",
        "87 00",
        "8b 00",
        "8f 00", // unknown opcodes
        "80 00",
        "00 00", // a fragment of no message
        "09 00",
        "08 00", // control frames in fragments
        "89 7e",
        "88 7f", // control frames that are too long
        "82 80", // a mask from a server
        "88 01 03", // half a close code
        "88 02 03ed",
        "88 02 03ee",
        "88 02 0000",
        "88 02 1388" // codes not for the wire
      })
  void breach_fromServer_isRefusedWith1002(String bytes) {
    assertThatThrownBy(() -> client.next(hex(bytes)))
        .isInstanceOfSatisfying(
            InvalidDataException.class,
            e -> assertThat(e.getCloseCode()).isEqualTo(CloseFrame.PROTOCOL_ERROR));
  }

  @Test
  void unmaskedFrame_fromClient_isRefused() {
    assertThatThrownBy(() -> server.next(hex("82 00"))).hasMessageContaining("not masked");
  }

  @Test
  void newMessage_insideAnother_isRefused() throws InvalidDataException {
    assertThat(feed(client, plain(0x02, 3))).isNotNull();
    assertThatThrownBy(() -> client.next(hex("82 00"))).hasMessageContaining("inside another");
  }

  @Test
  void goodbye_thatIsNotUtf8_isRefusedWith1007() {
    assertThatThrownBy(() -> client.next(hex("88 04 03e8 c328")))
        .isInstanceOfSatisfying(
            InvalidDataException.class,
            e -> assertThat(e.getCloseCode()).isEqualTo(CloseFrame.NO_UTF8));
  }

  @Test
  void middleFragment_beyondTheMessageBound_isRefusedBeforeItsPayload()
      throws InvalidDataException {
    assertThat(feed(client, plain(0x02, MIB / 2))).isNotNull();
    assertThat(feed(client, plain(0x00, MIB / 2))).isNotNull();
    assertThat(feed(client, plain(0x89, 100))).as("control frames do not count").isNotNull();
    assertThat(feed(client, plain(0x00, 0))).isNotNull();
    ByteBuffer header = plain(0x00, 1).limit(2);
    assertThatThrownBy(() -> client.next(header))
        .isInstanceOfSatisfying(
            InvalidDataException.class,
            e -> assertThat(e.getCloseCode()).isEqualTo(CloseFrame.TOOBIG));
  }

  @Test
  void emptyFragments_withoutEnd_areRefused() throws InvalidDataException {
    assertThat(feed(client, plain(0x02, 0))).isNotNull();
    for (int i = 1; i < FrameParser.MAX_FRAGMENTS; i++) {
      assertThat(feed(client, plain(0x00, 0))).isNotNull();
    }
    assertThatThrownBy(() -> feed(client, plain(0x00, 0))).hasMessageContaining("fragments");
  }

  @Test
  void nextMessage_afterAFullOne_hasTheWholeBoundAgain() throws InvalidDataException {
    assertThat(feed(client, plain(0x02, MIB / 2))).isNotNull();
    assertThat(feed(client, plain(0x80, MIB / 2))).isNotNull();
    assertThat(feed(client, plain(0x82, MIB))).isNotNull();
  }
}
