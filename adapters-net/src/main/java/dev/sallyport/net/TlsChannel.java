package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkException.Reason;
import dev.sallyport.domain.session.SecureChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * {@link SecureChannel} of a finished handshake: records go through an engine to and from a
 * blocking channel, reading and writing each under a lock of its own.
 *
 * <p>A reader never writes. When the peer asks for new keys (RFC 8446 section 4.6.3) the answer
 * goes out with the next data, as that section demands, so reading cannot get stuck behind a peer
 * that does not read.
 *
 * <p>The end of the stream is the peer's close_notify. A connection that just ends may have been
 * cut, and is {@code BROKEN}.
 */
final class TlsChannel implements SecureChannel {
  /** Big enough for several records in one system call. */
  private static final int NETWORK_BUFFER = 68 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  /** How long {@link #close} may spend on a goodbye that the network does not take. */
  private static final Duration GOODBYE = Duration.ofMillis(50);

  private final ByteChannel channel;
  private final SSLEngine engine;
  private final PublicKey32 localKey;
  private final PublicKey32 peerKey;
  private final Endpoint local;
  private final Endpoint remote;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final ReentrantLock tasks = new ReentrantLock();

  private final ReentrantLock reading = new ReentrantLock();
  private final ByteBuffer fromNetwork;
  private final ByteBuffer plain;

  private final ReentrantLock writing = new ReentrantLock();
  private final ByteBuffer toNetwork;

  /**
   * @param early what came behind the peer's handshake
   */
  TlsChannel(
      ByteChannel channel,
      SSLEngine engine,
      ByteBuffer early,
      PublicKey32 localKey,
      PublicKey32 peerKey,
      Endpoint local,
      Endpoint remote) {
    this.channel = channel;
    this.engine = engine;
    this.localKey = localKey;
    this.peerKey = peerKey;
    this.local = local;
    this.remote = remote;
    this.fromNetwork = ByteBuffer.allocate(NETWORK_BUFFER).put(early).flip();
    this.plain = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).flip();
    this.toNetwork = ByteBuffer.allocate(NETWORK_BUFFER);
  }

  @Override
  public PublicKey32 localKey() {
    return localKey;
  }

  @Override
  public PublicKey32 peerKey() {
    return peerKey;
  }

  @Override
  public Endpoint local() {
    return local;
  }

  @Override
  public Endpoint remote() {
    return remote;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws LinkException {
    reading.lock();
    try {
      while (!plain.hasRemaining()) {
        if (!unwrap()) {
          return -1;
        }
      }
      int count = Math.min(length, plain.remaining());
      plain.get(buffer, offset, count);
      return count;
    } catch (IOException | RuntimeException e) {
      throw broken(e);
    } finally {
      reading.unlock();
    }
  }

  /** One step: a record, some bytes, or false at the end of the stream. */
  private boolean unwrap() throws IOException {
    plain.clear();
    SSLEngineResult result;
    try {
      result = engine.unwrap(fromNetwork, plain);
    } finally {
      plain.flip();
    }
    if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
      runTasks();
    }
    return switch (result.getStatus()) {
      case OK -> true;
      case CLOSED -> false;
      case BUFFER_UNDERFLOW -> fill();
      case BUFFER_OVERFLOW -> throw new IOException("a record longer than TLS allows");
    };
  }

  private boolean fill() throws IOException {
    fromNetwork.compact();
    try {
      if (channel.read(fromNetwork) < 0) {
        throw new IOException("the connection ended without a goodbye");
      }
      return true;
    } finally {
      fromNetwork.flip();
    }
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws LinkException {
    ByteBuffer source = ByteBuffer.wrap(buffer, offset, length);
    writing.lock();
    try {
      while (source.hasRemaining()) {
        SSLEngineResult result = engine.wrap(source, toNetwork);
        switch (result.getStatus()) {
          case OK -> {
            if (result.getHandshakeStatus() == HandshakeStatus.NEED_TASK) {
              runTasks();
            }
          }
          case BUFFER_OVERFLOW -> flush();
          case CLOSED, BUFFER_UNDERFLOW -> throw new IOException("the connection is closed");
        }
      }
      flush();
    } catch (IOException | RuntimeException e) {
      throw broken(e);
    } finally {
      writing.unlock();
    }
  }

  private void flush() throws IOException {
    toNetwork.flip();
    try {
      while (toNetwork.hasRemaining()) {
        channel.write(toNetwork);
      }
    } finally {
      toNetwork.clear();
    }
  }

  /** The engine may leave a task to whichever side looks first; the other waits for it. */
  private void runTasks() {
    tasks.lock();
    try {
      TlsEngines.runTasks(engine);
    } finally {
      tasks.unlock();
    }
  }

  private LinkException broken(Exception e) {
    String why = closed.get() ? "the connection was closed here" : String.valueOf(e.getMessage());
    close();
    return new LinkException(Reason.BROKEN, why, e);
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    // Whoever is in the middle of a write cannot be followed by a goodbye.
    if (writing.tryLock()) {
      Deadlines.Guard guard = Deadlines.closeAfter(GOODBYE, channel);
      try {
        engine.closeOutbound();
        engine.wrap(NOTHING, toNetwork);
        flush();
      } catch (IOException | RuntimeException e) {
        // It is gone already, or the peer takes nothing; both end here.
      } finally {
        guard.close();
        writing.unlock();
      }
    }
    Quietly.close(channel);
  }
}
