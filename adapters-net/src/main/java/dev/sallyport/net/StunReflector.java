package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.nat.Transport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Reflector} by STUN binding requests (RFC 8489): over TCP from the punch port itself, which
 * alone tells what our NATs made of that port, and over UDP from a port of its own.
 *
 * <p>For each local port the first TCP connection that got an answer stays open: an
 * endpoint-independent NAT then keeps the mapping it has just told us about. One over IPv4 takes
 * the place of one over IPv6, which hardly any NAT translates: there is no mapping to keep. With
 * {@code keepAlive} there is a request on it every 20 s, it is made anew when it breaks (asking all
 * servers again, in growing intervals of up to a minute), and the sink of the latest call for that
 * port gets what is seen then: after its call has completed too, when something has changed or may
 * have. Without, it is merely open until {@link #close}. All other connections are reset when they
 * have answered.
 *
 * <p>A second question about a port that is being asked about joins the first and gets the same
 * answers.
 *
 * <p>Threading: as the port says. No server is contacted before {@link #observe}.
 */
public final class StunReflector implements Reflector {
  /** Public servers that answer over TCP and over UDP. */
  public static final List<HostPort> PUBLIC_SERVERS =
      List.of(
          new HostPort("stun.nextcloud.com", 3478),
          new HostPort("stun.sipgate.net", 3478),
          new HostPort("stunserver2025.stunprotocol.org", 3478));

  /** How many servers it takes at most. */
  public static final int MAX_SERVERS = 16;

  private static final Logger LOG = LoggerFactory.getLogger(StunReflector.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);
  private static final Duration CONFIRM = Duration.ofMillis(600);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofMinutes(1);

  /** How many ports it looks after at once. */
  private static final int MAX_PORTS = 16;

  private final List<HostPort> servers;
  private final NameLookup names;
  private final Duration timeout;
  private final @Nullable Duration keepAlive;

  /** Guards what follows, and the fields of each {@code Port}. */
  private final Object lock = new Object();

  private final Map<Integer, Port> ports = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /** What goes on for one local port. */
  private static final class Port {
    final int number;
    Consumer<Observation> sink;
    @Nullable StunSurvey running;
    @Nullable StunConnection kept;
    @Nullable Observation last;
    Duration retry = FIRST_RETRY;
    boolean retryScheduled;

    Port(int number, Consumer<Observation> sink) {
      this.number = number;
      this.sink = sink;
    }

    boolean isKept() {
      return kept != null && kept.isOpen();
    }
  }

  /**
   * @param servers at most {@value #MAX_SERVERS}; may be empty
   * @param keepAlive whether to keep mappings alive by asking again and again: for services
   */
  public StunReflector(List<HostPort> servers, NameLookup names, boolean keepAlive) {
    this(servers, names, TIMEOUT, keepAlive ? KEEP_ALIVE : null);
  }

  /**
   * @param keepAlive the interval, or null for never
   */
  StunReflector(
      List<HostPort> servers, NameLookup names, Duration timeout, @Nullable Duration keepAlive) {
    if (servers.size() > MAX_SERVERS) {
      throw new IllegalArgumentException(
          servers.size() + " STUN servers where at most " + MAX_SERVERS + " are of use");
    }
    this.servers = List.copyOf(servers);
    this.names = names;
    this.timeout = timeout;
    this.keepAlive = keepAlive;
  }

  @Override
  public CompletionStage<Survey> observe(int localPort, Consumer<Observation> sink) {
    if (localPort < 1 || localPort > 65535) {
      throw new IllegalArgumentException("port " + localPort + " is not between 1 and 65535");
    }
    Consumer<Observation> serial = new SerialSink(sink);
    Port port;
    synchronized (lock) {
      if (closed) {
        return CompletableFuture.completedStage(new Survey(0, servers.size()));
      }
      port = ports.computeIfAbsent(localPort, number -> new Port(number, serial));
      port.sink = serial;
    }
    return ask(port, serial);
  }

  @Override
  public CompletionStage<Optional<Observation>> sample() {
    return servers.isEmpty()
        ? CompletableFuture.completedStage(Optional.empty())
        : StunSample.ask(servers.getFirst(), names);
  }

  /** Asks on the connection that is kept open, and all servers if it says nothing. */
  @Override
  public CompletionStage<Void> confirm(int localPort) {
    Port port;
    StunConnection kept;
    synchronized (lock) {
      port = ports.get(localPort);
      if (closed || port == null) {
        return CompletableFuture.completedStage(null);
      }
      kept = port.kept;
    }
    CompletableFuture<Void> done = new CompletableFuture<>();
    inBackground(
        () -> {
          if (kept != null && stillAnswers(port, kept, CONFIRM)) {
            done.complete(null);
          } else {
            CompletionStage<?> unused =
                askAgain(port).whenComplete((survey, failure) -> done.complete(null));
          }
        });
    return done;
  }

  @Override
  public void close() {
    List<StunSurvey> running = new ArrayList<>();
    synchronized (lock) {
      closed = true;
      for (Port port : ports.values()) {
        if (port.kept != null) {
          port.kept.close();
        }
        if (port.running != null) {
          running.add(port.running);
        }
      }
      ports.clear();
    }
    // Without the lock, for this calls back.
    running.forEach(survey -> survey.finish(servers.size()));
  }

  /** Starts a survey of the port, or joins the one that runs. Never with the lock held. */
  private CompletionStage<Survey> ask(Port port, Consumer<Observation> sink) {
    StunSurvey survey;
    boolean isNew = false;
    synchronized (lock) {
      survey = port.running;
      if (survey == null) {
        isNew = true;
        survey =
            new StunSurvey(
                port.number,
                timeout,
                port.kept,
                (connection, observation) -> keep(port, connection, observation));
        port.running = survey;
      }
    }
    survey.join(sink);
    if (!isNew) {
      return survey.done().copy();
    }
    CompletionStage<Survey> done = survey.done().thenApply(result -> completed(port, result));
    survey.start(servers, names);
    return done;
  }

  private Survey completed(Port port, Survey result) {
    synchronized (lock) {
      port.running = null;
      if (port.isKept()) {
        return result;
      }
      if (keepAlive != null && !servers.isEmpty()) {
        retryLater(port); // also if nobody ever answered: our network may be up later than we
      } else {
        // Nobody answered over TCP: there is no mapping of this port to look after.
        ports.remove(port.number, port);
      }
    }
    return result;
  }

  private boolean keep(Port port, StunConnection connection, Observation observation) {
    synchronized (lock) {
      if (closed || (port.isKept() && !takesThePlaceOf(port.kept, connection))) {
        return false;
      }
      if (port.kept != null) {
        port.kept.close();
      }
      port.kept = connection;
      port.last = observation;
      port.retry = FIRST_RETRY;
      scheduleRefresh(port, connection);
      dropLeastRecent();
      return true;
    }
  }

  private static boolean takesThePlaceOf(@Nullable StunConnection old, StunConnection connection) {
    return old == null
        || (old.server().family() == AddressFamily.IPV6
            && connection.server().family() == AddressFamily.IPV4);
  }

  /** A port that has not been asked about for longest is probably not in use any more. */
  private void dropLeastRecent() {
    Iterator<Port> leastRecentFirst = ports.values().iterator();
    for (int surplus = ports.size() - MAX_PORTS; surplus > 0; surplus--) {
      Port port = leastRecentFirst.next();
      if (port.running == null) {
        leastRecentFirst.remove();
        if (port.kept != null) {
          port.kept.close();
        }
      }
    }
  }

  private void scheduleRefresh(Port port, StunConnection connection) {
    if (keepAlive != null) {
      Deadlines.runAfter(keepAlive, () -> inBackground(() -> refresh(port, connection)));
    }
  }

  private void retryLater(Port port) {
    if (!closed && !port.retryScheduled) {
      port.retryScheduled = true;
      Deadlines.runAfter(port.retry, () -> inBackground(() -> retry(port)));
      Duration doubled = port.retry.multipliedBy(2);
      port.retry = doubled.compareTo(LAST_RETRY) < 0 ? doubled : LAST_RETRY;
    }
  }

  private void retry(Port port) {
    synchronized (lock) {
      port.retryScheduled = false;
    }
    CompletionStage<?> unused = askAgain(port);
  }

  private static void inBackground(Runnable task) {
    Daemons.start("stun-keep-alive", task);
  }

  private void refresh(Port port, StunConnection connection) {
    if (!isCurrent(port, connection)) {
      return;
    }
    if (!stillAnswers(port, connection, timeout)) {
      CompletionStage<?> unused = askAgain(port);
      return;
    }
    synchronized (lock) {
      if (isCurrent(port, connection)) {
        scheduleRefresh(port, connection);
      }
    }
  }

  /** Asks on a kept connection, and tells what is new; a connection without an answer is closed. */
  private boolean stillAnswers(Port port, StunConnection connection, Duration patience) {
    long asked = System.nanoTime();
    Endpoint mapped;
    try {
      mapped = connection.ask(patience);
    } catch (IOException e) {
      LOG.debug("the kept connection of port {} broke: {}", port.number, e.getMessage());
      return false;
    }
    Observation now =
        new Observation(
            port.number,
            mapped,
            Transport.TCP,
            connection.server(),
            Observation.Source.STUN,
            Duration.ofNanos(System.nanoTime() - asked),
            Instant.now());
    Observation before;
    Consumer<Observation> sink;
    synchronized (lock) {
      if (!isCurrent(port, connection)) {
        return true; // another one has taken its place meanwhile
      }
      before = port.last;
      port.last = now;
      sink = port.sink;
    }
    if (before == null || !before.observed().equals(mapped)) {
      sink.accept(now);
    }
    return true;
  }

  private boolean isCurrent(Port port, StunConnection connection) {
    synchronized (lock) {
      return ports.containsValue(port) && port.kept == connection;
    }
  }

  /** Asks all servers, unless that is not needed any more. */
  private CompletionStage<?> askAgain(Port port) {
    Consumer<Observation> sink;
    synchronized (lock) {
      if (!ports.containsValue(port) || port.isKept()) {
        return CompletableFuture.completedStage(null);
      }
      sink = port.sink;
    }
    return ask(port, sink);
  }

  /** One call at a time, whatever it does. */
  private record SerialSink(Consumer<Observation> sink) implements Consumer<Observation> {
    @Override
    public synchronized void accept(Observation observation) {
      try {
        sink.accept(observation);
      } catch (RuntimeException e) {
        LOG.error("an observation was not handled", e);
      }
    }
  }
}
