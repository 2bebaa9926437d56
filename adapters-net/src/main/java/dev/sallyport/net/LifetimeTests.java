package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.QuietProbe;
import dev.sallyport.domain.nat.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How long mappings live over which nothing goes, with the help of one server.
 *
 * <ul>
 *   <li>Over UDP (RFC 5780 section 4.6) a socket asks once, and lies quiet. Then another one asks
 *       for an answer to the first one's mapped port: it comes in if the mapping is still there. So
 *       it is tried at once, too: many servers do not do that, and some NATs do not let it in.
 *   <li>Over TCP a connection asks once, lies quiet, and asks again. A server that hangs up
 *       meanwhile says nothing about the NATs.
 * </ul>
 *
 * <p>A mapping counts as lost only while the server answers others of our sockets. Thread-safe.
 */
final class LifetimeTests implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LifetimeTests.class);

  /** Three requests over UDP: {@link StunDatagrams} sends at 0, 0.5 and 1.5 s. */
  private static final Duration PATIENCE = Duration.ofMillis(2500);

  private static final Executor THREADS = task -> Daemons.start("stun-lifetime", task);

  private final HostPort server;
  private final List<Duration> quietTimes;
  private final Consumer<QuietProbe> sink;
  private final Set<Closeable> sockets = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  LifetimeTests(HostPort server, List<Duration> quietTimes, Consumer<QuietProbe> sink) {
    this.server = server;
    this.quietTimes = List.copyOf(quietTimes);
    this.sink = sink;
  }

  /** Completes when {@link #close} has been called at the latest, never exceptionally. */
  CompletableFuture<Void> done() {
    return done;
  }

  void start(NameLookup names, Duration deadline) {
    CompletableFuture<Void> unused =
        names
            .resolve(server, PATIENCE)
            .thenCompose(answer -> run(answer.endpoints()))
            .orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete(
                (nothing, error) -> {
                  if (error != null) {
                    LOG.debug("{}: {}", server, error.toString());
                  }
                  close();
                });
  }

  private CompletableFuture<Void> run(List<Endpoint> endpoints) {
    Endpoint endpoint = Examination.usable(endpoints);
    if (endpoint == null) {
      return Examination.nothing();
    }
    List<CompletableFuture<Void>> tests = new ArrayList<>();
    try {
      StunDatagrams asker = use(new StunDatagrams());
      for (Duration quiet : quietTimes) {
        tests.add(overUdp(endpoint, asker, use(new StunDatagrams()), quiet));
      }
    } catch (IOException e) {
      LOG.debug("no socket: {}", e.getMessage());
    }
    for (Duration quiet : quietTimes) {
      tests.add(overTcp(endpoint, quiet));
    }
    return Examination.all(tests.stream().map(this::orNothing).toList());
  }

  /** One that cannot be made says nothing. */
  private CompletableFuture<Void> orNothing(CompletableFuture<Void> test) {
    return test.exceptionally(
        error -> {
          LOG.debug("{}: a mapping's lifetime: {}", server, error.toString());
          return null;
        });
  }

  private CompletableFuture<Void> overUdp(
      Endpoint at, StunDatagrams asker, StunDatagrams quietOne, Duration quiet) {
    return quietOne
        .ask(at, PATIENCE)
        .thenCompose(
            mapped ->
                isReached(at, asker, quietOne, mapped)
                    .thenCompose(
                        can ->
                            can
                                ? after(quiet)
                                    .thenCompose(time -> isReached(at, asker, quietOne, mapped))
                                    .thenAccept(
                                        kept ->
                                            tell(
                                                quietOne.localPort(),
                                                Transport.UDP,
                                                at,
                                                quiet,
                                                kept))
                                : Examination.nothing()));
  }

  /** Fails if it cannot be said. */
  private static CompletableFuture<Boolean> isReached(
      Endpoint at, StunDatagrams asker, StunDatagrams quietOne, Endpoint mapped) {
    return asker
        .ask(at, PATIENCE)
        .thenCompose(
            own -> {
              if (!own.sameAddress(mapped)) {
                throw new IllegalStateException("our ports are seen at several addresses");
              }
              return asker
                  .ask(StunRequest.respondTo(mapped.port()), at, PATIENCE, quietOne)
                  .handle(LifetimeTests::hasCome);
            });
  }

  private static boolean hasCome(StunDatagrams.Reply reply, Throwable error) {
    if (error != null
        && !(error instanceof TimeoutException)
        && !(error.getCause() instanceof TimeoutException)) {
      throw new IllegalStateException("refused: " + error.getMessage());
    }
    return error == null;
  }

  private static CompletableFuture<Void> after(Duration quiet) {
    return CompletableFuture.runAsync(
        () -> {}, CompletableFuture.delayedExecutor(quiet.toNanos(), TimeUnit.NANOSECONDS));
  }

  private CompletableFuture<Void> overTcp(Endpoint at, Duration quiet) {
    return CompletableFuture.supplyAsync(() -> connect(at), THREADS)
        .thenCompose(open -> after(quiet).thenRunAsync(() -> askAgain(open, at, quiet), THREADS));
  }

  /** A connection that has been used, and how it is seen. */
  private record Used(StunConnection connection, int localPort, Endpoint mapped) {}

  private Used connect(Endpoint at) {
    try {
      StunConnection connection = use(new StunConnection(0, at));
      connection.connect(PATIENCE);
      int localPort = connection.localPort();
      return new Used(connection, localPort, connection.ask(PATIENCE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void askAgain(Used used, Endpoint at, Duration quiet) {
    if (used.connection.isDisturbed()) {
      throw new IllegalStateException("the server has hung up");
    }
    boolean kept;
    try {
      kept = used.connection.ask(PATIENCE).equals(used.mapped);
    } catch (IOException e) {
      LOG.debug("{}: after {}: {}", server, quiet, e.getMessage());
      kept = false;
    }
    if (!kept) {
      connect(at);
    }
    tell(used.localPort, Transport.TCP, at, quiet, kept);
  }

  private void tell(int port, Transport transport, Endpoint at, Duration quiet, boolean kept) {
    if (!done.isDone()) {
      sink.accept(new QuietProbe(port, transport, at, quiet, kept, Instant.now()));
    }
  }

  private <T extends Closeable> T use(T socket) {
    sockets.add(socket);
    if (done.isDone()) {
      Quietly.close(socket);
    }
    return socket;
  }

  /** Ends it with what has been told. */
  @Override
  public void close() {
    done.complete(null);
    sockets.forEach(Quietly::close);
  }
}
