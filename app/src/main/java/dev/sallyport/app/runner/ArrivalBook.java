package dev.sallyport.app.runner;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Arrivals;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Who has come in, the latest of them; and who waits for somebody. Thread-safe. */
final class ArrivalBook implements Arrivals {
  /** Strangers come in too where a NAT lets everybody in. */
  private static final int MAX_REMEMBERED = 256;

  private record Arrival(int localPort, Endpoint from) {}

  private record Waiter(
      int localPort, Predicate<Endpoint> who, CompletableFuture<Boolean> answer) {}

  private final Deque<Arrival> arrivals = new ArrayDeque<>();
  private final List<Waiter> waiters = new ArrayList<>();

  /** Notes a connection to one of our listeners. */
  void note(int localPort, Endpoint from) {
    List<Waiter> met = new ArrayList<>();
    synchronized (this) {
      arrivals.addLast(new Arrival(localPort, from));
      if (arrivals.size() > MAX_REMEMBERED) {
        arrivals.removeFirst();
      }
      waiters.removeIf(
          waiter -> waiter.localPort == localPort && waiter.who.test(from) && met.add(waiter));
    }
    met.forEach(waiter -> waiter.answer.complete(true));
  }

  @Override
  public CompletionStage<Boolean> arrives(
      int localPort, Predicate<Endpoint> who, Duration patience) {
    Waiter waiter = new Waiter(localPort, who, new CompletableFuture<>());
    synchronized (this) {
      if (arrivals.stream().anyMatch(a -> a.localPort == localPort && who.test(a.from))) {
        return CompletableFuture.completedStage(true);
      }
      waiters.add(waiter);
    }
    return waiter
        .answer
        .completeOnTimeout(false, patience.toNanos(), TimeUnit.NANOSECONDS)
        .whenComplete((there, failure) -> forget(waiter));
  }

  private synchronized void forget(Waiter waiter) {
    waiters.remove(waiter);
  }
}
