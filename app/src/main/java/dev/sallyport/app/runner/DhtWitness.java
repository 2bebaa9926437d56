package dev.sallyport.app.runner;

import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.SourceReport.Contact;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The DHT as a source of evidence: many observers, of whom none was chosen. */
final class DhtWitness {
  static final String NAME = "DHT";

  private DhtWitness() {}

  /**
   * Asks, and reports.
   *
   * @param port of no meaning to the DHT, which speaks of its own UDP port
   * @return never fails
   */
  static CompletableFuture<SourceReport> ask(
      Reflector reflector, int port, Consumer<Evidence> sink) {
    AtomicReference<@Nullable Duration> fastest = new AtomicReference<>();
    return reflector
        .observe(
            port,
            seen -> {
              fastest.accumulateAndGet(seen.roundTrip(), DhtWitness::shorter);
              sink.accept(seen);
            })
        .exceptionally(e -> new Reflector.Survey(0, 0))
        .thenApply(survey -> report(survey, fastest.get()))
        .toCompletableFuture();
  }

  private static @Nullable Duration shorter(@Nullable Duration a, @Nullable Duration b) {
    return a == null || (b != null && b.compareTo(a) < 0) ? b : a;
  }

  private static SourceReport report(Reflector.Survey survey, @Nullable Duration fastest) {
    Contact contact =
        fastest == null ? Contact.failed("no node answered") : Contact.answered(fastest);
    return new SourceReport(
        NAME,
        Observation.Source.DHT,
        null,
        null,
        contact,
        Set.of(),
        survey.answered(),
        survey.asked());
  }
}
