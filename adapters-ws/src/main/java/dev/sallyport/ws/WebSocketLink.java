package dev.sallyport.ws;

import dev.sallyport.domain.session.Link;
import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.LinkListener;
import dev.sallyport.domain.session.SecureChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.framing.BinaryFrame;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.DataFrame;
import org.java_websocket.framing.TextFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pump for both roles: a reader and a writer thread between a blocking channel and an engine.
 *
 * <p>The listener is called on the reader. While it blocks, nothing is read and TCP holds the peer
 * back; the writer goes on, and pings every {@link LinkLimits#pingAfter}, so a peer of our kind
 * hears that we live and waits. A listener that sends may wait for credit; two listeners at both
 * ends that each wait so for the other wait for ever, and only {@link #close} or {@link #abort}
 * ends it.
 *
 * <p>The timer watches both threads from outside, since either may hang in the channel. Whoever
 * first finds the link at its end says why; the reader then tells the listener, as its last act.
 */
final class WebSocketLink implements Link, WebSocketEngine.Inbox, LinkWriter.Owner {
  private static final Logger log = LoggerFactory.getLogger(WebSocketLink.class);

  private static final int READ_BYTES = 64 << 10;

  private record End(boolean clean, String why) {}

  private final SecureChannel channel;
  private final WebSocketEngine engine;
  private final LinkListener listener;
  private final LinkLimits limits;
  private final ScheduledExecutorService timer;
  private final SendCredit credit;
  private final LinkWriter writer;
  private final Liveness liveness;
  private final Thread reader = Daemons.thread("link-reader", this::read);

  /** What came behind the head of the upgrade. */
  private final byte[] leftover;

  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean closing;
  private volatile @Nullable Future<?> pending;
  private final AtomicReference<@Nullable End> end = new AtomicReference<>();

  private WebSocketLink(
      SecureChannel channel,
      WebSocketEngine engine,
      byte[] leftover,
      LinkListener listener,
      LinkLimits limits,
      ScheduledExecutorService timer) {
    this.channel = channel;
    this.engine = engine;
    this.leftover = leftover;
    this.listener = listener;
    this.limits = limits;
    this.timer = timer;
    this.credit = new SendCredit(limits.sendCreditBytes());
    this.liveness = new Liveness(limits.pingAfter(), limits.deadAfter(), System.nanoTime());
    this.writer = new LinkWriter(channel, engine, credit, liveness, this);
  }

  /** A link on an engine that is open; it writes and pings from now on, and reads once started. */
  static WebSocketLink open(
      SecureChannel channel,
      WebSocketEngine engine,
      byte[] leftover,
      LinkListener listener,
      LinkLimits limits,
      ScheduledExecutorService timer) {
    WebSocketLink link = new WebSocketLink(channel, engine, leftover, listener, limits, timer);
    link.writer.start();
    link.watch();
    return link;
  }

  @Override
  public void start() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("a link is started once");
    }
    reader.start();
  }

  @Override
  public void send(String text) throws LinkException {
    send(new TextFrame(), Outgoing.text(text));
  }

  @Override
  public void send(byte[] bytes) throws LinkException {
    send(new BinaryFrame(), Outgoing.binary(bytes));
  }

  private void send(DataFrame message, byte[] bytes) throws LinkException {
    message.setPayload(ByteBuffer.wrap(bytes));
    boolean queued =
        credit.take(engine.wireLength(bytes.length) + LinkWriter.FRAME_OVERHEAD_BYTES)
            && engine.send(message);
    if (!queued) {
      End down = end.get();
      throw new LinkException(
          LinkException.Reason.BROKEN,
          "the link is down: " + (down == null ? "it is being closed" : down.why()));
    }
    writer.wake();
  }

  @Override
  public void close() {
    closing = true;
    engine.close(CloseFrame.NORMAL, "");
    credit.shut();
    writer.wake();
  }

  @Override
  public void abort() {
    finish(false, "aborted here");
  }

  /** Takes the link down; the first to call says why. */
  private void finish(boolean clean, String why) {
    if (end.compareAndSet(null, new End(clean, why))) {
      channel.close();
      credit.shut();
      writer.stop();
      Future<?> task = pending;
      if (task != null) {
        // Else the timer would hold the link, and all it has queued, until the task's time.
        task.cancel(false);
      }
    }
  }

  private void read() {
    try {
      pump();
    } catch (LinkException e) {
      finish(false, "the connection broke: " + e.getMessage());
    } catch (InvalidDataException e) {
      String what = breach(e);
      engine.close(e.getCloseCode(), what);
      writer.wake();
      writer.awaitDone(limits.goodbyeWait());
      finish(false, "the peer broke the protocol: it sent " + what);
    } catch (RuntimeException e) {
      log.error("a link's reader failed", e);
    } finally {
      finish(false, "the reader failed, which is a fault of ours");
      tellEnd();
    }
  }

  private static String breach(InvalidDataException e) {
    String message = e.getMessage();
    return message == null || e.getCloseCode() == CloseFrame.NO_UTF8
        ? "text that is not UTF-8"
        : message;
  }

  /** Reads until the goodbye, the end of the stream, or the end of the link. */
  private void pump() throws LinkException, InvalidDataException {
    byte[] buffer = new byte[READ_BYTES];
    ByteBuffer bytes = ByteBuffer.wrap(leftover);
    while (true) {
      while (bytes.hasRemaining() && end.get() == null) {
        CloseFrame goodbye = engine.receive(bytes, this);
        if (goodbye != null) {
          heardGoodbye(goodbye);
          return;
        }
      }
      if (end.get() != null) {
        return;
      }
      liveness.waiting(System.nanoTime());
      int count = channel.read(buffer, 0, buffer.length);
      liveness.heard(System.nanoTime());
      if (count < 0) {
        finish(false, "the peer hung up without a goodbye");
        return;
      }
      bytes = ByteBuffer.wrap(buffer, 0, count);
    }
  }

  private void heardGoodbye(CloseFrame goodbye) {
    writer.wake();
    boolean answered = writer.awaitDone(limits.goodbyeWait());
    int code = goodbye.getCloseCode();
    if (code != CloseFrame.NORMAL && code != CloseFrame.GOING_AWAY) {
      finish(false, "the peer closed with the error code " + code);
    } else if (!answered) {
      finish(false, "the peer closed, and did not take our goodbye");
    } else {
      finish(true, closing ? "closed here" : "closed by the peer");
    }
  }

  private void tellEnd() {
    End last = end.get();
    if (last != null) {
      try {
        listener.closed(last.clean(), last.why());
      } catch (RuntimeException e) {
        log.error("a link's listener failed in closed()", e);
      }
    }
  }

  @Override
  public void text(String message) {
    deliver(() -> listener.text(message));
  }

  @Override
  public void binary(byte[] message) {
    deliver(() -> listener.binary(message));
  }

  private void deliver(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      log.error("a link's listener failed", e);
      finish(false, "the listener failed: " + e.getClass().getSimpleName());
    }
  }

  @Override
  public void ping(ByteBuffer payload) {
    writer.pong(payload);
  }

  @Override
  public void saidGoodbye() {
    later(
        () -> finish(false, "the peer did not answer our goodbye in time"),
        limits.goodbyeWait().toNanos());
  }

  @Override
  public void broke(LinkException why) {
    finish(false, "the connection broke: " + why.getMessage());
  }

  /** Runs on the timer, and sets it again. */
  private void watch() {
    if (end.get() != null) {
      return;
    }
    long now = System.nanoTime();
    Liveness.Duty duty = liveness.duty(now);
    if (duty == Liveness.Duty.GIVE_UP) {
      finish(false, "nothing heard from the peer for " + seconds(limits.deadAfter()));
    } else if (closing && writer.stuckFor(now).compareTo(limits.deadAfter()) >= 0) {
      finish(false, "the peer has taken nothing for " + seconds(limits.deadAfter()));
    } else {
      if (duty == Liveness.Duty.PING) {
        writer.ping();
      }
      later(this::watch, liveness.nextCheck(now));
    }
  }

  private void later(Runnable task, long nanos) {
    pending = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }
}
