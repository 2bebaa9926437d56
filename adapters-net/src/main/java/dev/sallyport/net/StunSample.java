package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Transport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at a port that has never been used: a binding request (RFC 8489) over TCP from an
 * ephemeral port to a server's first IPv4 address. Only one, for each moves the ports of a NAT that
 * takes them in steps.
 */
final class StunSample {
  private static final Logger LOG = LoggerFactory.getLogger(StunSample.class);
  private static final Duration TIMEOUT = Duration.ofMillis(600);

  private StunSample() {}

  /** Completes within 600 ms, never exceptionally. */
  static CompletionStage<Optional<Observation>> ask(HostPort server, NameLookup names) {
    return names
        .resolve(server, TIMEOUT)
        .thenCompose(
            answer ->
                answer.endpoints().stream()
                    .filter(endpoint -> endpoint.family() == AddressFamily.IPV4)
                    .findFirst()
                    .map(StunSample::ask)
                    .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty())))
        .completeOnTimeout(Optional.empty(), TIMEOUT.toNanos(), TimeUnit.NANOSECONDS);
  }

  private static CompletableFuture<Optional<Observation>> ask(Endpoint server) {
    CompletableFuture<Optional<Observation>> seen = new CompletableFuture<>();
    Daemons.start(
        "stun-sample",
        () -> {
          try (StunConnection connection = new StunConnection(0, server)) {
            long asked = System.nanoTime();
            connection.connect(TIMEOUT);
            Endpoint mapped = connection.ask(TIMEOUT);
            seen.complete(
                Optional.of(
                    new Observation(
                        connection.localPort(),
                        mapped,
                        Transport.TCP,
                        server,
                        Observation.Source.STUN,
                        Duration.ofNanos(System.nanoTime() - asked),
                        Instant.now())));
          } catch (IOException | RuntimeException e) {
            LOG.debug("no sample: {}", e.getMessage());
            seen.complete(Optional.empty());
          }
        });
    return seen;
  }
}
