package dev.sallyport.ws;

import dev.sallyport.domain.session.LinkException;
import dev.sallyport.domain.session.SecureChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.java_websocket.framing.PingFrame;
import org.java_websocket.framing.PongFrame;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writing half of a link: drains the engine's queue into the channel, on its own thread.
 *
 * <p>Small frames go out together, big ones in slices. Pings and pongs overtake messages, and at
 * most one of each waits: a ping that comes before the last was answered replaces it (RFC 6455
 * section 5.5.3), so a flood of them costs nothing.
 *
 * <p>Threading: any thread may call.
 */
final class LinkWriter {
  private static final Logger log = LoggerFactory.getLogger(LinkWriter.class);

  /** A frame's objects in the queue, counted against the credit so that empty messages cost too. */
  static final int FRAME_OVERHEAD_BYTES = 128;

  /** As much as a TLS record holds. */
  private static final int BATCH_BYTES = 16 << 10;

  /** Progress shows after this many bytes of a big frame. */
  private static final int SLICE_BYTES = 64 << 10;

  /** What the writer tells the link. */
  interface Owner {
    /** The goodbye is written; the last call. */
    void saidGoodbye();

    /** The channel does not take any more; the last call. */
    void broke(LinkException why);
  }

  private final SecureChannel channel;
  private final WebSocketEngine engine;
  private final SendCredit credit;
  private final Liveness liveness;
  private final Owner owner;
  private final Thread thread = Daemons.thread("link-writer", this::run);
  private final CountDownLatch done = new CountDownLatch(1);

  private final ByteBuffer batch = ByteBuffer.allocate(BATCH_BYTES);
  private int batchCredit;

  private final AtomicReference<@Nullable ByteBuffer> pong = new AtomicReference<>();
  private volatile boolean pingDue;
  private volatile boolean stopped;
  private volatile boolean writing;
  private volatile long writingSince;

  LinkWriter(
      SecureChannel channel,
      WebSocketEngine engine,
      SendCredit credit,
      Liveness liveness,
      Owner owner) {
    this.channel = channel;
    this.engine = engine;
    this.credit = credit;
    this.liveness = liveness;
    this.owner = owner;
  }

  void start() {
    thread.start();
  }

  /** There may be something to write. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /** Sends a ping. */
  void ping() {
    pingDue = true;
    wake();
  }

  /** Answers a ping. */
  void pong(ByteBuffer payload) {
    pong.set(payload);
    wake();
  }

  /** Ends without a goodbye; the channel's closing must end a write under way. */
  void stop() {
    stopped = true;
    wake();
  }

  /** Blocks until the goodbye is written or the writer failed; false when the time is up. */
  boolean awaitDone(Duration wait) {
    try {
      return done.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** For how long one write has been going on without an end. */
  Duration stuckFor(long now) {
    return writing ? Duration.ofNanos(now - writingSince) : Duration.ZERO;
  }

  private void run() {
    try {
      if (drain()) {
        owner.saidGoodbye();
      }
    } catch (LinkException e) {
      owner.broke(e);
    } catch (RuntimeException e) {
      // A writer that died unseen would leave its senders waiting for credit for ever.
      log.error("a link's writer failed", e);
      owner.broke(new LinkException(LinkException.Reason.BROKEN, "a fault of ours", e));
    } finally {
      done.countDown();
    }
  }

  /** Writes until the goodbye is out (true) or the writer is stopped (false). */
  private boolean drain() throws LinkException {
    while (!stopped) {
      takeControlFrames();
      ByteBuffer frame = engine.poll();
      if (frame == null) {
        if (batch.position() > 0 || batchCredit > 0) {
          flush();
        } else {
          LockSupport.park(this);
        }
      } else if (WebSocketEngine.isGoodbye(frame)) {
        add(frame);
        flush();
        return true;
      } else {
        int cost = frame.remaining() + FRAME_OVERHEAD_BYTES;
        add(frame);
        batchCredit += cost;
      }
    }
    return false;
  }

  private void takeControlFrames() throws LinkException {
    ByteBuffer payload = pong.getAndSet(null);
    if (payload != null) {
      PongFrame answer = new PongFrame();
      answer.setPayload(payload);
      add(engine.encode(answer));
    }
    if (pingDue) {
      pingDue = false;
      add(engine.encode(new PingFrame()));
    }
  }

  private void add(ByteBuffer frame) throws LinkException {
    if (frame.remaining() > batch.remaining()) {
      flush();
    }
    if (frame.remaining() <= batch.remaining()) {
      batch.put(frame);
      return;
    }
    while (frame.hasRemaining()) {
      int slice = Math.min(SLICE_BYTES, frame.remaining());
      write(frame.array(), frame.arrayOffset() + frame.position(), slice);
      frame.position(frame.position() + slice);
    }
  }

  private void flush() throws LinkException {
    if (batch.position() > 0) {
      write(batch.array(), 0, batch.position());
      batch.clear();
    }
    credit.give(batchCredit);
    batchCredit = 0;
  }

  private void write(byte[] bytes, int offset, int length) throws LinkException {
    writingSince = System.nanoTime();
    writing = true;
    channel.write(bytes, offset, length);
    writing = false;
    liveness.wrote(System.nanoTime());
  }
}
