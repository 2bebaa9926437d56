package dev.sallyport.app.cli;

import dev.sallyport.app.natreport.PeerNat;
import dev.sallyport.app.runner.Ports;
import dev.sallyport.domain.identity.ServiceId;
import dev.sallyport.domain.rendezvous.ServiceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** Looks up what a service's record says of its NAT, while something else goes on. */
final class PeerLookup {
  private final ServiceId id;
  private final RecordLookup lookup;
  private final FutureTask<@Nullable ServiceRecord> task;

  private PeerLookup(Ports ports, ServiceId id, Duration timeout) {
    this.id = id;
    this.lookup = new RecordLookup(ports, id);
    this.task = new FutureTask<>(() -> lookup.newest(timeout, progress -> {}));
  }

  static PeerLookup start(Ports ports, ServiceId id, Duration timeout) {
    PeerLookup started = new PeerLookup(ports, id, timeout);
    Thread thread = new Thread(started.task, "peer-lookup");
    thread.setDaemon(true);
    thread.start();
    return started;
  }

  /** Ends it early, from any thread. */
  void cancel() {
    lookup.cancel();
  }

  /**
   * Waits for it.
   *
   * @return null if it was cancelled
   * @throws ProblemException if there is no record, or nobody to ask
   */
  @Nullable PeerNat peer() throws ProblemException, InterruptedException {
    try {
      ServiceRecord record = task.get();
      return record == null
          ? null
          : PeerNat.recorded(
              id + ", by the record it left " + Words.ago(record.issuedAt(), Instant.now()),
              record.profile(),
              record.candidates());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ProblemException problem) {
        throw problem;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
