package dev.sallyport.net;

import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.NatInquiry;
import dev.sallyport.domain.nat.QuietProbe;
import dev.sallyport.domain.nat.SourceReport;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * {@link NatInquiry} of one STUN server (RFC 8489).
 *
 * <ul>
 *   <li>Over TCP each mapping port asks at the server's endpoint and then at its second port (RFC
 *       5780 section 4.3), if it names one. All connections stay open until the end: some NATs
 *       forget a mapping with the connection.
 *   <li>Over UDP one socket, the same for all servers, asks at both; another one, which has sent to
 *       the first endpoint only, asks for answers from elsewhere (RFC 5780 section 4.4).
 *   <li>Each filter port asks for one {@link DialBack}, and listens for it.
 *   <li>How long a mapping lives {@link LifetimeTests} find out.
 * </ul>
 *
 * <p>The server's other address is not asked for its view. Whoever lies would have two voices then,
 * for nothing.
 *
 * <p>Threading: as the port says.
 */
public final class StunInquiry implements NatInquiry {
  /** Wider than a scheduler's hiccup, and nothing to a user. */
  private static final Duration PACE = Duration.ofMillis(4);

  private static final int MAX_QUIET_TIMES = 16;

  private final HostPort server;
  private final NameLookup names;
  private final SharedDatagrams datagrams;
  private final Pacer pacer;
  private final Set<Examination> running = ConcurrentHashMap.newKeySet();
  private final Set<LifetimeTests> lying = ConcurrentHashMap.newKeySet();

  private StunInquiry(HostPort server, NameLookup names, SharedDatagrams datagrams, Pacer pacer) {
    this.server = server;
    this.names = names;
    this.datagrams = datagrams;
    this.pacer = pacer;
  }

  /**
   * One for each server, in that order, which know of each other: what they are told is ordered.
   */
  public static List<NatInquiry> of(List<HostPort> servers, NameLookup names) {
    SharedDatagrams datagrams = new SharedDatagrams();
    Pacer pacer = new Pacer(PACE);
    return servers.stream()
        .<NatInquiry>map(server -> new StunInquiry(server, names, datagrams, pacer))
        .toList();
  }

  @Override
  public String name() {
    return server.toString();
  }

  @Override
  public CompletionStage<SourceReport> ask(Question question, Consumer<Evidence> sink) {
    Examination examination = new Examination(name(), question, sink);
    running.add(examination);
    CompletableFuture<SourceReport> done =
        examination.done().whenComplete((report, failure) -> running.remove(examination));
    examination.start(server, names, datagrams, pacer);
    return done;
  }

  @Override
  public CompletionStage<Void> testLifetime(List<Duration> quietTimes, Consumer<QuietProbe> sink) {
    Duration longest = quietTimes.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    if (quietTimes.size() > MAX_QUIET_TIMES) {
      throw new IllegalArgumentException(quietTimes.size() + " silences at once");
    }
    LifetimeTests tests = new LifetimeTests(server, quietTimes, sink);
    lying.add(tests);
    CompletableFuture<Void> done =
        tests.done().whenComplete((nothing, failure) -> lying.remove(tests));
    tests.start(names, longest.plus(LIFETIME_OVERHEAD));
    return done;
  }

  @Override
  public void close() {
    running.forEach(Examination::finish);
    lying.forEach(LifetimeTests::close);
  }
}
