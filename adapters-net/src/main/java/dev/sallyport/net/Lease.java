package dev.sallyport.net;

import java.io.Closeable;
import java.util.concurrent.atomic.AtomicBoolean;

/** Gives a shared socket back, once. */
final class Lease implements Closeable {
  private final SharedDatagrams shared;
  private final AtomicBoolean returned = new AtomicBoolean();

  Lease(SharedDatagrams shared) {
    this.shared = shared;
  }

  @Override
  public void close() {
    if (returned.compareAndSet(false, true)) {
      shared.release();
    }
  }
}
