package dev.sallyport.dht;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import the8472.bencode.BDecoder;
import the8472.bencode.BEncoder;
import the8472.bencode.Utils;

/**
 * A DHT node of a few lines on a plain UDP socket, made to misbehave. It answers {@code ping} and
 * {@code find_node} well; what it answers to the rest the test says.
 */
final class FakeNode implements AutoCloseable {
  /** The answer's body, without id; null to stay silent. */
  interface Behavior {
    @Nullable Map<String, Object> answer(String method, Map<String, Object> arguments);
  }

  private final DatagramSocket socket;
  private final byte[] id = new byte[20];
  private final Behavior behavior;
  private final AtomicInteger asked = new AtomicInteger();

  private FakeNode(DatagramSocket socket, Behavior behavior) {
    this.socket = socket;
    this.behavior = behavior;
    new Random().nextBytes(id);
  }

  static FakeNode start(Behavior behavior) throws IOException {
    return start(TestNetwork.freshAddress(), behavior);
  }

  static FakeNode start(InetAddress address, Behavior behavior) throws IOException {
    FakeNode node = new FakeNode(new DatagramSocket(0, address), behavior);
    Thread thread = new Thread(node::run, "fake-node");
    thread.setDaemon(true);
    thread.start();
    return node;
  }

  HostPort at() {
    return TestNetwork.at(endpoint());
  }

  Endpoint endpoint() {
    return Endpoint.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  /** This node as others would name it. */
  byte[] compact() {
    return ByteBuffer.allocate(26)
        .put(id)
        .put(socket.getLocalAddress().getAddress())
        .putShort((short) socket.getLocalPort())
        .array();
  }

  /** How many queries came. */
  int asked() {
    return asked.get();
  }

  @Override
  public void close() {
    socket.close();
  }

  private void run() {
    byte[] buffer = new byte[2000];
    while (!socket.isClosed()) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(packet);
        answer(packet);
      } catch (IOException e) {
        return;
      }
    }
  }

  private void answer(DatagramPacket packet) throws IOException {
    Map<String, Object> query =
        new BDecoder().decode(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
    if (!(query.get("q") instanceof byte[] method)
        || !(query.get("a") instanceof Map<?, ?> arguments)) {
      return;
    }
    asked.incrementAndGet();
    @SuppressWarnings("unchecked")
    Map<String, Object> named = (Map<String, Object>) arguments;
    Map<String, Object> body =
        behavior.answer(new String(method, StandardCharsets.ISO_8859_1), named);
    if (body == null) {
      return;
    }
    Map<String, Object> inner = new TreeMap<>(body);
    inner.put("id", id);
    Map<String, Object> answer = new TreeMap<>();
    answer.put("t", query.get("t"));
    answer.put("y", "r");
    answer.put("r", inner);
    byte[] bytes = Utils.buf2ary(new BEncoder().encode(answer, 4000));
    socket.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
  }

  /** What a node without anything stored answers. */
  static Map<String, Object> emptyAnswer() {
    Map<String, Object> body = new TreeMap<>();
    body.put("nodes", new byte[0]);
    body.put("token", "t");
    return body;
  }
}
