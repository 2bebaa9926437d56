package dev.sallyport.app.cli;

import dev.sallyport.app.runner.Peer;
import dev.sallyport.domain.identity.PublicKey32;
import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkListener;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The service's end of one link.
 *
 * <p>Threading: messages arrive on the link's thread. An echo is sent on it too, so that whoever
 * does not read is not read from either. What we say of our own goes through a short queue and a
 * thread of this caller.
 */
final class Caller implements LinkListener {
  private static final int QUEUED_LINES = 64;

  private final PublicKey32 key;
  private final Link link;
  private final Reporter reporter;
  private final boolean echo;
  private final Consumer<Caller> whenGone;
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(QUEUED_LINES);
  private @Nullable Thread sender;
  private boolean gone;
  private boolean dropping;

  Caller(Peer peer, Reporter reporter, boolean echo, Consumer<Caller> whenGone) {
    this.key = peer.key();
    this.link = peer.link();
    this.reporter = reporter;
    this.echo = echo;
    this.whenGone = whenGone;
  }

  /** Queues a line for this caller; drops it, and says so, if too many wait. */
  synchronized void say(String line) {
    if (gone) {
      return;
    }
    if (sender == null) {
      sender = new Thread(this::send, "caller-" + Words.tag(key));
      sender.setDaemon(true);
      sender.start();
    }
    boolean taken = lines.offer(line);
    if (!taken && !dropping) {
      reporter.tell(
          new Event.Remark(
              "caller " + Words.tag(key) + " reads too slowly and misses some of your lines"));
    }
    dropping = !taken;
  }

  void hangUp() {
    link.close();
  }

  @Override
  public void text(String message) {
    reporter.tell(new Event.Message(key, message));
    if (echo) {
      try {
        link.send(message);
      } catch (LinkException e) {
        // The link is down; closed() says why.
      }
    }
  }

  @Override
  public void binary(byte[] message) {
    reporter.tell(new Event.Binary(key, message));
    if (echo) {
      try {
        link.send(message);
      } catch (LinkException e) {
        // The link is down; closed() says why.
      }
    }
  }

  @Override
  public void closed(boolean clean, String why) {
    synchronized (this) {
      gone = true;
      if (sender != null) {
        sender.interrupt();
      }
    }
    reporter.tell(new Event.LinkClosed(key, clean, why));
    whenGone.accept(this);
  }

  private void send() {
    try {
      while (true) {
        link.send(lines.take());
      }
    } catch (InterruptedException | LinkException e) {
      // The link is down; closed() says why.
    }
  }
}
