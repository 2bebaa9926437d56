package dev.sallyport.harness.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.rendezvous.SealedItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A sink that keeps what it gets, and notices being called twice at once. Safe from any thread. */
final class Inbox implements Consumer<SealedItem> {
  private final Duration patience;
  private final List<SealedItem> items = new ArrayList<>();
  private final AtomicInteger inside = new AtomicInteger();
  private boolean overlapped;

  /**
   * @param patience how long to wait for an item before the test fails
   */
  Inbox(Duration patience) {
    this.patience = patience;
  }

  @Override
  public void accept(SealedItem item) {
    boolean alone = inside.incrementAndGet() == 1;
    synchronized (this) {
      overlapped |= !alone;
      items.add(item);
      notifyAll();
    }
    inside.decrementAndGet();
  }

  synchronized List<SealedItem> items() {
    return List.copyOf(items);
  }

  /** Waits until all of these have come. */
  synchronized void awaitAll(Collection<SealedItem> expected) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!items.containsAll(expected)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        assertThat(items).as("what has come within %s", patience).containsAll(expected);
      }
      wait(Math.max(1, left));
    }
  }

  void await(SealedItem expected) throws InterruptedException {
    awaitAll(List.of(expected));
  }

  /** What every sink may rely on. */
  synchronized void assertOrderly() {
    assertThat(items).as("each distinct item comes once").doesNotHaveDuplicates();
    assertThat(overlapped).as("a sink is called by two threads at once").isFalse();
  }
}
