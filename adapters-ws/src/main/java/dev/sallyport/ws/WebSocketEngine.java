package dev.sallyport.ws;

import dev.sallyport.domain.session.LinkException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketAdapter;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.enums.Role;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.ControlFrame;
import org.java_websocket.framing.DataFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.handshake.HandshakeImpl1Client;
import org.java_websocket.handshake.HandshakeImpl1Server;
import org.java_websocket.handshake.Handshakedata;
import org.java_websocket.handshake.ServerHandshakeBuilder;
import org.jspecify.annotations.Nullable;

/**
 * One end of a WebSocket connection without its I/O, on Java-WebSocket, in either role: bytes in,
 * messages out, frames queued.
 *
 * <p>Once the connection is open, frames go to the draft and not through {@link
 * WebSocketImpl#decode}: that drops all that arrives after our own close frame, the peer's last
 * messages and its answer among them, and logs a stack trace for each breach.
 *
 * <p>Threading: one thread receives, one polls, any may send or close.
 */
final class WebSocketEngine {
  /** Where {@link #receive} delivers. Must not throw. */
  interface Inbox {
    void text(String message);

    void binary(byte[] message);

    /** A ping to be answered with these bytes. */
    void ping(ByteBuffer payload);
  }

  private final WebSocketImpl socket;

  /** Held while a frame is queued, so that none is queued behind the goodbye. */
  private final ReentrantLock sending = new ReentrantLock();

  private String welcome = "";
  private @Nullable Inbox inbox;

  private WebSocketEngine(Role role) {
    BoundedDraft draft = new BoundedDraft(role);
    Callbacks callbacks = new Callbacks();
    this.socket =
        role == Role.CLIENT
            ? new WebSocketImpl(callbacks, draft)
            : new WebSocketImpl(callbacks, List.of(draft));
  }

  static WebSocketEngine client() {
    return new WebSocketEngine(Role.CLIENT);
  }

  static WebSocketEngine server() {
    return new WebSocketEngine(Role.SERVER);
  }

  /** As the client: the upgrade request. */
  byte[] request(byte[] hello) {
    HandshakeImpl1Client request = new HandshakeImpl1Client();
    request.setResourceDescriptor(UpgradeWire.PATH);
    request.put("Host", UpgradeWire.HOST);
    request.put(UpgradeWire.HELLO, UpgradeWire.encode(hello));
    try {
      socket.startHandshake(request);
    } catch (InvalidHandshakeException e) {
      throw new IllegalStateException("a request without variable parts was refused", e);
    }
    return socket.outQueue.remove().array();
  }

  /**
   * As the client: takes the 101.
   *
   * @throws LinkException {@code PROTOCOL} if it does not answer our request
   */
  void open(HttpHead response) throws LinkException {
    socket.decode(ByteBuffer.wrap(response.bytes()));
    requireOpen("a 101 that does not answer our request");
  }

  /**
   * As the server: the 101 for a request.
   *
   * @throws LinkException {@code PROTOCOL} if it is no WebSocket upgrade
   */
  byte[] open(HttpHead request, byte[] welcomeBytes) throws LinkException {
    welcome = UpgradeWire.encode(welcomeBytes);
    socket.decode(ByteBuffer.wrap(request.bytes()));
    requireOpen("a request that is no WebSocket upgrade");
    return socket.outQueue.remove().array();
  }

  private void requireOpen(String otherwise) throws LinkException {
    if (!socket.isOpen()) {
      throw HttpHead.protocol(otherwise);
    }
  }

