package dev.sallyport.net;

import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.nat.FilterProbe;
import dev.sallyport.domain.nat.FilterProbe.Outcome;
import dev.sallyport.domain.nat.FilterProbe.Relation;
import dev.sallyport.domain.nat.NatInquiry.Ability;
import dev.sallyport.domain.nat.NatInquiry.Depth;
import dev.sallyport.domain.nat.Transport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets an observer try to get in over TCP, from its other port and from its other address: what RFC
 * 5780 section 4.4 does for UDP. Each filter port asks for one dial-back.
 *
 * <p>That a dial-back arrived we believe our own listener only. Its failure, and what the observer
 * heard, is its own word; but not if it claims to have waited longer than we did.
 */
final class DialBackTests {
  private static final Logger LOG = LoggerFactory.getLogger(DialBackTests.class);

  /** Three SYNs: Linux sends at 0, 1 and 3 s, or more often. */
  private static final Duration SILENCE = Duration.ofMillis(3400);

  /** Longer than a SYN is held (RFC 5382 REQ-4), even if the first one was lost. */
  private static final Duration LONGER_THAN_HELD = Duration.ofSeconds(8);

  /** When another SYN has been sent and could have been answered, at least. */
  private static final List<Duration> SYNS =
      List.of(Duration.ofMillis(1300), Duration.ofMillis(3300), Duration.ofMillis(7300));

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /**
   * How long after it has waited the observer's answer may take, by the time its first one took.
   */
  private static final int ANSWER_FACTOR = 3;

  private static final Duration ANSWER_AT_LEAST = Duration.ofMillis(400);
  private static final Duration ANSWER_AT_MOST = Duration.ofMillis(1500);

  /** How long a handshake may take that the other side believes to be complete. */
  private static final Duration LATE_ARRIVAL = Duration.ofSeconds(2);

  private final Examination examination;
  private final Pacer pacer;

  DialBackTests(Examination examination, Pacer pacer) {
    this.examination = examination;
    this.pacer = pacer;
  }

  CompletableFuture<Void> run(Endpoint server) {
    List<CompletableFuture<Void>> tests = new ArrayList<>();
    List<Integer> ports = examination.question().filterPorts();
    for (int i = 0; i < ports.size(); i++) {
      int port = ports.get(i);
      Vantage from = i % 2 == 0 ? Vantage.OTHER_PORT : Vantage.OTHER_ADDRESS;
      CompletableFuture<Void> judged = new CompletableFuture<>();
      tests.add(pacer.run("stun-dial-back", () -> test(port, server, from, judged)));
      tests.add(judged);
    }
    return Examination.all(tests);
  }

  private void test(int port, Endpoint server, Vantage from, CompletableFuture<Void> judged) {
    long asked = System.nanoTime();
    try {
      StunConnection connection = new StunConnection(port, server);
      examination.use(connection);
      connection.connect(examination.patience());
      long greeted = System.nanoTime();
      StunConnection.Answer answer = connection.ask(StunRequest.plain(), examination.patience());
      examination.observed(port, answer.mapped(), Transport.TCP, server, asked);
      long ordered = System.nanoTime();
      Duration margin = margin(Duration.ofNanos(ordered - greeted));
      Duration wait = patience(margin);
      DialBack dialBack =
          connection
              .ask(
                  StunRequest.dialBack(new DialBackOrder(from, wait)),
                  examination.atMost(wait.plus(margin)))
              .dialBack();
      if (dialBack != null && dialBack.from() == from) {
        examination.able(Ability.DIAL_BACK);
        Duration took = Duration.ofNanos(System.nanoTime() - ordered);
        CompletableFuture<Void> unused =
            judge(port, server, dialBack, took).thenRun(() -> judged.complete(null));
        return;
      }
    } catch (IOException | RuntimeException e) {
      examination.failed(Transport.TCP, String.valueOf(e.getMessage()));
    }
    judged.complete(null);
  }

  /** What the observer is asked to wait: so long that its answer is here in time. */
  private Duration patience(Duration margin) {
    Duration wished = examination.question().depth() == Depth.FULL ? SILENCE : LONGER_THAN_HELD;
    Duration granted = examination.atMost(wished.plus(margin)).minus(margin);
    return granted.compareTo(SHORTEST) < 0 ? SHORTEST : granted;
  }

  private static Duration margin(Duration roundTrip) {
    Duration margin = roundTrip.multipliedBy(ANSWER_FACTOR);
    return margin.compareTo(ANSWER_AT_LEAST) < 0
        ? ANSWER_AT_LEAST
        : margin.compareTo(ANSWER_AT_MOST) > 0 ? ANSWER_AT_MOST : margin;
  }

  private CompletableFuture<Void> judge(
      int port, Endpoint server, DialBack dialBack, Duration took) {
    Endpoint source = dialBack.source();
    if (source == null || dialBack.took().compareTo(took) > 0) {
      return Examination.nothing();
    }
    Relation relation =
        switch (dialBack.from()) {
          case OTHER_PORT -> Relation.SAME_ADDRESS_OTHER_PORT;
          case OTHER_ADDRESS -> Relation.OTHER_ADDRESS;
        };
    // An observer that is translated itself, one to one, does not know its own outer address.
    Endpoint prober =
        relation == Relation.SAME_ADDRESS_OTHER_PORT ? server.withPort(source.port()) : source;
    if (prober.sameAddress(server) != (relation == Relation.SAME_ADDRESS_OTHER_PORT)) {
      return Examination.nothing();
    }
    Outcome claimed =
        switch (dialBack.outcome()) {
          case ARRIVED -> Outcome.ARRIVED;
          case REFUSED -> Outcome.RESET;
          case UNREACHABLE -> Outcome.ICMP;
          case REJECTED -> Outcome.REFUSED;
          case SILENT -> Outcome.SILENCE;
          case LIMITED, NOT_POSSIBLE -> null;
        };
    if (claimed == null) {
      return Examination.nothing();
    }
    Duration patience =
        claimed == Outcome.ARRIVED ? examination.atMost(LATE_ARRIVAL) : Duration.ZERO;
    return examination
        .question()
        .arrivals()
        .arrives(port, prober::equals, patience)
        .thenAccept(
            here -> {
              if (here) {
                tell(port, prober, relation, Outcome.ARRIVED, dialBack.took());
              } else if (claimed == Outcome.ARRIVED) {
                LOG.debug("{} says that it got in, but nobody came", prober);
              } else {
                tell(port, prober, relation, claimed, dialBack.took());
              }
            })
        .toCompletableFuture();
  }

  private void tell(int port, Endpoint prober, Relation relation, Outcome outcome, Duration after) {
    int packets = 1 + (int) SYNS.stream().filter(at -> after.compareTo(at) >= 0).count();
    examination.tell(
        new FilterProbe(
            port, Transport.TCP, prober, relation, outcome, packets, after, Instant.now()));
  }
}
