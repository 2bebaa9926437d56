package dev.sallyport.app.cli;

import dev.sallyport.app.runner.Ports;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.rendezvous.DayKeys;
import dev.sallyport.domain.rendezvous.Rendezvous.Presence;
import dev.sallyport.domain.rendezvous.SealedItem;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import dev.sallyport.domain.session.Failure;
import dev.sallyport.domain.session.Progress;
import dev.sallyport.domain.wire.MalformedException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a service's record without calling it. Use it once. */
final class RecordLookup {
  private final Ports ports;
  private final ServiceId id;
  private final AtomicReference<@Nullable ServiceRecord> newest = new AtomicReference<>();
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

  RecordLookup(Ports ports, ServiceId id) {
    this.ports = ports;
    this.id = id;
  }

  /** Ends {@link #newest} from any thread. */
  void cancel() {
    cancelled.complete(null);
  }

  /**
   * Asks once for each day that a record can be under.
   *
   * @return the newest record; null if it was cancelled
   * @throws ProblemException if there is none, or nobody to ask
   */
  @Nullable ServiceRecord newest(Duration timeout, Consumer<Progress> progress)
      throws ProblemException, InterruptedException {
    CompletableFuture<Presence> joined = ports.rendezvous().join().toCompletableFuture();
    List<CompletableFuture<?>> answers = new ArrayList<>();
    answers.add(
        joined.thenAccept(who -> progress.accept(new Progress.Joined(who.peers(), who.took()))));
    for (LocalDate day : DayKeys.toTry(ports.clock().get())) {
      DayKeys keys = DayKeys.of(id, day, ports.sealer());
      answers.add(
          ports
              .rendezvous()
              .lookup(keys.slot().topic(), item -> arrived(item, keys))
              .toCompletableFuture());
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
    @Nullable String trouble = null;
    try {
      CompletableFuture.anyOf(all, cancelled).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      trouble = e.getCause() == null ? null : e.getCause().getMessage();
    } catch (TimeoutException e) {
      trouble = "nobody answered within " + Words.roughly(timeout);
    }
    ServiceRecord found = newest.get();
    if (found != null || cancelled.isDone()) {
      return cancelled.isDone() ? null : found;
    }
    boolean reached = joined.isDone() && !joined.isCompletedExceptionally();
    throw new ProblemException(FailureWords.problem(failure(reached, trouble), Instant.now()));
  }

  private Failure failure(boolean reached, @Nullable String trouble) {
    if (reached) {
      return Failure.of(Failure.Kind.NOT_FOUND, "");
    }
    return ports.localAddresses().list().isEmpty()
        ? Failure.of(Failure.Kind.LOCAL_PROBLEM, "this computer has no network")
        : Failure.of(Failure.Kind.RENDEZVOUS_UNREACHABLE, trouble == null ? "" : trouble);
  }

  private void arrived(SealedItem item, DayKeys keys) {
    try {
      ServiceRecord record =
          ServiceRecord.open(item, id, keys, ports.sealer(), ports.clock().get());
      newest.accumulateAndGet(record, RecordLookup::newer);
    } catch (MalformedException e) {
      // Whoever has the id can leave anything there; only the service's own word counts.
    }
  }

  private static @Nullable ServiceRecord newer(
      @Nullable ServiceRecord known, @Nullable ServiceRecord other) {
    return known == null || (other != null && other.newerThan(known)) ? other : known;
  }
}
