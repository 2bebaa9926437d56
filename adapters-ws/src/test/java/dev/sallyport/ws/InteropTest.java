package dev.sallyport.ws;

import static dev.sallyport.ws.Links.HELLO;
import static dev.sallyport.ws.Links.SOON;
import static dev.sallyport.ws.Links.UPGRADE;
import static dev.sallyport.ws.Links.WELCOME;
import static dev.sallyport.ws.Links.YES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkUpgrade.Established;
import dev.sallyport.domain.session.LinkUpgrade.HelloJudge;
import dev.sallyport.domain.session.LinkUpgrade.Verdict;
import dev.sallyport.domain.session.RefusalCode;
import dev.sallyport.ws.Recorder.Closed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against implementations that are not ours, over plain TCP on loopback. */
class InteropTest {
  private final Recorder ours = new Recorder();
  private final ServerSocket listener = new ServerSocket();

  InteropTest() throws IOException {}

  @BeforeEach
  void listen() throws IOException {
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void stopListening() throws IOException {
    listener.close();
  }

  private URI uri() {
    return URI.create("ws://127.0.0.1:" + listener.getLocalPort() + "/sallyport");
  }

  private FutureTask<Established> serving(HelloJudge judge) {
    return Links.inBackground(
        () -> UPGRADE.accept(new SocketChannel(listener.accept()), judge, ours, SOON));
  }

  private static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  /** What the JDK's client hears, put together again and handed to a recorder. */
  private static final class JdkListener implements WebSocket.Listener {
    private final Recorder recorder = new Recorder();
    private final StringBuilder text = new StringBuilder();
    private byte[] bytes = new byte[0];

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        recorder.text(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
      byte[] longer = Arrays.copyOf(bytes, bytes.length + data.remaining());
      data.get(longer, bytes.length, data.remaining());
      bytes = longer;
      if (last) {
        recorder.binary(bytes);
        bytes = new byte[0];
      }
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket socket, ByteBuffer message) {
      recorder.text("pong of " + message.remaining());
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      recorder.closed(true, code + reason);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      recorder.closed(false, error.toString());
    }
  }

  private CompletableFuture<WebSocket> jdkClient(HttpClient client, JdkListener listener) {
    return client
        .newWebSocketBuilder()
        .subprotocols("sallyport.v1")
        .header("Sallyport-Hello", "aGVsbG8")
        .buildAsync(uri(), listener);
  }

  @Test
  void jdkClient_talksToOurServerRole() throws Exception {
    FutureTask<Established> accepted = serving(YES);
    JdkListener theirs = new JdkListener();
    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket = jdkClient(client, theirs).get(10, TimeUnit.SECONDS);
      Link link = Links.get(accepted).link();
      link.start();
      assertThat(socket.getSubprotocol()).isEqualTo("sallyport.v1");

      socket.sendText("gr\u00fc\u00df ", false).get(10, TimeUnit.SECONDS);
      socket.sendText("\ud83d\ude80", true).get(10, TimeUnit.SECONDS);
      assertThat(ours.nextText()).isEqualTo("gr\u00fc\u00df \ud83d\ude80");
      socket.sendBinary(ByteBuffer.wrap(noise(1 << 20)), true).get(10, TimeUnit.SECONDS);
      assertThat(ours.nextBinary()).isEqualTo(noise(1 << 20));
      link.send("down we go");
      assertThat(theirs.recorder.nextText()).isEqualTo("down we go");
      link.send(noise(1 << 20));
      assertThat(theirs.recorder.nextBinary()).isEqualTo(noise(1 << 20));
      socket.sendPing(ByteBuffer.wrap(new byte[7])).get(10, TimeUnit.SECONDS);
      assertThat(theirs.recorder.nextText()).isEqualTo("pong of 7");

      link.close();
      assertThat(theirs.recorder.next()).isEqualTo(new Closed(true, "1000"));
      assertThat(ours.next()).isEqualTo(new Closed(true, "closed here"));
    }
  }

