package dev.sallyport.ws;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sallyport.domain.session.LinkListener;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A listener that keeps what it hears, and complains about overlapping or late calls. */
class Recorder implements LinkListener {
  /** How a link ended. */
  record Closed(boolean clean, String why) {}

  private static final int PATIENCE_SECONDS = 20;

  private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
  private final AtomicInteger inside = new AtomicInteger();
  private volatile String fault = "";
  private volatile boolean over;

  @Override
  public void text(String message) {
    record(message);
  }

  @Override
  public void binary(byte[] message) {
    record(message);
  }

  @Override
  public void closed(boolean clean, String why) {
    record(new Closed(clean, why));
    over = true;
  }

  private void record(Object event) {
    if (inside.incrementAndGet() != 1) {
      fault = "two calls at once, the second " + event;
    }
    if (over) {
      fault = "a call after closed(): " + event;
    }
    events.add(event);
    inside.decrementAndGet();
  }

  /** The next event, whatever it is. */
  Object next() throws InterruptedException {
    Object event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(event).as("the next event").isNotNull();
    assertThat(fault).isEmpty();
    return requireNonNull(event);
  }

  String nextText() throws InterruptedException {
    Object event = next();
    assertThat(event).isInstanceOf(String.class);
    return (String) event;
  }

  byte[] nextBinary() throws InterruptedException {
    Object event = next();
    assertThat(event).isInstanceOf(byte[].class);
    return (byte[]) event;
  }

  /** Skips messages. */
  Closed awaitClosed() throws InterruptedException {
    while (true) {
      if (next() instanceof Closed closed) {
        return closed;
      }
    }
  }

  int waiting() {
    return events.size();
  }
}
