package dev.sallyport.net;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;

/** Drives an engine through its handshake over a blocking channel. For one thread, used once. */
final class TlsHandshake {
  /** A whole flight of ours is under 1 KiB; more than this from a stranger is no handshake. */
  static final int MAX_BYTES = 16 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final ByteChannel channel;
  private final ByteBuffer in;
  private final ByteBuffer out;
  private int budget = MAX_BYTES;

  TlsHandshake(SSLEngine engine, ByteChannel channel) {
    this.engine = engine;
    this.channel = channel;
    int packet = engine.getSession().getPacketBufferSize();
    this.in = ByteBuffer.allocate(Math.max(packet, MAX_BYTES));
    this.out = ByteBuffer.allocate(2 * packet);
  }

  /**
   * Returns when the engine is ready for data.
   *
   * @return what the peer has sent beyond the handshake, ready to be read
   * @throws SSLException if the peer broke the protocol or was turned down; it has been told why
   */
  ByteBuffer run() throws IOException {
    engine.beginHandshake();
    ByteBuffer plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> TlsEngines.runTasks(engine);
        case NEED_WRAP -> wrap();
        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
          flush();
          unwrap(plain);
        }
        case FINISHED, NOT_HANDSHAKING -> {
          flush();
          return in.flip();
        }
      }
    }
  }

  /** Tells the peer what was wrong, as far as that is still possible. */
  void sendAlert() throws IOException {
    engine.closeOutbound();
    while (!engine.isOutboundDone() && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
      wrap();
    }
    flush();
  }

  private void wrap() throws IOException {
    if (engine.wrap(NOTHING, out).getStatus() == Status.BUFFER_OVERFLOW) {
      flush();
    }
  }

  private void unwrap(ByteBuffer plain) throws IOException {
    in.flip();
    Status status;
    try {
      status = engine.unwrap(in, plain).getStatus();
    } finally {
      in.compact();
    }
    if (status == Status.BUFFER_UNDERFLOW) {
      fill();
    } else if (status == Status.CLOSED) {
      throw new EOFException("the peer closed the connection in the handshake");
    }
  }

  private void fill() throws IOException {
    in.limit(Math.min(in.capacity(), in.position() + budget));
    if (!in.hasRemaining()) {
      throw new SSLException("more than " + MAX_BYTES + " bytes, and still no handshake");
    }
    int count = channel.read(in);
    in.limit(in.capacity());
    if (count < 0) {
      throw new EOFException("the peer closed the connection in the handshake");
    }
    budget -= count;
  }

  private void flush() throws IOException {
    out.flip();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    out.clear();
  }
}
