package dev.sallyport.app.runner;

import dev.sallyport.domain.session.Machine;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds one machine with events, one at a time, and hands its effects to an executor on the same
 * thread. A tick that is due comes before the next event, however many wait.
 *
 * <p>Threading: {@link #post} and {@link #offer} from anywhere, never blocking; {@link #run} is the
 * machine's one thread.
 */
final class MachineLoop<E, F> {
  private static final Logger log = LoggerFactory.getLogger(MachineLoop.class);

  /** How many droppable events may wait. */
  static final int MAX_OFFERED = 256;

  private record Queued<E>(E event, boolean offered) {}

  private final Supplier<Instant> clock;
  private final LinkedBlockingQueue<Queued<E>> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger offered = new AtomicInteger();
  private final AtomicLong dropped = new AtomicLong();

  MachineLoop(Supplier<Instant> clock) {
    this.clock = clock;
  }

  /**
   * Queues an event that must not be lost: those of sockets, and ends of what an effect started.
   */
  void post(E event) {
    queue.add(new Queued<>(event, false));
  }

  /**
   * Queues an event that a stranger can cause, unless too many wait; then it is dropped and
   * counted.
   */
  void offer(E event) {
    if (offered.incrementAndGet() > MAX_OFFERED) {
      offered.decrementAndGet();
      long count = dropped.incrementAndGet();
      if (Long.bitCount(count) == 1) {
        log.warn("{} events from the rendezvous were dropped: too many at once", count);
      }
      return;
    }
    queue.add(new Queued<>(event, true));
  }

  /** How many offered events were dropped. */
  long dropped() {
    return dropped.get();
  }

  /**
   * Runs the machine until {@code done}; then, for at most {@code cleanUp}, until {@code clean}, so
   * that what effects started can end.
   */
  void run(
      Machine<E, F> machine,
      Consumer<F> executor,
      BooleanSupplier done,
      BooleanSupplier clean,
      Duration cleanUp)
      throws InterruptedException {
    machine.start(clock.get()).forEach(executor);
    while (!done.getAsBoolean()) {
      step(machine, machine.deadline(), executor);
    }
    Instant end = clock.get().plus(cleanUp);
    while (!clean.getAsBoolean() && clock.get().isBefore(end)) {
      step(machine, clock.get().plusMillis(10), executor);
    }
  }

  /** A tick if the deadline has come, and an event if one is there by then. */
  private void step(Machine<E, F> machine, @Nullable Instant deadline, Consumer<F> executor)
      throws InterruptedException {
    Queued<E> next;
    if (deadline == null) {
      next = queue.take();
    } else {
      long nanos = Duration.between(clock.get(), deadline).toNanos();
      next = nanos <= 0 ? null : queue.poll(nanos, TimeUnit.NANOSECONDS);
      if (next == null) {
        machine.tick(clock.get()).forEach(executor);
        next = queue.poll();
      }
    }
    if (next != null) {
      if (next.offered()) {
        offered.decrementAndGet();
      }
      machine.on(next.event(), clock.get()).forEach(executor);
    }
  }
}
