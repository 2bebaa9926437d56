package dev.sallyport.dht;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import the8472.bencode.BDecoder;
import the8472.bencode.BEncoder;
import the8472.bencode.Utils;

/** Speaks to a DHT node byte by byte, as somebody else's software would. */
final class RawClient implements AutoCloseable {
  private final DatagramSocket socket;
  private final InetSocketAddress to;
  private final byte[] id = new byte[20];

  RawClient(DhtNode node) throws IOException {
    socket = new DatagramSocket(0, TestNetwork.freshAddress());
    socket.setSoTimeout(3000);
    to = node.local().toSocketAddress();
    Arrays.fill(id, (byte) 7);
  }

  /** The whole answer to a query; null if there is none. */
  @Nullable Map<String, Object> ask(String method, Map<String, Object> arguments)
      throws IOException {
    Map<String, Object> named = new TreeMap<>(arguments);
    named.put("id", id);
    Map<String, Object> query = new TreeMap<>();
    query.put("t", "xy");
    query.put("y", "q");
    query.put("q", method);
    query.put("a", named);
    send(new BEncoder().encode(query, 2000));
    return receive();
  }

  /** The body of the answer to a query. */
  @SuppressWarnings("unchecked")
  Map<String, Object> answer(String method, Map<String, Object> arguments) throws IOException {
    Map<String, Object> whole = ask(method, arguments);
    if (whole == null || !(whole.get("r") instanceof Map<?, ?> body)) {
      throw new AssertionError(method + " was answered by " + whole);
    }
    return (Map<String, Object>) body;
  }

  void send(ByteBuffer message) throws IOException {
    byte[] bytes = Utils.buf2ary(message);
    socket.send(new DatagramPacket(bytes, bytes.length, to));
  }

  /** The next answer or error; the node's own queries are passed over. */
  private @Nullable Map<String, Object> receive() throws IOException {
    byte[] buffer = new byte[2000];
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    while (true) {
      try {
        socket.receive(packet);
      } catch (SocketTimeoutException e) {
        return null;
      }
      Map<String, Object> message =
          new BDecoder().decode(ByteBuffer.wrap(buffer, 0, packet.getLength()));
      if (!message.containsKey("q")) {
        return message;
      }
    }
  }

  /** How long to wait for an answer. */
  void patience(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  InetSocketAddress local() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  @Override
  public void close() {
    socket.close();
  }
}
