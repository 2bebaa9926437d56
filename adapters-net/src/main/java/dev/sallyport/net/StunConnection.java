package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.wire.MalformedException;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection from our punch port to one STUN server (RFC 8489 section 6.2.2). While it is
 * open it holds the pair (our port, that server), and our NATs' mapping for it.
 *
 * <p>Threading: one question at a time, others wait; {@link #close} from any thread ends them. A
 * question that fails closes the connection. Closing resets it, as with every socket of the punch
 * port.
 */
final class StunConnection implements Closeable {
  /** A server that talks this much before it answers is not answering. */
  private static final int MAX_STRAY_MESSAGES = 8;

  private final Endpoint server;
  private final SocketChannel channel;
  private final ReentrantLock turn = new ReentrantLock();

  /**
   * What a server answers.
   *
   * @param mapped what it sees
   * @param other its other address and port, if it says so
   * @param dialBack what came of the dial-back that was asked for, if it says so
   */
  record Answer(Endpoint mapped, @Nullable Endpoint other, @Nullable DialBack dialBack) {}

  /** Makes the socket; {@link #connect} opens the connection. */
  StunConnection(int localPort, Endpoint server) throws IOException {
    this.server = server;
    this.channel = PunchSockets.dialer(server, localPort);
  }

  Endpoint server() {
    return server;
  }

  int localPort() throws IOException {
    return channel.getLocalAddress() instanceof InetSocketAddress local ? local.getPort() : 0;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  void connect(Duration timeout) throws IOException {
    try (Deadlines.Guard guard = Deadlines.closeAfter(timeout, this)) {
      try {
        channel.connect(server.toSocketAddress());
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      } catch (IOException e) {
        throw failed("no connection", guard, e);
      }
    }
  }

  /** Asks what the server sees, connection and all. */
  Endpoint ask(Duration timeout) throws IOException {
    return ask(StunRequest.plain(), timeout).mapped();
  }

  /** Asks something, connection and all; the answer says what the server sees. */
  Answer ask(StunRequest request, Duration timeout) throws IOException {
    // The turn of a question that gets no answer ends with the patience of those who wait for it.
    try (Deadlines.Guard guard = Deadlines.closeAfter(timeout, this)) {
      turn.lock();
      try {
        return exchange(request);
      } catch (IOException | MalformedException e) {
        throw failed("no answer", guard, e);
      } finally {
        turn.unlock();
      }
    }
  }

  /** Whether the server has ended it, or said something, while it was not asked. */
  boolean isDisturbed() {
    turn.lock();
    try {
      channel.configureBlocking(false);
      boolean quiet = channel.read(ByteBuffer.allocate(1)) == 0;
      channel.configureBlocking(true);
      return !quiet;
    } catch (IOException e) {
      return true;
    } finally {
      turn.unlock();
    }
  }

  private Answer exchange(StunRequest request) throws IOException, MalformedException {
    ByteBuffer out = ByteBuffer.wrap(request.encode());
    while (out.hasRemaining()) {
      channel.write(out);
    }
    for (int i = 0; i < MAX_STRAY_MESSAGES; i++) {
      StunMessage answer = read();
      if (answer.id().equals(request.id())) {
        if (answer.mapped() == null) {
          throw new IOException("it answered without an address, error " + answer.error());
        }
        return new Answer(answer.mapped(), answer.other(), answer.dialBack());
      }
    }
    throw new IOException("it sent other messages instead");
  }

  private StunMessage read() throws IOException, MalformedException {
    ByteBuffer header = ByteBuffer.allocate(StunMessage.HEADER_BYTES);
    fill(header);
    ByteBuffer message = ByteBuffer.allocate(StunMessage.totalBytes(header.array()));
    message.put(header.flip());
    fill(message);
    return StunMessage.decode(message.array());
  }

  private void fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new IOException("it closed the connection");
      }
    }
  }

  private IOException failed(String what, Deadlines.Guard guard, Exception e) {
    close();
    String why = guard.expired() ? "time is up" : e.getMessage();
    return new IOException(what + " from the STUN server " + server + " over TCP: " + why, e);
  }

  @Override
  public void close() {
    Quietly.close(channel);
  }
}
