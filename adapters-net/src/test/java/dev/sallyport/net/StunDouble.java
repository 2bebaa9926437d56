package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.wire.MalformedException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A STUN server on loopback, over TCP and UDP, that behaves as badly as a test wants. */
final class StunDouble implements AutoCloseable {
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger requests = new AtomicInteger();

  /** Where TCP requests came from, one entry each. */
  final List<Endpoint> clients = new CopyOnWriteArrayList<>();

  volatile Behavior tcp = honest();
  volatile Behavior udp = honest();

  private final ServerSocketChannel listener = ServerSocketChannel.open();
  private final DatagramChannel datagrams = DatagramChannel.open();
  private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

  /** Says what goes back for a request; may close what it came over. */
  interface Behavior {
    void answer(StunMessage request, Endpoint client, Out out) throws IOException;
  }

  /** Where answers go. */
  interface Out {
    void send(byte[] bytes) throws IOException;
  }

  StunDouble() throws IOException {
    this(InetAddress.getLoopbackAddress());
  }

  StunDouble(InetAddress address) throws IOException {
    listener.bind(new InetSocketAddress(address, 0));
    datagrams.bind(listener.getLocalAddress());
    Thread.ofVirtual().start(this::acceptAll);
    Thread.ofVirtual().start(this::receiveAll);
  }

  static Behavior honest() {
    return (request, client, out) -> out.send(StunMessage.success(request.id(), client).encode());
  }

  static Behavior silent() {
    return (request, client, out) -> {};
  }

  static Behavior saying(byte[] bytes) {
    return (request, client, out) -> out.send(bytes);
  }

  Endpoint endpoint() {
    return new Endpoint(listener.socket().getInetAddress(), listener.socket().getLocalPort());
  }

  HostPort hostPort() {
    return HostPort.parse(endpoint().toString());
  }

  void dropConnections() {
    open.forEach(Quietly::close);
  }

  /** Answers for somebody else. */
  void sendFrom(Endpoint client, TransactionId id) throws IOException {
    datagrams.send(
        ByteBuffer.wrap(StunMessage.success(id, client).encode()), client.toSocketAddress());
  }

  private void acceptAll() {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        connections.incrementAndGet();
        open.add(channel);
        Thread.ofVirtual().start(() -> serve(channel));
      }
    } catch (IOException e) {
      // Closed: the test is over.
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      if (!(channel.getRemoteAddress() instanceof InetSocketAddress address)) {
        return;
      }
      Endpoint client = Endpoint.of(address);
      ByteBuffer request = ByteBuffer.allocate(StunMessage.MAX_BYTES);
      while (channel.read(request) >= 0) {
        byte[] bytes = Arrays.copyOf(request.array(), request.position());
        // A client waits for its answer, so no second question is behind this one.
        if (bytes.length >= StunMessage.HEADER_BYTES
            && bytes.length == StunMessage.totalBytes(bytes)) {
          requests.incrementAndGet();
          clients.add(client);
          tcp.answer(
              StunMessage.decode(bytes),
              client,
              answer -> {
                ByteBuffer buffer = ByteBuffer.wrap(answer);
                while (buffer.hasRemaining()) {
                  channel.write(buffer);
                }
              });
          request.clear();
        }
      }
    } catch (IOException | MalformedException e) {
      // The client has gone, or the test closed us.
    }
  }

  private void receiveAll() {
    ByteBuffer buffer = ByteBuffer.allocate(2000);
    try {
      while (datagrams.receive(buffer.clear()) instanceof InetSocketAddress from) {
        byte[] bytes = Arrays.copyOf(buffer.array(), buffer.position());
        udp.answer(
            StunMessage.decode(bytes),
            Endpoint.of(from),
            answer -> datagrams.send(ByteBuffer.wrap(answer), from));
      }
    } catch (IOException | MalformedException e) {
      // Closed: the test is over.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    datagrams.close();
    dropConnections();
  }
}
