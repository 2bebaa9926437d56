package dev.sallyport.ws;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The bytes that may be queued for sending. Whoever wants more than is left waits, first come first
 * served, so that a big message is not overtaken for ever by small ones.
 *
 * <p>Threading: any thread. Waiting is not interruptible: it ends when the queue moves or the link
 * goes down, and anyone may take the link down.
 */
final class SendCredit {
  /** Wakes every waiter there can be, and still is far from overflow. */
  private static final int FLOOD = 1 << 30;

  private final Semaphore bytes;
  private final AtomicBoolean shut = new AtomicBoolean();

  SendCredit(int bytes) {
    this.bytes = new Semaphore(bytes, true);
  }

  /** Blocks until {@code count} bytes are free, and takes them; false once {@link #shut}. */
  boolean take(int count) {
    bytes.acquireUninterruptibly(count);
    if (shut.get()) {
      // Handed on, so that the flood reaches however many wait.
      bytes.release(count);
      return false;
    }
    return true;
  }

  /** Gives back what left the queue. */
  void give(int count) {
    if (!shut.get()) {
      bytes.release(count);
    }
  }

  /** From now on nobody gets any; those who wait fail. Idempotent. */
  void shut() {
    if (shut.compareAndSet(false, true)) {
      bytes.release(FLOOD);
    }
  }
}
