package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.FilterProbe;
import dev.sallyport.domain.nat.FilterProbe.Outcome;
import dev.sallyport.domain.nat.FilterProbe.Relation;
import dev.sallyport.domain.nat.NatInquiry.Ability;
import dev.sallyport.domain.nat.Transport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The mapping and filtering tests of RFC 5780, section 4.3 and 4.4, as far as one server goes. */
final class UdpTests {
  /** Three requests: {@link StunDatagrams} sends at 0, 0.5 and 1.5 s. */
  private static final int PACKETS = 3;

  private static final Duration SILENCE = Duration.ofMillis(2500);

  private final Examination examination;

  /** Null if there is none to be had. */
  private final @Nullable StunDatagrams shared;

  /** Takes part in the socket that all servers look at, until the examination ends. */
  UdpTests(Examination examination, SharedDatagrams datagrams) {
    this.examination = examination;
    this.shared = join(datagrams);
  }

  private @Nullable StunDatagrams join(SharedDatagrams datagrams) {
    try {
      StunDatagrams socket = datagrams.acquire();
      examination.use(new Lease(datagrams));
      return socket;
    } catch (IOException e) {
      examination.failed(Transport.UDP, "no socket: " + e.getMessage());
      return null;
    }
  }

  CompletableFuture<Void> run(Endpoint server) {
    return Examination.all(List.of(mapping(server), filtering(server)));
  }

  /** From the socket that all servers look at, to both ports of this one. */
  private CompletableFuture<Void> mapping(Endpoint server) {
    StunDatagrams socket = shared;
    if (socket == null) {
      return Examination.nothing();
    }
    return look(socket, server)
        .thenCompose(second -> second.map(at -> look(socket, at)).orElseGet(UdpTests::nowhere))
        .thenAccept(nothing -> {});
  }

  private static CompletableFuture<Optional<Endpoint>> nowhere() {
    return CompletableFuture.completedFuture(Optional.empty());
  }

  /** Ends with where else this server looks. */
  private CompletableFuture<Optional<Endpoint>> look(StunDatagrams socket, Endpoint server) {
    return ask(socket, server)
        .thenApply(
            reply -> reply.flatMap(r -> examination.secondPort(server, r.message().other())));
  }

  private CompletableFuture<Optional<StunDatagrams.Reply>> ask(
      StunDatagrams socket, Endpoint server) {
    long asked = System.nanoTime();
    return socket
        .ask(StunRequest.plain(), server, examination.patience())
        .handle(
            (reply, error) -> {
              if (error != null) {
                examination.failed(Transport.UDP, "no answer over UDP from " + server);
                return Optional.empty();
              }
              examination.observed(
                  socket.localPort(), reply.mapped(), Transport.UDP, server, asked);
              return Optional.of(reply);
            });
  }

  /** From a socket that has sent to nobody else. */
  private CompletableFuture<Void> filtering(Endpoint server) {
    StunDatagrams socket;
    try {
      socket = new StunDatagrams();
    } catch (IOException e) {
      examination.failed(Transport.UDP, "no socket: " + e.getMessage());
      return Examination.nothing();
    }
    examination.use(socket);
    return ask(socket, server)
        .thenCompose(
            reply -> {
              Endpoint other = reply.map(r -> r.message().other()).orElse(null);
              if (other == null || other.sameAddress(server) || other.port() == server.port()) {
                return Examination.nothing();
              }
              examination.able(Ability.UDP_FILTERING);
              return Examination.all(
                  List.of(
                      probe(socket, server, server.withPort(other.port()), false),
                      probe(socket, server, other, true)));
            });
  }

  /** Asks for an answer from elsewhere. */
  private CompletableFuture<Void> probe(
      StunDatagrams socket, Endpoint server, Endpoint prober, boolean otherAddress) {
    long asked = System.nanoTime();
    Duration wait = examination.atMost(SILENCE);
    return socket
        .ask(StunRequest.change(otherAddress, true), server, wait)
        .handle(
            (reply, error) -> {
              Duration took = Duration.ofNanos(System.nanoTime() - asked);
              if (error == null) {
                arrived(socket.localPort(), server, reply.from(), took);
              } else if (took.compareTo(SILENCE) >= 0 && isTimeout(error)) {
                tell(socket.localPort(), prober, Outcome.SILENCE, PACKETS, took, server);
              }
              return null;
            });
  }

  /** Only time that ran out is silence; an error response is not. */
  private static boolean isTimeout(Throwable error) {
    return error instanceof TimeoutException || error.getCause() instanceof TimeoutException;
  }

  private void arrived(int port, Endpoint server, Endpoint from, Duration took) {
    if (!from.equals(server)) {
      tell(port, from, Outcome.ARRIVED, 1, took, server);
    }
  }

  private void tell(
      int port, Endpoint prober, Outcome outcome, int packets, Duration after, Endpoint server) {
    Relation relation =
        prober.sameAddress(server) ? Relation.SAME_ADDRESS_OTHER_PORT : Relation.OTHER_ADDRESS;
    examination.tell(
        new FilterProbe(
            port, Transport.UDP, prober, relation, outcome, packets, after, Instant.now()));
  }
}
