package dev.sallyport.net;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections from the listeners of one selector. When the process has no files left it stops
 * for a while: a connection that cannot be accepted stays in the backlog, and would wake the
 * selector again and again. For the selector's thread only.
 */
final class Acceptor {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptor.class);
  private static final int MAX_PER_ROUND = 64;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Selector selector;
  private final Taker taker;
  private long resumeNanos = Long.MAX_VALUE;

  /** Gets each connection; owns it. */
  interface Taker {
    void take(int port, SocketConnection connection);
  }

  Acceptor(Selector selector, Taker taker) {
    this.selector = selector;
    this.taker = taker;
  }

  void add(ServerSocketChannel listener) {
    try {
      listener.register(selector, SelectionKey.OP_ACCEPT);
    } catch (IOException e) {
      LOG.error("cannot listen: {}", e.getMessage());
      Quietly.close(listener);
    }
  }

  /** When {@link #resume} is due; {@link Long#MAX_VALUE} if it is not. */
  long resumeNanos() {
    return resumeNanos;
  }

  void resume(long nowNanos) {
    if (resumeNanos <= nowNanos) {
      resumeNanos = Long.MAX_VALUE;
      setInterest(SelectionKey.OP_ACCEPT);
    }
  }

  void accept(ServerSocketChannel listener, long nowNanos) {
    int port = listener.socket().getLocalPort();
    for (int i = 0; i < MAX_PER_ROUND; i++) {
      SocketChannel channel;
      try {
        channel = listener.accept();
      } catch (IOException e) {
        LOG.warn("cannot accept on port {}: {}", port, e.getMessage());
        resumeNanos = nowNanos + PAUSE_NANOS;
        setInterest(0);
        return;
      }
      if (channel == null) {
        return;
      }
      try {
        taker.take(port, new SocketConnection(channel));
      } catch (IOException e) {
        LOG.debug("an accepted connection was gone at once: {}", e.getMessage());
        Quietly.close(channel);
      }
    }
  }

  private void setInterest(int operations) {
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.channel() instanceof ServerSocketChannel) {
        key.interestOps(operations);
      }
    }
  }
}
