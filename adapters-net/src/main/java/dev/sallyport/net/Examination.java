package dev.sallyport.net;

import dev.sallyport.domain.address.AddressFamily;
import dev.sallyport.domain.address.Endpoint;
import dev.sallyport.domain.address.HostPort;
import dev.sallyport.domain.nat.Evidence;
import dev.sallyport.domain.nat.NatInquiry.Ability;
import dev.sallyport.domain.nat.NatInquiry.Depth;
import dev.sallyport.domain.nat.NatInquiry.Question;
import dev.sallyport.domain.nat.Observation;
import dev.sallyport.domain.nat.SourceReport;
import dev.sallyport.domain.nat.SourceReport.Contact;
import dev.sallyport.domain.nat.Transport;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One inquiry at one server, from its name to its report. It ends when everything has been answered
 * or has run out of time. Thread-safe.
 */
final class Examination {
  private static final Logger LOG = LoggerFactory.getLogger(Examination.class);
  private static final Duration PATIENCE = Duration.ofMillis(2500);
  private static final Duration THOROUGH_PATIENCE = Duration.ofSeconds(5);
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final String name;
  private final Question question;
  private final Consumer<Evidence> sink;
  private final long startNanos = System.nanoTime();
  private final CompletableFuture<SourceReport> done = new CompletableFuture<>();
  private final Set<Closeable> sockets = ConcurrentHashMap.newKeySet();

  /** Guards what follows, and makes the calls to the sink one at a time. */
  private final Object lock = new Object();

  private final Set<Ability> abilities = EnumSet.noneOf(Ability.class);
  private final Map<Transport, Contact> contacts = new EnumMap<>(Transport.class);
  private @Nullable Endpoint endpoint;

  Examination(String name, Question question, Consumer<Evidence> sink) {
    this.name = name;
    this.question = question;
    this.sink = sink;
  }

  Question question() {
    return question;
  }

  /** Completes in time, never exceptionally. */
  CompletableFuture<SourceReport> done() {
    return done;
  }

  void start(HostPort server, NameLookup names, SharedDatagrams datagrams, Pacer pacer) {
    // Now, not when the name is known: others that have been asked with us may be through by then.
    UdpTests udp = new UdpTests(this, datagrams);
    CompletableFuture<Void> unused =
        names
            .resolve(server, patience())
            .thenCompose(answer -> examine(answer, udp, pacer))
            .orTimeout(question.deadline().toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete(
                (nothing, error) -> {
                  if (error != null) {
                    LOG.debug("{}: {}", name, error.toString());
                  }
                  finish();
                });
  }

  private CompletableFuture<Void> examine(NameLookup.Answer answer, UdpTests udp, Pacer pacer) {
    Endpoint server = usable(answer.endpoints());
    if (server == null) {
      String problem = answer.problem() == null ? "there is no route to it" : answer.problem();
      failed(Transport.TCP, problem);
      failed(Transport.UDP, problem);
      return nothing();
    }
    synchronized (lock) {
      endpoint = server;
    }
    return all(
        List.of(
            new TcpLooks(this, pacer).run(server),
            new DialBackTests(this, pacer).run(server),
            udp.run(server)));
  }

  /** IPv4 first: IPv6 is hardly ever translated. */
  static @Nullable Endpoint usable(List<Endpoint> endpoints) {
    return Arrays.stream(AddressFamily.values())
        .flatMap(family -> endpoints.stream().filter(e -> e.family() == family))
        .filter(e -> RouteProbe.sourceTowards(e.address()) != null)
        .findFirst()
        .orElse(null);
  }

  /** Ends it with what is known. */
  void finish() {
    synchronized (lock) {
      boolean answered = contacts.values().stream().anyMatch(Contact::hasAnswered);
      done.complete(
          new SourceReport(
              name,
              Observation.Source.STUN,
              endpoint,
              contacts.get(Transport.TCP),
              contacts.get(Transport.UDP),
              abilities,
              answered ? 1 : 0,
              1));
    }
    for (Closeable socket : new ArrayList<>(sockets)) {
      Quietly.close(socket);
    }
  }

  /** How long to wait for somebody who has not said anything yet. */
  Duration patience() {
    return atMost(question.depth() == Depth.FULL ? PATIENCE : THOROUGH_PATIENCE);
  }

  /** This, or what is left, which is more than nothing. */
  Duration atMost(Duration wished) {
    Duration left = question.deadline().minusNanos(System.nanoTime() - startNanos);
    Duration granted = left.compareTo(wished) < 0 ? left : wished;
    return granted.compareTo(MOMENT) < 0 ? MOMENT : granted;
  }

  /** Whatever is open when it ends is closed. */
  void use(Closeable socket) {
    sockets.add(socket);
    if (done.isDone()) {
      Quietly.close(socket);
    }
  }

  void observed(int port, Endpoint mapped, Transport transport, Endpoint server, long askedNanos) {
    Duration took = Duration.ofNanos(System.nanoTime() - askedNanos);
    tell(
        new Observation(
            port, mapped, transport, server, Observation.Source.STUN, took, Instant.now()));
    synchronized (lock) {
      Contact before = contacts.get(transport);
      if (before == null || !before.hasAnswered()) {
        contacts.put(transport, Contact.answered(took));
      }
    }
  }

  void failed(Transport transport, String problem) {
    LOG.debug("{}: {}", name, problem);
    synchronized (lock) {
      contacts.putIfAbsent(transport, Contact.failed(problem));
    }
  }

  void able(Ability ability) {
    synchronized (lock) {
      abilities.add(ability);
    }
  }

  void tell(Evidence evidence) {
    synchronized (lock) {
      if (done.isDone()) {
        return;
      }
      try {
        sink.accept(evidence);
      } catch (RuntimeException e) {
        LOG.error("a piece of evidence was not handled", e);
      }
    }
  }

  /** Where a server looks with its second port, if it says that it has one. */
  Optional<Endpoint> secondPort(Endpoint server, @Nullable Endpoint other) {
    if (other == null) {
      return Optional.empty();
    }
    if (!other.sameAddress(server)) {
      able(Ability.OTHER_ADDRESS);
    }
    if (other.port() == server.port()) {
      return Optional.empty();
    }
    able(Ability.OTHER_PORT);
    return Optional.of(server.withPort(other.port()));
  }

  static CompletableFuture<Void> nothing() {
    return CompletableFuture.completedFuture(null);
  }

  static CompletableFuture<Void> all(List<CompletableFuture<Void>> futures) {
    return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
  }
}
