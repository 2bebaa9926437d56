package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector.Survey;
import dev.sallyport.domain.nat.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One question to all STUN servers at once: each by name, then in every family it has an address of
 * and we have a route to, over TCP from the port asked about and over UDP from one socket. A server
 * has answered when any of that did.
 *
 * <p>Threading: the sinks are called one at a time; whoever joins late gets what came before.
 */
final class StunSurvey {
  private static final Logger LOG = LoggerFactory.getLogger(StunSurvey.class);

  /** A server may name a port that a firewall keeps to itself. */
  private static final Duration SECOND_PORT = Duration.ofMillis(1500);

  private final int localPort;
  private final long startNanos = System.nanoTime();
  private final Duration timeout;
  private final @Nullable StunConnection kept;
  private final Keeper keeper;
  private final CompletableFuture<Survey> done = new CompletableFuture<>();
  private final Set<Closeable> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger answered = new AtomicInteger();

  /** Guards the two below, and makes the calls to the sinks one at a time. */
  private final Object lock = new Object();

  private final List<Observation> observations = new ArrayList<>();
  private final List<Consumer<Observation>> sinks = new ArrayList<>();

  /** Takes over a connection that got an answer; says no if it has one already. */
  interface Keeper {
    boolean keep(StunConnection connection, Observation observation);
  }

  /**
   * @param kept an open connection from the same port, to be asked on instead of a new one
   */
  StunSurvey(int localPort, Duration timeout, @Nullable StunConnection kept, Keeper keeper) {
    this.localPort = localPort;
    this.timeout = timeout;
    this.kept = kept;
    this.keeper = keeper;
  }

  /** Adds a sink; gives it what came so far. */
  void join(Consumer<Observation> sink) {
    synchronized (lock) {
      observations.forEach(sink);
      sinks.add(sink);
    }
  }

  /** Completes within the timeout, never exceptionally. */
  CompletableFuture<Survey> done() {
    return done;
  }

  void start(List<HostPort> servers, NameLookup names) {
    StunDatagrams datagrams = datagrams();
    CompletableFuture<Void> unused =
        all(servers.stream()
                .map(
                    server ->
                        names
                            .resolve(server, timeout)
                            .thenCompose(answer -> ask(server, answer, datagrams)))
                .toList())
            .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete((nothing, error) -> finish(servers.size()));
  }

  /** Ends it early, with what has been answered. */
  void finish(int asked) {
    done.complete(new Survey(answered.get(), asked));
    sockets.forEach(Quietly::close);
  }

  private @Nullable StunDatagrams datagrams() {
    try {
      StunDatagrams datagrams = new StunDatagrams();
      use(datagrams);
      return datagrams;
    } catch (IOException e) {
      LOG.debug("no socket for STUN over UDP: {}", e.getMessage());
      return null;
    }
  }

  private CompletableFuture<Void> ask(
      HostPort server, NameLookup.Answer answer, @Nullable StunDatagrams datagrams) {
    if (answer.problem() != null) {
      LOG.debug("STUN server {}: {}", server, answer.problem());
    }
    AtomicBoolean counted = new AtomicBoolean();
    List<CompletableFuture<Void>> questions = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      reachable(answer.endpoints(), family)
          .ifPresent(
              endpoint -> {
                questions.add(askTcp(endpoint));
                if (datagrams != null) {
                  questions.add(askUdp(endpoint, datagrams));
                }
              });
    }
    return all(
        questions.stream()
            .map(question -> question.handle((nothing, error) -> count(server, error, counted)))
            .toList());
  }

  private static Optional<Endpoint> reachable(List<Endpoint> endpoints, AddressFamily family) {
    return endpoints.stream()
        .filter(endpoint -> endpoint.family() == family)
        .filter(endpoint -> RouteProbe.sourceTowards(endpoint.address()) != null)
        .findFirst();
  }

  private @Nullable Void count(HostPort server, @Nullable Throwable error, AtomicBoolean counted) {
    if (error != null) {
      LOG.debug("STUN server {}: {}", server, error.getMessage());
    } else if (counted.compareAndSet(false, true)) {
      answered.incrementAndGet();
    }
    return null;
  }

  private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> askUdp(Endpoint server, StunDatagrams datagrams) {
    long asked = System.nanoTime();
    return datagrams
        .ask(server, remaining())
        .thenAccept(
            mapped ->
                report(observation(datagrams.localPort(), mapped, Transport.UDP, server, asked)));
  }

  private CompletableFuture<Void> askTcp(Endpoint server) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    Daemons.start(
        "stun-tcp",
        () -> {
          try {
            exchange(server);
            end.complete(null);
          } catch (IOException | RuntimeException e) {
            end.completeExceptionally(e);
          }
        });
    return end;
  }

  private void exchange(Endpoint server) throws IOException {
    long asked = System.nanoTime();
    if (kept != null && kept.server().equals(server)) {
      try {
        Endpoint mapped = kept.ask(remaining());
        report(observation(localPort, mapped, Transport.TCP, server, asked));
        return;
      } catch (IOException e) {
        // It had broken unnoticed; the pair of endpoints is free now.
        LOG.debug("the kept connection is gone: {}", e.getMessage());
      }
    }
    StunConnection connection = connection(server);
    connection.connect(remaining());
    StunConnection.Answer answer = connection.ask(StunRequest.plain(), remaining());
    Observation observation =
        observation(connection.localPort(), answer.mapped(), Transport.TCP, server, asked);
    boolean taken = keeper.keep(connection, observation);
    if (taken) {
      sockets.remove(connection);
    }
    report(observation);
    lookAgain(server, answer);
    if (!taken) {
      connection.close();
    }
  }

  /**
   * Asks at the server's second port too, if it names one, while the first connection stands: that
   * tells whether a NAT's mapping depends on the remote port (RFC 5780 section 4.3). Whatever goes
   * wrong here, the server has answered.
   */
  private void lookAgain(Endpoint server, StunConnection.Answer answer) {
    Endpoint other = answer.other();
    if (other == null || other.port() == server.port()) {
      return;
    }
    Endpoint second = server.withPort(other.port());
    long asked = System.nanoTime();
    Duration patience = remaining().compareTo(SECOND_PORT) < 0 ? remaining() : SECOND_PORT;
    try (StunConnection connection = connection(second)) {
      connection.connect(patience);
      Endpoint mapped = connection.ask(patience);
      report(observation(connection.localPort(), mapped, Transport.TCP, second, asked));
    } catch (IOException | RuntimeException e) {
      LOG.debug("the second port of {}: {}", server, e.getMessage());
    }
  }

  private StunConnection connection(Endpoint server) throws IOException {
    StunConnection connection = new StunConnection(localPort, server);
    use(connection);
    return connection;
  }

  private void use(Closeable socket) {
    sockets.add(socket);
    if (done.isDone()) {
      Quietly.close(socket);
    }
  }

  private Duration remaining() {
    Duration left = timeout.minusNanos(System.nanoTime() - startNanos);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  private static Observation observation(
      int port, Endpoint mapped, Transport transport, Endpoint server, long askedNanos) {
    return new Observation(
        port,
        mapped,
        transport,
        server,
        Observation.Source.STUN,
        Duration.ofNanos(System.nanoTime() - askedNanos),
        Instant.now());
  }

  private void report(Observation observation) {
    synchronized (lock) {
      if (done.isDone()) {
        return;
      }
      observations.add(observation);
      sinks.forEach(sink -> sink.accept(observation));
    }
  }
}
