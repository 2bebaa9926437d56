package dev.sallyport.app.runner;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.Arrivals;
import dev.sallyport.domain.nat.Behavior;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.Finding;
import dev.sallyport.domain.nat.Hairpin;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Transport;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.SocketId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Dials our own external endpoint from another port of ours (RFC 4787 section 6, RFC 5382 REQ-8),
 * once. Thread-safe.
 */
final class HairpinProbe {
  private static final int SURE = 50;
  private static final Duration SILENCE = Duration.ofMillis(3400);

  /** Connected to somebody is not yet connected to ourselves. */
  private static final Duration ARRIVAL = Duration.ofSeconds(1);

  private final int localPort;
  private final Endpoint external;
  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Hairpin> answer = new CompletableFuture<>();

  private HairpinProbe(int localPort, Endpoint external) {
    this.localPort = localPort;
    this.external = external;
  }

  /** Null as long as it makes no sense: our port must look the same to everybody, but not to us. */
  static @Nullable HairpinProbe of(
      NatDiagnosis diagnosis, List<Evidence> evidence, List<Integer> listening) {
    if (!isSure(diagnosis.translated(), true)
        || !isSure(diagnosis.profile().tcpMapping(), Behavior.ENDPOINT_INDEPENDENT)) {
      return null;
    }
    for (Evidence piece : evidence) {
      if (piece instanceof Observation o
          && o.transport() == Transport.TCP
          && listening.contains(o.localPort())) {
        return new HairpinProbe(o.localPort(), o.observed());
      }
    }
    return null;
  }

  private static <T> boolean isSure(Finding<T> finding, T value) {
    return finding.is(value) && finding.confidence() >= SURE;
  }

  /**
   * @param hostAddresses what a NAT may leave in a packet that it turns back in, instead of the
   *     outer address
   */
  void start(PunchTransport transport, Arrivals arrivals, List<InetAddress> hostAddresses) {
    Predicate<Endpoint> ourselves =
        from -> from.sameAddress(external) || hostAddresses.contains(from.address());
    var unused =
        connected
            .thenCompose(nothing -> arrivals.arrives(localPort, ourselves, ARRIVAL))
            .thenAccept(here -> answer.complete(here ? Hairpin.ARRIVES : null));
    transport.dial(SocketId.dialed(1), 0, external, SILENCE);
  }

  void connected() {
    connected.complete(null);
  }

  void failed(DialFailure failure) {
    answer.complete(
        switch (failure) {
          case REFUSED, UNREACHABLE -> Hairpin.REFUSED;
          case TIMED_OUT -> Hairpin.SILENT;
          case TUPLE_IN_USE, NO_ROUTE, NO_RESOURCES, ABORTED -> null;
        });
  }

  /** Ends when there is an answer. */
  CompletableFuture<?> done() {
    return answer;
  }

  /** Null if there is none, or none yet. */
  @Nullable Hairpin answer() {
    return answer.getNow(null);
  }
}
