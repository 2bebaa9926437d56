package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.wire.MalformedException;
import dev.sallyport.net.ObserverPlaces.Place;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One connection to an observer: a stream of questions, read into a buffer for one message. For the
 * observer's thread only.
 */
final class ResponderConnection implements Closeable {
  private final SocketChannel channel;
  private final Place place;
  private final Endpoint local;
  private final Endpoint remote;
  private final ByteBuffer in = ByteBuffer.allocate(StunWire.MAX_BYTES);
  private Instant deadline;
  private boolean ended;
  private boolean waiting;

  /** Takes an accepted channel over. */
  ResponderConnection(SocketChannel channel, Place place, Instant deadline) throws IOException {
    if (!(channel.getLocalAddress() instanceof InetSocketAddress localAddress)
        || !(channel.getRemoteAddress() instanceof InetSocketAddress remoteAddress)) {
      throw new IOException("the connection is gone");
    }
    this.channel = channel;
    this.place = place;
    this.deadline = deadline;
    this.local = Endpoint.of(localAddress);
    this.remote = Endpoint.of(remoteAddress);
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    // Whoever is cut off leaves nothing behind here, not even a TIME_WAIT.
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
  }

  SocketChannel channel() {
    return channel;
  }

  /** Where it was accepted. */
  Place place() {
    return place;
  }

  Endpoint local() {
    return local;
  }

  /** Who is at the other end; he has proved it by the handshake. */
  Endpoint remote() {
    return remote;
  }

  /** When it is to be cut off. */
  Instant deadline() {
    return deadline;
  }

  void deadline(Instant next) {
    deadline = next;
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  /** Whether the next question can be answered now. */
  boolean isReading() {
    return channel.isOpen() && !waiting;
  }

  /** Whether a question stands whose answer is not known yet. */
  void waiting(boolean stands) {
    waiting = stands;
  }

  /** Whether no more questions come. */
  boolean ended() {
    return ended;
  }

  /** Takes in what has come, as much as there is room for. */
  void fill() throws IOException {
    ended |= channel.read(in) < 0;
  }

  /** The next whole message; null if it is not here yet. */
  byte @Nullable [] next() throws MalformedException {
    if (in.position() < StunWire.HEADER_BYTES) {
      return null;
    }
    int total = StunWire.totalBytes(Arrays.copyOf(in.array(), StunWire.HEADER_BYTES));
    if (in.position() < total) {
      return null;
    }
    byte[] message = new byte[total];
    in.flip();
    in.get(message);
    in.compact();
    return message;
  }

  /**
   * @throws IOException also if it does not go out at once: hundreds of answers are unread then
   */
  void send(byte[] answer) throws IOException {
    ByteBuffer out = ByteBuffer.wrap(answer);
    channel.write(out);
    if (out.hasRemaining()) {
      throw new IOException("it does not read its answers");
    }
  }

  /** After the other side has said all: what we answered still has to get there. */
  void closeInOrder() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, -1);
    } catch (IOException e) {
      // Then it is gone already.
    }
    close();
  }

  @Override
  public void close() {
    Quietly.close(channel);
  }
}