  @Test
  void jdkClient_closesOurServerRole() throws Exception {
    FutureTask<Established> accepted = serving(YES);
    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket socket = jdkClient(client, new JdkListener()).get(10, TimeUnit.SECONDS);
      Links.get(accepted).link().start();
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "bye").get(10, TimeUnit.SECONDS);
      assertThat(ours.next()).isEqualTo(new Closed(true, "closed by the peer"));
    }
  }

  @Test
  void jdkClient_seesARefusalAsA403() throws Exception {
    FutureTask<Established> accepted = serving(hello -> new Verdict.Refuse(RefusalCode.BUSY));
    try (HttpClient client = HttpClient.newHttpClient()) {
      ExecutionException e =
          catchThrowableOfType(
              ExecutionException.class,
              () -> jdkClient(client, new JdkListener()).get(10, TimeUnit.SECONDS));
      assertThat(e.getCause())
          .isInstanceOfSatisfying(
              WebSocketHandshakeException.class,
              refused -> {
                assertThat(refused.getResponse().statusCode()).isEqualTo(403);
                assertThat(refused.getResponse().headers().firstValue("Sallyport-Refusal"))
                    .contains("4");
              });
    }
    assertThat(accepted).failsWithin(SOON);
  }

  private static Draft_6455 foreignDraft() {
    return new Draft_6455(List.of(), List.of(new Protocol("sallyport.v1")));
  }

  @Test
  void javaWebSocketClient_talksToOurServerRole() throws Exception {
    FutureTask<Established> accepted = serving(YES);
    Recorder theirs = new Recorder();
    WebSocketClient client =
        new WebSocketClient(uri(), foreignDraft(), Map.of("Sallyport-Hello", "aGVsbG8")) {
          @Override
          public void onOpen(ServerHandshake handshake) {}

          @Override
          public void onMessage(String message) {
            theirs.text(message);
          }

          @Override
          public void onMessage(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            theirs.binary(copy);
          }

          @Override
          public void onClose(int code, String reason, boolean remote) {
            theirs.closed(code == 1000, "" + code);
          }

          @Override
          public void onError(Exception e) {}
        };
    client.setDaemon(true);
    assertThat(client.connectBlocking(10, TimeUnit.SECONDS)).isTrue();
    Link link = Links.get(accepted).link();
    link.start();
    client.send("up");
    client.send(noise(1 << 20));
    link.send("down");
    link.send(noise(1 << 20));
    assertThat(ours.nextText()).isEqualTo("up");
    assertThat(ours.nextBinary()).isEqualTo(noise(1 << 20));
    assertThat(theirs.nextText()).isEqualTo("down");
    assertThat(theirs.nextBinary()).isEqualTo(noise(1 << 20));
    client.close();
    assertThat(ours.next()).isEqualTo(new Closed(true, "closed by the peer"));
    assertThat(theirs.next()).isEqualTo(new Closed(true, "1000"));
  }

  /** Echoes; its 101 carries a WELCOME. */
  private static final class EchoServer extends WebSocketServer {
    private final CountDownLatch started = new CountDownLatch(1);

    EchoServer() {
      super(
          new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
          1,
          List.<Draft>of(foreignDraft()));
      setDaemon(true);
    }

    @Override
    public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
        org.java_websocket.WebSocket conn, Draft draft, ClientHandshake request)
        throws InvalidDataException {
      ServerHandshakeBuilder response =
          super.onWebsocketHandshakeReceivedAsServer(conn, draft, request);
      response.put("Sallyport-Welcome", "d2VsY29tZQ");
      return response;
    }

    @Override
    public void onStart() {
      started.countDown();
    }

    @Override
    public void onOpen(org.java_websocket.WebSocket conn, ClientHandshake handshake) {}

    @Override
    public void onMessage(org.java_websocket.WebSocket conn, String message) {
      conn.send(message);
    }

    @Override
    public void onMessage(org.java_websocket.WebSocket conn, ByteBuffer message) {
      conn.send(message);
    }

    @Override
    public void onClose(
        org.java_websocket.WebSocket conn, int code, String reason, boolean remote) {}

    @Override
    public void onError(org.java_websocket.@Nullable WebSocket conn, Exception e) {}
  }

  @Test
  void javaWebSocketServer_isDialledByOurClientRole() throws Exception {
    EchoServer server = new EchoServer();
    server.start();
    assertThat(server.started.await(10, TimeUnit.SECONDS)).isTrue();
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    Established caller = UPGRADE.dial(new SocketChannel(socket), HELLO, ours, SOON);
    assertThat(caller.welcome()).isEqualTo(WELCOME);
    caller.link().start();
    caller.link().send("echo");
    caller.link().send(noise(1 << 20));
    assertThat(ours.nextText()).isEqualTo("echo");
    assertThat(ours.nextBinary()).isEqualTo(noise(1 << 20));
    caller.link().close();
    assertThat(ours.next()).isEqualTo(new Closed(true, "closed here"));
    server.stop(1000);
  }
}