  /**
   * Takes in the bytes of at most one frame; call again while bytes remain and it returns null.
   *
   * @return the peer's goodbye, which has been answered if it came first; nothing may follow it
   * @throws InvalidDataException with a close code, if the peer breaks the protocol or a bound
   */
  @Nullable CloseFrame receive(ByteBuffer bytes, Inbox to) throws InvalidDataException {
    inbox = to;
    Draft draft = socket.getDraft();
    for (Framedata frame : draft.translateFrame(bytes)) {
      if (frame instanceof CloseFrame goodbye) {
        sending.lock();
        try {
          draft.processFrame(socket, goodbye);
        } finally {
          sending.unlock();
        }
        return goodbye;
      }
      draft.processFrame(socket, frame);
    }
    return null;
  }

  /** Queues a message, copying its payload; false once a goodbye is queued. */
  boolean send(DataFrame message) {
    sending.lock();
    try {
      if (!socket.isOpen()) {
        return false;
      }
      socket.sendFrame(message);
      return true;
    } finally {
      sending.unlock();
    }
  }

  /**
   * Queues a goodbye, unless one is queued.
   *
   * @param reason for the peer's log, ASCII, at most 123 characters, not empty with code 1007
   */
  void close(int code, String reason) {
    sending.lock();
    try {
      socket.close(code, reason);
    } finally {
      sending.unlock();
    }
  }

  /** The next frame to be written, or null. */
  @Nullable ByteBuffer poll() {
    return socket.outQueue.poll();
  }

  /** A ping or pong for the wire; not queued. */
  ByteBuffer encode(ControlFrame frame) {
    return socket.getDraft().createBinaryFrame(frame);
  }

  /** How many bytes a message of this size has on the wire. */
  int wireLength(int payloadLength) {
    return ((BoundedDraft) socket.getDraft()).wireLength(payloadLength);
  }

  /** Whether a frame that was polled is the goodbye; it is the last. */
  static boolean isGoodbye(ByteBuffer frame) {
    return (frame.get(frame.position()) & 0x0f) == 8;
  }

  /** What Java-WebSocket calls; what it only tells is not asked for. */
  private final class Callbacks extends WebSocketAdapter {
    @Override
    public ServerHandshakeBuilder onWebsocketHandshakeReceivedAsServer(
        WebSocket conn, Draft draft, ClientHandshake request) {
      HandshakeImpl1Server response = new HandshakeImpl1Server();
      response.put(UpgradeWire.WELCOME, welcome);
      return response;
    }

    @Override
    public void onWebsocketMessage(WebSocket conn, String message) {
      inbox().text(message);
    }

    @Override
    public void onWebsocketMessage(WebSocket conn, ByteBuffer message) {
      inbox().binary(exactArray(message));
    }

    @Override
    public void onWebsocketPing(WebSocket conn, Framedata ping) {
      inbox().ping(ping.getPayloadData());
    }

    private Inbox inbox() {
      Inbox current = inbox;
      if (current == null) {
        throw new IllegalStateException("a frame before the upgrade");
      }
      return current;
    }

    @Override
    public void onWebsocketOpen(WebSocket conn, Handshakedata handshake) {}

    @Override
    public void onWebsocketClose(WebSocket ws, int code, String reason, boolean remote) {}

    @Override
    public void onWebsocketClosing(WebSocket ws, int code, String reason, boolean remote) {}

    @Override
    public void onWebsocketCloseInitiated(WebSocket ws, int code, String reason) {}

    @Override
    public void onWebsocketError(WebSocket conn, Exception ex) {}

    @Override
    public void onWriteDemand(WebSocket conn) {}

    @Override
    public @Nullable InetSocketAddress getLocalSocketAddress(WebSocket conn) {
      return null;
    }

    @Override
    public @Nullable InetSocketAddress getRemoteSocketAddress(WebSocket conn) {
      return null;
    }
  }

  /** The buffer's own array if it holds nothing else, which spares a copy. */
  private static byte[] exactArray(ByteBuffer buffer) {
    if (buffer.arrayOffset() == 0 && buffer.array().length == buffer.remaining()) {
      return buffer.array();
    }
    byte[] copy = new byte[buffer.remaining()];
    buffer.get(copy);
    return copy;
  }
}
