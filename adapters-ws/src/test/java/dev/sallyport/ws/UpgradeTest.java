package dev.sallyport.ws;

import static dev.sallyport.ws.Links.HELLO;
import static dev.sallyport.ws.Links.SOON;
import static dev.sallyport.ws.Links.UPGRADE;
import static dev.sallyport.ws.Links.WELCOME;
import static dev.sallyport.ws.Links.YES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkException.Reason;
import dev.sallyport.domain.session.LinkUpgrade.Established;
import dev.sallyport.domain.session.LinkUpgrade.HelloJudge;
import dev.sallyport.domain.session.LinkUpgrade.Verdict;
import dev.sallyport.domain.session.RefusalCode;
import dev.sallyport.domain.session.SecureChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpgradeTest {
  private static final Duration SHORT = Duration.ofMillis(150);

  private final Wire.Ends ends = Wire.memory(8192);
  private final RawPeer callerByHand = RawPeer.client(ends.caller());
  private final RawPeer serviceByHand = RawPeer.server(ends.service());

  private FutureTask<Established> accepting(HelloJudge judge, Duration timeout) {
    return Links.inBackground(() -> UPGRADE.accept(ends.service(), judge, new Recorder(), timeout));
  }

  private FutureTask<Established> dialling(Duration timeout) {
    return Links.inBackground(() -> UPGRADE.dial(ends.caller(), HELLO, new Recorder(), timeout));
  }

  private static LinkException failure(FutureTask<Established> task) {
    return catchThrowableOfType(LinkException.class, () -> Links.get(task));
  }

  private static void assertClosed(SecureChannel channel) {
    assertThatThrownBy(() -> channel.write(new byte[1], 0, 1)).isInstanceOf(LinkException.class);
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void helloAndWelcome_reachTheOtherSide(Wire wire) throws Exception {
    Wire.Ends both = wire.open();
    AtomicReference<byte[]> seen = new AtomicReference<>();
    HelloJudge judge =
        hello -> {
          seen.set(hello);
          return new Verdict.Welcome(WELCOME);
        };
    FutureTask<Established> accepted =
        Links.inBackground(() -> UPGRADE.accept(both.service(), judge, new Recorder(), SOON));
    Established caller = UPGRADE.dial(both.caller(), HELLO, new Recorder(), SOON);
    Established service = Links.get(accepted);
    assertThat(seen.get()).isEqualTo(HELLO);
    assertThat(caller.welcome()).isEqualTo(WELCOME);
    assertThat(service.welcome()).isEqualTo(WELCOME);
    caller.link().abort();
    service.link().abort();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 512})
  void opaqueBytes_ofEverySize_surviveBothWays(int size) throws Exception {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (255 - i);
    }
    FutureTask<Established> accepted = accepting(Verdict.Welcome::new, SOON);
    Established caller = UPGRADE.dial(ends.caller(), bytes, new Recorder(), SOON);
    assertThat(caller.welcome()).isEqualTo(bytes);
    assertThat(Links.get(accepted).welcome()).isEqualTo(bytes);
  }

  @Test
  void ourRequestAndResponse_areThoseOfThePackageComment() throws Exception {
    FutureTask<Established> dialled = dialling(SOON);
    String request = serviceByHand.readHead();
    assertThat(request.replaceFirst("Sec-WebSocket-Key: .*", "Sec-WebSocket-Key: KEY"))
        .isEqualTo(
            """
            GET /sallyport HTTP/1.1
            Connection: Upgrade
            Host: sallyport
            Sallyport-Hello: aGVsbG8
            Sec-WebSocket-Key: KEY
            Sec-WebSocket-Protocol: sallyport.v1
            Sec-WebSocket-Version: 13
            Upgrade: websocket

            """);
    serviceByHand.sendHead(Links.response(request));
    assertThat(Links.get(dialled).welcome()).isEqualTo(WELCOME);

    Wire.Ends other = Wire.memory(8192);
    RawPeer caller = RawPeer.client(other.caller());
    FutureTask<Established> accepted =
        Links.inBackground(() -> UPGRADE.accept(other.service(), YES, new Recorder(), SOON));
    assertThat(caller.sendHead(RawPeer.REQUEST).readHead())
        .isEqualTo(
            """
            HTTP/1.1 101 Switching Protocols
            Connection: Upgrade
            Sallyport-Welcome: d2VsY29tZQ
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=
            Sec-WebSocket-Protocol: sallyport.v1
            Upgrade: websocket

            """);
    Links.get(accepted).link().abort();
  }

  @ParameterizedTest
  @EnumSource(RefusalCode.class)
  void refusal_isToldToBothSides(RefusalCode code) {
    FutureTask<Established> accepted = accepting(hello -> new Verdict.Refuse(code), SOON);
    FutureTask<Established> dialled = dialling(SOON);
    assertThat(failure(dialled).refusal()).isEqualTo(code);
    assertThat(failure(accepted).refusal()).isEqualTo(code);
    assertClosed(ends.caller());
    assertClosed(ends.service());
  }

  @Test
  void refusalCode_fromANewerService_isOther() throws Exception {
    FutureTask<Established> dialled = dialling(SOON);
    serviceByHand.readHead();
    serviceByHand.sendHead("HTTP/1.1 403 Forbidden\nSallyport-Refusal: 255\n\n");
    assertThat(failure(dialled).refusal()).isEqualTo(RefusalCode.OTHER);
  }

  static Stream<String> requestsOfStrangers() {
    String good = RawPeer.REQUEST;
    return Stream.of(
        good.replace("GET", "POST"),
        good.replace("/sallyport", "/"),
        good.replace("/sallyport", "/sallyport/x"),
        good.replace("/sallyport", "http://h/sallyport"),
        good.replace("HTTP/1.1", "HTTP/1.0"),
        good.replace("Upgrade: WebSocket", "Upgrade: h2c"),
        good.replace("keep-alive, Upgrade", "keep-alive"),
        good.replace("Version: 13", "Version: 8"),
        good.replace("Sec-WebSocket-Version: 13\n", ""),
        good.replace("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\n", ""),
        good.replace("dGhlIHNhbXBsZSBub25jZQ==", ""),
        good.replace("dGhlIHNhbXBsZSBub25jZQ==", "c2hvcnQ="),
        good.replace("sallyport.v1", "sallyport.v2"),
        good.replace("sallyport.v1", "SALLYPORT.V1"),
        good.replace("Sec-WebSocket-Protocol: chat, sallyport.v1\n", ""),
        good.replace("Sallyport-Hello: aGVsbG8\n", ""),
        good.replace("aGVsbG8", "aGVsbG8="),
        good.replace("aGVsbG8", "aGVsbG9"),
        good.replace("aGVsbG8", "+/+/"),
        good.replace("aGVsbG8", "A".repeat(684)),
        good.replace("Sallyport-Hello: aGVsbG8\n", "Sallyport-Hello: aGVsbG8\n".repeat(2)),
        good.replace("Host: example\n", "Host: example\n folded\n"),
        good.replace("Host: example\n", "Host example\n"),
        good.replace("Host: example\n", ": example\n"),
        good.replace("Host: example\n", "Host : example\n"),
        good.replace("Host: example", "Host: ex\u00e4mple"),
        good.replace("Host: example", "Host: ex\u0000ample"),
        good.replace("Host: example", "Host: ex\rample"),
        "G\n\n",
        "SSH-2.0-OpenSSH_9.2p1\n",
        "\u0016\u0003\u0001 hello",
        "\n\n");
  }

  @ParameterizedTest
  @MethodSource("requestsOfStrangers")
  void request_ofAStranger_isNotJudgedAndNotAnswered(String request) throws Exception {
    FutureTask<Established> accepted =
        accepting(
            hello -> {
              throw new AssertionError("judged");
            },
            SOON);
    callerByHand.sendHead(request);
    assertThat(failure(accepted).reason()).isEqualTo(Reason.PROTOCOL);
    assertThat(ends.caller().read(new byte[1], 0, 1)).isEqualTo(-1);
  }

  static Stream<String> responsesOfStrangers() {
    return Stream.of(
        "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 400 Bad Request\n\n",
        "HTTP/1.1 302 Found\nLocation: http://elsewhere/\n\n",
        "HTTP/1.0 101 Switching Protocols\n\n",
        "HTTP/1.1 403 Forbidden\n\n",
        "HTTP/1.1 403 Forbidden\nSallyport-Refusal: 0\n\n",
        "HTTP/1.1 403 Forbidden\nSallyport-Refusal: 256\n\n",
        "HTTP/1.1 403 Forbidden\nSallyport-Refusal: -1\n\n",
        "HTTP/1.1 403 Forbidden\nSallyport-Refusal: 99999999999999999999\n\n",
        "HTTP/1.1 403 Forbidden\nSallyport-Refusal: busy\n\n",
        "HTTP/1.1 101\n\n",
        "HTTP/1.1 101 Fine\n\n",
        "SSH-2.0-OpenSSH_9.2p1\n",
        "HTTP/1.1 101 Fine\n" + "X: y\n".repeat(900));
  }

  @ParameterizedTest
  @MethodSource("responsesOfStrangers")
  void response_ofAStranger_isAProtocolError(String response) throws Exception {
    FutureTask<Established> dialled = dialling(SOON);
    serviceByHand.readHead();
    serviceByHand.sendHead(response);
    assertThat(failure(dialled).reason()).isEqualTo(Reason.PROTOCOL);
    assertClosed(ends.caller());
  }

  static Stream<String[]> spoiled101s() {
    return Stream.of(
        new String[] {"sallyport.v1", "sallyport.v2"},
        new String[] {"Sec-WebSocket-Protocol: sallyport.v1\n", ""},
        new String[] {"Sallyport-Welcome: d2VsY29tZQ\n", ""},
        new String[] {"d2VsY29tZQ", "d2VsY29tZQ=="},
        new String[] {"d2VsY29tZQ", "A".repeat(684)},
        new String[] {"Accept: ", "Accept: x"},
        new String[] {"Upgrade: websocket\n", ""},
        new String[] {"Connection: Upgrade\n", ""},
        new String[] {"101 Fine\n", "101 Fine\nSec-WebSocket-Extensions: permessage-deflate\n"});
  }

  @ParameterizedTest
  @MethodSource("spoiled101s")
  void welcome_withOnePieceWrong_isAProtocolError(String piece, String instead) throws Exception {
    FutureTask<Established> dialled = dialling(SOON);
    String response = Links.response(serviceByHand.readHead());
    assertThat(response).contains(piece);
    serviceByHand.sendHead(response.replace(piece, instead));
    assertThat(failure(dialled).reason()).isEqualTo(Reason.PROTOCOL);
  }

  @Test
  void head_withoutEnd_isCutOffAt4KiB() throws Exception {
    Wire.Ends big = Wire.memory(1 << 20);
    FutureTask<Established> accepted =
        Links.inBackground(() -> UPGRADE.accept(big.service(), YES, new Recorder(), SOON));
    RawPeer.client(big.caller())
        .sendHead("GET /sallyport HTTP/1.1\n" + "X-Endless: 1\n".repeat(20_000));
    LinkException e = failure(accepted);
    assertThat(e.reason()).isEqualTo(Reason.PROTOCOL);
    assertThat(e).hasMessageContaining("4096");
  }

  @Test
  void head_ofExactly4KiB_isTaken() throws Exception {
    String padding = "x".repeat(4096 - RawPeer.head(RawPeer.REQUEST).length - "X-P: \r\n".length());
    FutureTask<Established> accepted = accepting(YES, SOON);
    callerByHand.sendHead(RawPeer.REQUEST.replace("Host: ", "X-P: " + padding + "\nHost: "));
    assertThat(callerByHand.readHead()).startsWith("HTTP/1.1 101");
    assertThat(Links.get(accepted).welcome()).isEqualTo(WELCOME);
  }

  @Test
  void drippingHead_isCutOffAtTheDeadline() throws Exception {
    FutureTask<Established> accepted = accepting(YES, SHORT);
    callerByHand.sendHead("GET /sally");
    assertThat(failure(accepted).reason()).isEqualTo(Reason.TIMED_OUT);
    assertClosed(ends.service());
  }

  @Test
  void silentService_timesTheCallerOut() {
    assertThat(failure(dialling(SHORT)).reason()).isEqualTo(Reason.TIMED_OUT);
    assertClosed(ends.caller());
  }

  @Test
  void peerThatReadsNothing_timesTheCallerOut() {
    Wire.Ends narrow = Wire.memory(10);
    FutureTask<Established> dialled =
        Links.inBackground(() -> UPGRADE.dial(narrow.caller(), HELLO, new Recorder(), SHORT));
    assertThat(failure(dialled).reason()).isEqualTo(Reason.TIMED_OUT);
  }

  @Test
  void oversizeHelloOfOurOwn_isAFaultOfTheCallerOfTheApi() throws Exception {
    assertThatThrownBy(() -> UPGRADE.dial(ends.caller(), new byte[513], new Recorder(), SOON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("512");
    assertClosed(ends.caller());
  }

  @Test
  void peer_whoVanishesDuringTheHandshake_isBroken() throws Exception {
    FutureTask<Established> dialled = dialling(SOON);
    serviceByHand.readHead();
    serviceByHand.vanish();
    assertThat(failure(dialled).reason()).isEqualTo(Reason.BROKEN);

    Wire.Ends other = Wire.memory(8192);
    FutureTask<Established> accepted =
        Links.inBackground(() -> UPGRADE.accept(other.service(), YES, new Recorder(), SOON));
    RawPeer.client(other.caller()).sendHead("GET /sallyport HTTP/1.1\n").vanish();
    assertThat(failure(accepted).reason()).isEqualTo(Reason.BROKEN);
  }

  @Test
  void framesRightBehindThe101_areDeliveredAfterStart() throws Exception {
    Recorder heard = new Recorder();
    FutureTask<Established> dialled =
        Links.inBackground(() -> UPGRADE.dial(ends.caller(), HELLO, heard, SOON));
    byte[] head = RawPeer.head(Links.response(serviceByHand.readHead()));
    byte[] frame = RawPeer.frame(0x81, false, "early".getBytes(StandardCharsets.UTF_8));
    byte[] both = new byte[head.length + frame.length];
    System.arraycopy(head, 0, both, 0, head.length);
    System.arraycopy(frame, 0, both, head.length, frame.length);
    serviceByHand.send(both);
    Established caller = Links.get(dialled);
    assertThat(heard.waiting()).isZero();
    caller.link().start();
    assertThat(heard.nextText()).isEqualTo("early");
  }

  @Test
  void warmUp_endsWithoutLeftovers_andOnlyRunsOnce() {
    WebSocketUpgrade fresh = new WebSocketUpgrade();
    fresh.warmUp();
    fresh.warmUp();
  }
}
