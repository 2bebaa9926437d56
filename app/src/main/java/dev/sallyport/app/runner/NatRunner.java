package dev.sallyport.app.runner;

import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.Hairpin;
import dev.sallyport.domain.nat.NatDiagnosis;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.NatInquiry.Depth;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.Reflector;
import dev.sallyport.domain.nat.Remembered;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.punch.DialFailure;
import dev.sallyport.domain.punch.PunchTransport;
import dev.sallyport.domain.punch.PunchTransport.PortUnavailableException;
import dev.sallyport.domain.punch.RawConnection;
import dev.sallyport.domain.punch.SocketId;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out all about our NATs, once: asks every STUN server and the DHT side by side, from ports
 * of its own, and lets the observers that can try to get in. What is sure at the end is left to
 * those that come later; what is remembered does not count here, for this measures.
 *
 * <p>Threading: {@link #run} blocks its caller; {@link #cancel} from any thread. News is told one
 * at a time, on threads of the runner; it must not block for long.
 */
public final class NatRunner implements AutoCloseable {
  /** How many ports a caller punches from, and so how many are asked about by default. */
  public static final int PUNCH_PORTS = 3;

  /**
   * How to look.
   *
   * @param depth how much to ask
   * @param deadline until when {@link #run} has ended, or a second later
   * @param punchPorts how many TCP ports to ask about, 1 to 16
   */
  public record Settings(Depth depth, Duration deadline, int punchPorts) {
    public Settings {
      if (deadline.isNegative() || deadline.isZero()) {
        throw new IllegalArgumentException("a deadline of " + deadline.toMillis() + " ms");
      }
      if (punchPorts < 1 || punchPorts > 16) {
        throw new IllegalArgumentException(punchPorts + " punch ports");
      }
    }

    /** All that is known within 5 s of a program's start, which takes its time, too. */
    public static Settings full() {
      return new Settings(Depth.FULL, Duration.ofMillis(4600), PUNCH_PORTS);
    }

    /** All that can be known, within 15 s. */
    public static Settings thorough() {
      return new Settings(Depth.THOROUGH, Duration.ofSeconds(15), PUNCH_PORTS);
    }
  }

  /** What becomes known on the way. */
  public sealed interface News {
    /** Our own addresses, the best first; none without a network. Comes once, early. */
    record HostAddresses(List<InetAddress> addresses) implements News {
      public HostAddresses {
        addresses = List.copyOf(addresses);
      }
    }

    /** Somebody told something; what is known by now. */
    record Learnt(Evidence evidence, NatDiagnosis soFar) implements News {}

    /** A source is through. */
    record Answered(SourceReport source) implements News {}
  }

  /**
   * All that was found out.
   *
   * @param hostAddresses our own addresses, the best first; none without a network
   * @param localPorts the TCP ports that were asked about; none if no port could be had
   * @param sources how it went with each, STUN servers first, as the user named them
   * @param evidence all of it, in the order in which it came
   * @param hairpin null if it is not known: it is tested only at {@link Depth#THOROUGH}, where
   *     there is a NAT with an endpoint-independent mapping
   * @param took from the start of the run
   */
  public record Result(
      NatDiagnosis diagnosis,
      List<InetAddress> hostAddresses,
      List<Integer> localPorts,
      List<SourceReport> sources,
      List<Evidence> evidence,
      @Nullable Hairpin hairpin,
      Duration took) {
    public Result {
      hostAddresses = List.copyOf(hostAddresses);
      localPorts = List.copyOf(localPorts);
      sources = List.copyOf(sources);
      evidence = List.copyOf(evidence);
    }

    /** Whether this computer has no network at all. */
    public boolean isOffline() {
      return hostAddresses.isEmpty();
    }

    /** Whether nobody outside answered. */
    public boolean isUnanswered() {
      return sources.stream().noneMatch(SourceReport::hasAnswered);
    }
  }

  private static final Logger log = LoggerFactory.getLogger(NatRunner.class);

  /** With one of each kind both can be tried at once; and again, for an answer may be lost. */
  private static final int FILTER_PORTS = 2;

  private static final int FILTER_PORTS_THOROUGH = 4;

  /** So long the DHT may take at any rate, even if enough others have answered. */
  private static final Duration WITNESSES = Duration.ofSeconds(3);

  private final Ports ports;
  private final Settings settings;
  private final Consumer<News> news;
  private final long startNanos = System.nanoTime();
  private final ArrivalBook arrivals = new ArrivalBook();
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
  private final AtomicReference<@Nullable HairpinProbe> hairpin = new AtomicReference<>();
  private final Listener listener = new Listener();
  private final PunchTransport transport;

  /** Ready to look. Nothing is sent before {@link #run}. */
  public NatRunner(Ports ports, Settings settings, Consumer<News> news) {
    this.ports = ports;
    this.settings = settings;
    this.news = news;
    this.transport = ports.transports().open(listener);
  }

  /** Looks. Call it once. Never fails: what cannot be had is missing from the result. */
  public Result run() throws InterruptedException {
    List<InetAddress> addresses = ports.localAddresses().list();
    NatFindings findings = new NatFindings(addresses, news);
    List<Integer> punchPorts = listen(settings.punchPorts());
    Consumer<Evidence> sink =
        piece -> {
          findings.learnt(piece);
          tryHairpin(findings, punchPorts, addresses);
        };
    List<Asked> inquiries = new ArrayList<>();
    for (NatInquiry inquiry : ports.inquiries()) {
      inquiries.add(
          new Asked(inquiry.name(), Observation.Source.STUN, ask(inquiry, punchPorts, sink)));
    }
    List<Asked> witnesses = new ArrayList<>();
    if (!addresses.isEmpty() && !punchPorts.isEmpty()) {
      for (Reflector reflector : ports.hostReflectors()) {
        witnesses.add(
            new Asked(
                DhtWitness.NAME,
                Observation.Source.DHT,
                DhtWitness.ask(reflector, punchPorts.getFirst(), sink)));
      }
    }
    List<Asked> all = new ArrayList<>(inquiries);
    all.addAll(witnesses);
    for (Asked source : all) {
      var unused = source.report.thenAccept(findings::answered);
    }
    await(inquiries, remaining());
    boolean enough = inquiries.stream().filter(i -> i.soFar().hasAnswered()).count() > 1;
    await(witnesses, enough ? WITNESSES.minus(elapsed()) : remaining());
    HairpinProbe tested = hairpin.get();
    if (tested != null) {
      Patience.await(CompletableFuture.anyOf(tested.done(), cancelled), remaining());
    }
    findings.close();
    boolean whole = !cancelled.isDone();
    close();
    if (whole) {
      remember(addresses, findings.diagnosis());
    }
    return new Result(
        findings.diagnosis(),
        addresses,
        punchPorts,
        all.stream().map(Asked::soFar).toList(),
        findings.evidence(),
        tested == null ? null : tested.answer(),
        elapsed());
  }

  /** Ends it early; {@link #run} returns soon after with what is known. From any thread. */
  public void cancel() {
    cancelled.complete(null);
  }

  @Override
  public void close() {
    cancel();
    transport.close();
    listener.close();
  }

  private void remember(List<InetAddress> addresses, NatDiagnosis diagnosis) {
    Remembered learnt = Remembered.of(addresses, diagnosis, ports.clock().get());
    if (learnt != null) {
      ports.memory().remember(learnt);
    }
  }

  private List<Integer> listen(int count) {
    List<Integer> listening = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      try {
        listening.add(transport.listen(0, true));
      } catch (PortUnavailableException e) {
        log.debug("no port to listen on: {}", e.getMessage());
      }
    }
    return List.copyOf(listening);
  }

  private CompletableFuture<SourceReport> ask(
      NatInquiry inquiry, List<Integer> punchPorts, Consumer<Evidence> sink) {
    int filterPorts = settings.depth() == Depth.FULL ? FILTER_PORTS : FILTER_PORTS_THOROUGH;
    NatInquiry.Question question =
        new NatInquiry.Question(
            punchPorts, listen(filterPorts), settings.depth(), remaining(), arrivals);
    return inquiry.ask(question, sink).toCompletableFuture();
  }

  /** At most once, and while the mapping is in use. */
  private void tryHairpin(
      NatFindings findings, List<Integer> punchPorts, List<InetAddress> addresses) {
    if (settings.depth() != Depth.THOROUGH || hairpin.get() != null) {
      return;
    }
    HairpinProbe test = HairpinProbe.of(findings.diagnosis(), findings.evidence(), punchPorts);
    if (test != null && hairpin.compareAndSet(null, test)) {
      test.start(transport, arrivals, addresses);
    }
  }

  private void await(List<Asked> sources, Duration patience) throws InterruptedException {
    CompletableFuture<?>[] reports =
        sources.stream().map(Asked::report).toArray(CompletableFuture[]::new);
    Patience.await(CompletableFuture.anyOf(CompletableFuture.allOf(reports), cancelled), patience);
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private Duration remaining() {
    Duration left = settings.deadline().minus(elapsed());
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  /** A source, and what it will report. */
  private record Asked(
      String name, Observation.Source kind, CompletableFuture<SourceReport> report) {
    SourceReport soFar() {
      return report.isDone() && !report.isCompletedExceptionally()
          ? report.join()
          : SourceReport.notAsked(name, kind, "not through in time");
    }
  }

  /**
   * Whoever comes in is noted, and may stay until the end: closing resets, and a reset that comes
   * too soon looks like a refusal from outside.
   */
  private final class Listener implements PunchTransport.Sink {
    private static final int MAX_GUESTS = 128;

    private final Deque<RawConnection> guests = new ArrayDeque<>();
    private boolean closed;

    @Override
    public synchronized void accepted(int port, RawConnection connection) {
      arrivals.note(port, connection.remote());
      guests.addLast(connection);
      if (closed || guests.size() > MAX_GUESTS) {
        guests.removeFirst().close();
      }
    }

    synchronized void close() {
      closed = true;
      guests.forEach(RawConnection::close);
      guests.clear();
    }

    @Override
    public void connected(SocketId id, RawConnection connection) {
      connection.close();
      HairpinProbe test = hairpin.get();
      if (test != null) {
        test.connected();
      }
    }

    @Override
    public void failed(SocketId id, DialFailure failure) {
      HairpinProbe test = hairpin.get();
      if (test != null) {
        test.failed(failure);
      }
    }
  }
}
