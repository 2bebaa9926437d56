package dev.sallyport.ws;

import static dev.sallyport.ws.Links.UPGRADE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.Link;
import dev.sallyport.ws.Links.Served;
import dev.sallyport.ws.RawPeer.Frame;
import dev.sallyport.ws.Recorder.Closed;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A peer that got through the upgrade and then misbehaves. */
class LinkAttackTest {
  private final Recorder heard = new Recorder();

  /** Says what is wrong, closes with the code, and tells the listener so. */
  private void assertThrownOut(RawPeer peer, int code, String words) throws Exception {
    Frame goodbye = peer.readFrame();
    assertThat(goodbye.closeCode()).isEqualTo(code);
    assertThat(peer.drainsToEnd()).isTrue();
    Closed closed = heard.awaitClosed();
    assertThat(closed.clean()).isFalse();
    assertThat(closed.why()).startsWith("the peer broke the protocol: it sent ").contains(words);
  }

  @ParameterizedTest
  @CsvSource({
    "82ff 0000000080000000 00000000, 1009, more than 1048576 bytes",
    "82ff 7fffffffffffffff 00000000, 1009, more than 1048576 bytes",
    "82ff ffffffffffffffff 00000000, 1002, length",
    "82ff 0000000000100001 00000000, 1009, more than 1048576 bytes",
    "8200, 1002, not masked",
    "c280 00000000, 1002, reserved bits",
    "a280 00000000, 1002, reserved bits",
    "9280 00000000, 1002, reserved bits",
    "8380 00000000, 1002, unknown opcode",
    "8f80 00000000, 1002, unknown opcode",
    "8080 00000000, 1002, fragment of no message",
    "0180 00000000 8180 00000000, 1002, new message inside another",
    "0980 00000000, 1002, control frame in fragments",
    "89fe 007e 00000000, 1002, control frame in fragments or of more",
    "8182 00000000 c328, 1007, not UTF-8",
    "0182 00000000 c328, 1007, not UTF-8",
    "8181 00000000 c3, 1007, not UTF-8",
    "0181 00000000 c3 8080 00000000, 1007, not UTF-8",
    "8183 00000000 eda080, 1007, not UTF-8",
    "8881 00000000 03, 1002, half a code",
    "8884 00000000 03e8c328, 1007, not UTF-8",
    "8882 00000000 03ee, 1002, closecode",
  })
  void breachByAClient_isThrownOut(String bytes, int code, String words) throws Exception {
    Served served = Links.serve(UPGRADE, Wire.MEMORY.open(), heard);
    served.peer().send(HexFormat.of().parseHex(bytes.replace(" ", "")));
    assertThrownOut(served.peer(), code, words);
  }

  @ParameterizedTest
  @CsvSource({
    "8280 00000000, 1002, masked",
    "827f 0000000080000000, 1009, more than 1048576 bytes",
    "c200, 1002, reserved bits",
    "8102 c328, 1007, not UTF-8",
  })
  void breachByAServer_isThrownOut(String bytes, int code, String words) throws Exception {
    Served called = Links.call(UPGRADE, Wire.MEMORY.open(), heard);
    called.peer().send(HexFormat.of().parseHex(bytes.replace(" ", "")));
    assertThrownOut(called.peer(), code, words);
  }

  @Test
  void messagesBeforeTheBreach_areStillDelivered() throws Exception {
    Served served = Links.serve(UPGRADE, Wire.MEMORY.open(), heard);
    served.peer().sendFrame(RawPeer.FIN | RawPeer.TEXT, "fine");
    served.peer().send(new byte[] {(byte) 0xff, 0});
    assertThat(heard.nextText()).isEqualTo("fine");
    assertThrownOut(served.peer(), 1002, "reserved");
  }

  @Test
  void endlessFragments_areCutOffAtTheMessageBound() throws Exception {
    Served served = Links.serve(UPGRADE, Wire.MEMORY.open(), heard);
    served.peer().sendFrame(RawPeer.BINARY, new byte[60_000]);
    flood(served.peer(), RawPeer.frame(0, true, new byte[60_000]));
    assertThrownOut(served.peer(), 1009, "more than " + Link.MAX_MESSAGE_BYTES + " bytes");
  }

  @Test
  void endlessEmptyFragments_areCutOffByTheirNumber() throws Exception {
    Served served = Links.serve(UPGRADE, Wire.MEMORY.open(), heard);
    served.peer().sendFrame(RawPeer.TEXT, "");
    flood(served.peer(), RawPeer.frame(0, true, new byte[0]));
    assertThrownOut(served.peer(), 1009, "4096 fragments");
  }

  /** Sends the same thing until the other end hangs up. */
  private static void flood(RawPeer peer, byte[] frame) {
    Links.spawn(
        () -> {
          while (true) {
            peer.send(frame);
          }
        });
  }

  @Test
  void pingFlood_withoutReading_holdsOnePongAtMost() throws Exception {
    Served served = Links.serve(UPGRADE, Wire.memory(4096), heard);
    RawPeer peer = served.peer();
    int pings = 20_000;
    for (int i = 0; i < pings; i++) {
      peer.sendFrame(RawPeer.FIN | RawPeer.PING, "ping number " + i + "x".repeat(100));
    }
    peer.sendFrame(RawPeer.FIN | RawPeer.TEXT, "end");
    assertThat(heard.nextText()).isEqualTo("end");
    // Only now are the answers read: what fitted in the pipe, and the last one.
    int pongs = 0;
    String last = "ping number " + (pings - 1) + "x";
    while (!peer.readFrame().text().startsWith(last)) {
      pongs++;
    }
    // The pipe, and a batch that was being written.
    assertThat(pongs).isLessThan((4096 + 16384 + 4096) / 100);
    served.link().abort();
  }

  @Test
  void goodbye_thenMore_isIgnored() throws Exception {
    Served served = Links.serve(UPGRADE, Wire.MEMORY.open(), heard);
    byte[] goodbye = RawPeer.frame(RawPeer.FIN | RawPeer.CLOSE, true, new byte[] {3, (byte) 0xe8});
    byte[] more =
        RawPeer.frame(RawPeer.FIN | RawPeer.TEXT, true, "more".getBytes(StandardCharsets.UTF_8));
    byte[] both = new byte[goodbye.length + more.length];
    System.arraycopy(goodbye, 0, both, 0, goodbye.length);
    System.arraycopy(more, 0, both, goodbye.length, more.length);
    served.peer().send(both);
    assertThat(served.peer().readFrame().closeCode()).isEqualTo(1000);
    assertThat(heard.next()).isEqualTo(new Closed(true, "closed by the peer"));
  }
}
